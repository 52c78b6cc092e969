// chicane/litmus.h: scenarios of named actors that each run once on a fresh state, millions of times. C++20,
// header-only.
//
//   struct StoreBuffering {
//     std::atomic<int> x{0}, y{0};
//     int r1 = 0, r2 = 0;
//     void left() { x.store(1, std::memory_order_relaxed), r1 = y.load(std::memory_order_relaxed); }
//     void right() { y.store(1, std::memory_order_relaxed), r2 = x.load(std::memory_order_relaxed); }
//     std::array<int, 2> outcome() const { return {r1, r2}; }
//   };
//   CHICANE_LITMUS("litmus/store-buffering-relaxed", StoreBuffering)
//       .says("two actors store, then load what the other stores")
//       .actor<&StoreBuffering::left>("left")
//       .actor<&StoreBuffering::right>("right")
//       .outcome("0,1", chicane::acceptable, "left came first")
//       .outcome("0,0", chicane::interesting, "both loads overtook the stores");
//
// A state type S has
//   S()                                    noexcept: built for every turn
//   void left() …                          one method an actor; actors run on one state at once, each exactly once
//   void arbiter()                         optional: after all actors, on one thread, which sees all they did
//   std::array<int, N> outcome() const     what the turn came to; its text is "0,1"
// An outcome that is not declared is a finding, forbidden_outcome, as one that is declared forbidden. One that is
// declared need not be seen. The stress and explore lanes judge litmus scenarios.
#ifndef CHICANE_LITMUS_H
#define CHICANE_LITMUS_H

#include <chicane/scenario.h>

#include <array>

namespace chicane {
inline namespace v1 {

enum class OutcomeGrade : std::uint32_t {
  acceptable = CHICANE_ACCEPTABLE,    // an interleaving of the actors shows it
  interesting = CHICANE_INTERESTING,  // the memory model allows it, though no interleaving shows it
  forbidden = CHICANE_FORBIDDEN,
};
inline constexpr OutcomeGrade acceptable = OutcomeGrade::acceptable;
inline constexpr OutcomeGrade interesting = OutcomeGrade::interesting;
inline constexpr OutcomeGrade forbidden = OutcomeGrade::forbidden;

namespace internal {

template <typename State>
concept HasArbiter = requires(State& state) { state.arbiter(); };

// How often each outcome was seen in one stride. They are few, and mostly the one that came before.
template <typename Outcome>
class OutcomeTally {
 public:
  void add(const Outcome& outcome) {
    if (last_ < seen_.size() && seen_[last_].first == outcome) {
      ++seen_[last_].second;
      return;
    }
    for (last_ = 0; last_ < seen_.size(); ++last_)
      if (seen_[last_].first == outcome) {
        ++seen_[last_].second;
        return;
      }
    seen_.emplace_back(outcome, 1);
  }
  void tell(chicane_stride* stride) const {
    for (const auto& [outcome, count] : seen_) {
      std::string text;
      for (const int value : outcome) (text += text.empty() ? "" : ",") += std::to_string(value);
      stride->add(stride, text.c_str(), count);
    }
  }

 private:
  std::vector<std::pair<Outcome, std::uint64_t>> seen_;
  std::size_t last_ = 0;
};

template <typename State>
struct LitmusBridge {
  static_assert(std::is_nothrow_default_constructible_v<State>, "a litmus state is built noexcept, without arguments");
  static_assert(std::is_nothrow_destructible_v<State>, "a litmus state is destroyed noexcept");

  static State& at(void* states, std::size_t step, std::size_t index) {
    return *static_cast<State*>(static_cast<void*>(static_cast<char*>(states) + step * index));
  }

  template <auto Method>
  static int run(void* states, std::size_t step, std::size_t count, chicane_stride* stride) {
    try {
      for (std::size_t i = 0; i < count; ++i) {
        (at(states, step, i).*Method)();
        clobber();  // turns stay apart, as written
      }
      return 0;
    } catch (...) {
      report_exception(stride, "actor");
      return 1;
    }
  }
  static int construct(void* states, std::size_t step, std::size_t count, chicane_stride*) {
    for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(&at(states, step, i))) State();
    return 0;
  }
  static int collect(void* states, std::size_t step, std::size_t count, chicane_stride* stride) {
    try {
      OutcomeTally<std::remove_cvref_t<decltype(at(states, step, 0).outcome())>> tally;
      for (std::size_t i = 0; i < count; ++i) {
        State& state = at(states, step, i);
        if constexpr (HasArbiter<State>) state.arbiter();
        tally.add(state.outcome());
        state.~State();
        ::new (static_cast<void*>(&state)) State();
      }
      tally.tell(stride);
      return 0;
    } catch (...) {
      report_exception(stride, "arbiter or outcome");
      return 1;
    }
  }
  static void destroy(void* states, std::size_t step, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) at(states, step, i).~State();
  }
};

template <typename State>
class LitmusDeclaration final : public CommonDeclaration<LitmusDeclaration<State>, State> {
 public:
  LitmusDeclaration(const char* id, const char* file, std::uint32_t line)
      : CommonDeclaration<LitmusDeclaration<State>, State>(id, file, line) {
    using B = LitmusBridge<State>;
    this->table_.litmus = &litmus_;
    litmus_.struct_size = sizeof(chicane_litmus);
    litmus_.construct = &B::construct;
    litmus_.collect = &B::collect;
    litmus_.destroy = &B::destroy;
  }
  template <auto Method>
  LitmusDeclaration& actor(const char* name) {
    actors_.add({sizeof(chicane_actor), name, &LitmusBridge<State>::template run<Method>});
    litmus_.actors = actors_.data(), litmus_.actor_count = actors_.size();
    this->table_.min_workers = this->table_.exactly = static_cast<std::uint32_t>(actors_.size());
    return *this;
  }
  // `text` as outcome() comes to it: "0,1".
  LitmusDeclaration& outcome(const char* text, OutcomeGrade grade, const char* reason) {
    outcomes_.add({sizeof(chicane_outcome), static_cast<std::uint32_t>(grade), text, reason});
    litmus_.outcomes = outcomes_.data(), litmus_.outcome_count = outcomes_.size();
    return *this;
  }
  LitmusDeclaration& outcomes(std::initializer_list<const char*> texts, OutcomeGrade grade, const char* reason) {
    for (const char* text : texts) outcome(text, grade, reason);
    return *this;
  }

 private:
  chicane_litmus litmus_{};
  Declaration::List<chicane_actor> actors_;
  Declaration::List<chicane_outcome> outcomes_;
};

}  // namespace internal
}  // namespace v1
}  // namespace chicane

// At namespace scope, after the state's type; ends with a semicolon after the last declaration.
#define CHICANE_LITMUS(id, ...)                                                                          \
  [[maybe_unused]] static const ::chicane::Declaration& CHICANE_CONCAT(chicane_scenario_, __COUNTER__) = \
      ::chicane::internal::declare<::chicane::internal::LitmusDeclaration<__VA_ARGS__>>(id, __FILE__, __LINE__)

#endif
