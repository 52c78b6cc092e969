// chicane/scenario.h: everything a C++ author needs to declare a scenario. C++20, header-only, no dependency.
//
//   struct UnlockedCounter {
//     long total = 0;
//     void work(chicane::Worker& worker) { for (auto _ : worker) ++total; }
//     void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
//   };
//   CHICANE_SCENARIO("counter/unlocked", UnlockedCounter)
//       .says("workers add to one plain counter")
//       .must(chicane::data_race.at("UnlockedCounter::work").on("total", &UnlockedCounter::total),
//             chicane::wrong_result.at("total"));
//
// A state type S has
//   S(), S(const chicane::Setup&), S(Environment&) or S(Environment&, const chicane::Setup&)   built for every trial
//   void work(chicane::Worker&)            on every worker at once; or methods of any name, declared with .role(…)
//   void check(chicane::Check&)            optional (may be const): once, after the last worker, in every lane
//   using Environment = E;                 optional: built once a trial and never timed, E() or E(const
//   chicane::Setup&)
// Memory for both comes from the harness (a shared mapping where workers are processes). Exceptions that leave any of
// them become a finding, `uncaught_exception`.
#ifndef CHICANE_SCENARIO_H
#define CHICANE_SCENARIO_H

#include <chicane/latency.h>
#include <chicane/plugin.h>

#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#define CHICANE_HIDDEN __attribute__((visibility("hidden")))

namespace chicane {
// Versioned, so that a plugin never shares inline functions with code that was built against another header.
inline namespace v1 {

// Makes the compiler compute `value` and forget what it knows of it. Costs no instruction for what is in a register.
template <typename T>
inline void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}
// Compiler barrier: memory that others can reach is written before it and read again after it. No instruction.
inline void clobber() { asm volatile("" : : : "memory"); }

enum class Counter : std::uint32_t {
  sum = CHICANE_SUM,    // added up over workers
  mean = CHICANE_MEAN,  // arithmetic mean of what workers reported
  max = CHICANE_MAX,    // largest
  rate = CHICANE_RATE,  // added up, then divided by the seconds of the timed region
};

// What the trial is; for constructors. A view: don't keep it.
class Setup {
 public:
  explicit Setup(const chicane_setup* setup) : setup_(setup) {}
  std::uint32_t workers() const { return setup_->workers; }
  std::uint64_t turns() const { return setup_->turns; }  // of each worker, on this state
  std::uint64_t seed() const { return setup_->seed; }
  bool workers_are_processes() const { return setup_->worker_kind == CHICANE_PROCESSES; }
  std::string_view lane() const { return setup_->lane; }
  // Value of the n-th declared axis.
  std::int64_t arg(std::size_t axis = 0) const { return setup_->args[axis]; }

 private:
  const chicane_setup* setup_;
};

// One worker. `for (auto _ : worker)` is the loop: its first step waits for the peers and starts the clock, each turn
// is a compiler barrier, its end stops the clock. Used by one thread, except count() and fail(), which any may call.
class Worker {
 public:
  explicit Worker(chicane_worker* worker)
      : worker_(worker),
        latency_(worker->struct_size >= offsetof(chicane_worker, latency) + sizeof(worker->latency) ? worker->latency
                                                                                                    : nullptr) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  std::uint32_t index() const { return worker_->index; }  // 0 … workers()-1
  std::uint32_t workers() const { return worker_->workers; }
  std::uint32_t index_in_role() const { return worker_->index_in_role; }
  std::uint32_t workers_in_role() const { return worker_->workers_in_role; }
  std::uint64_t turns() const { return worker_->turns; }  // how often the loop will run
  std::uint64_t seed() const { return worker_->seed; }    // differs between workers and trials
  std::string_view lane() const { return worker_->lane; }
  std::int64_t arg(std::size_t axis = 0) const { return worker_->args[axis]; }

  // A counter of the author's own; values of one name must agree in `how`.
  void count(const char* name, double value, Counter how = Counter::sum) {
    worker_->count(worker_, name, value, static_cast<std::uint32_t>(how));
  }
  // Reports a wrong result seen by the worker itself.
  void fail(const std::string& name, const std::string& message) {
    worker_->fail(worker_, "wrong_result", name.c_str(), message.c_str());
  }

  // Latency of single operations, where the scenario declares .latency("from … to …"); in the bench lane only,
  // elsewhere these do nothing and take no time. By the worker's own thread: others leave a time stamp for it.
  //   const auto start = worker.now();
  //   …
  //   worker.lap(start);
  bool records_latency() const { return latency_ != nullptr; }
  std::int64_t now() const {  // ns of one clock for all workers, also where they are processes; 0: not recorded
    if (latency_ == nullptr) return 0;
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
  void lap(std::int64_t start) {
    if (latency_ != nullptr) record_ns(now() - start);
  }
  void record_ns(std::int64_t ns) {
    if (latency_ != nullptr) record_latency(*latency_, ns < 0 ? 0 : static_cast<std::uint64_t>(ns));
  }

  struct [[maybe_unused]] Turn {};
  struct Sentinel {};
  class Turns {
   public:
    explicit Turns(Worker* worker) : later_(worker->worker_->turns), worker_(worker) { next_part(); }
    Turns(const Turns&) = delete;
    Turns& operator=(const Turns&) = delete;
    ~Turns() {  // also when the loop is left by break, return or an exception
      auto left = left_;
      asm volatile("" : "+r"(left));  // else compilers keep left_ + 1 in a second register, with a move in each turn
      worker_->worker_->turns_done = worker_->worker_->turns - later_ - (left + 1);
    }
    Turn operator*() const { return {}; }
    void operator++() { clobber(); }
    bool operator!=(Sentinel) {
      if (__builtin_expect(static_cast<std::int64_t>(--left_) >= 0, 1)) return true;
      if (later_ != 0) {
        worker_->worker_->tell_progress(worker_->worker_);
        next_part();
        --left_;
        return true;
      }
      worker_->worker_->end(worker_->worker_);
      return false;
    }

   private:
    void next_part() {
      const auto part = worker_->tell_every();
      left_ = part == 0 || later_ < part ? later_ : part;
      later_ -= left_;
    }

    std::uint64_t left_ = 0;  // in this part, after the present turn: counted down in a register, at the end to -1
    std::uint64_t later_;     // after it
    Worker* worker_;
  };
  Turns begin() {
    worker_->begin(worker_);
    clobber();
    return Turns(this);
  }
  Sentinel end() const { return {}; }

 private:
  std::uint64_t tell_every() const {
    constexpr auto known = offsetof(chicane_worker, tell_progress) + sizeof(worker_->tell_progress);
    return worker_->struct_size >= known ? worker_->tell_every : 0;
  }

  chicane_worker* worker_;
  chicane_latency* latency_;
};

// The scenario's judge of its own result. Every failed check is a finding, `wrong_result`, with the values in words.
class Check {
 public:
  explicit Check(chicane_check* check) : check_(check) {}
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  std::uint32_t workers() const { return check_->workers; }
  std::uint64_t operations() const { return check_->operations; }  // turns done, over all workers
  std::uint64_t operations(std::size_t role) const { return check_->role_operations[role]; }
  std::string_view lane() const { return check_->lane; }
  std::int64_t arg(std::size_t axis = 0) const { return check_->args[axis]; }

  template <typename Actual, typename Wanted>
  void equal(const char* name, const Actual& actual, const Wanted& wanted) {
    bool same;
    if constexpr (std::integral<Actual> && std::integral<Wanted>)
      same = !std::is_neq(compare(actual, wanted));
    else
      same = actual == wanted;
    if (!same) fail(name, text(name, " is ", actual, ", expected ", wanted));
  }
  template <typename Actual, typename Limit>
  void at_most(const char* name, const Actual& actual, const Limit& limit) {
    bool within;
    if constexpr (std::integral<Actual> && std::integral<Limit>)
      within = std::is_lteq(compare(actual, limit));
    else
      within = actual <= limit;
    if (!within) fail(name, text(name, " is ", actual, ", at most ", limit, " allowed"));
  }
  void that(const char* name, bool holds) {
    if (!holds) fail(name, text(name, " does not hold"));
  }
  void fail(const char* name, const std::string& message) { fail_as("wrong_result", name, message); }
  // For other kinds that a check can show: "torn_output", "forbidden_outcome", "leak", …
  void fail_as(const char* kind, const char* name, const std::string& message) {
    check_->fail(check_, kind, name, message.c_str());
  }
  void count(const char* name, double value, Counter how = Counter::sum) {
    check_->count(check_, name, value, static_cast<std::uint32_t>(how));
  }

 private:
  // Integers of any signedness, compared by value.
  template <std::integral A, std::integral B>
  static std::strong_ordering compare(A a, B b) {
    const bool a_negative = std::is_signed_v<A> && a < A{};
    const bool b_negative = std::is_signed_v<B> && b < B{};
    if (a_negative != b_negative) return a_negative ? std::strong_ordering::less : std::strong_ordering::greater;
    if (a_negative) return static_cast<std::intmax_t>(a) <=> static_cast<std::intmax_t>(b);
    return static_cast<std::uintmax_t>(a) <=> static_cast<std::uintmax_t>(b);
  }
  template <typename... Parts>
  static std::string text(const Parts&... parts) {
    std::ostringstream out;
    (out << ... << parts);
    return out.str();
  }
  chicane_check* check_;
};

// A kind of finding, refined: where, on which member of the state, from how many workers on, in which lanes.
// Each call returns a new value. Places are written as in the source: "Queue::pop", "global_total".
class Expected {
 public:
  constexpr explicit Expected(const char* kind) : kind_(kind) {}
  Expected at(const char* place) const {
    Expected copy = *this;
    copy.at_ = place;
    return copy;
  }
  // Only memory of this member of the state. With it, a second race in the same function is not excused.
  template <typename State, typename Member>
  Expected on(const char* name, Member State::* member) const {
    union Storage {
      char none;
      State state;
      Storage() : none() {}
      ~Storage() {}
    };
    Storage storage;
    const auto* base = reinterpret_cast<const volatile char*>(std::addressof(storage));
    const auto* field = reinterpret_cast<const volatile char*>(std::addressof(storage.state.*member));
    Expected copy = *this;
    copy.field_ = name;
    copy.offset_ = static_cast<std::size_t>(field - base);
    copy.size_ = sizeof(Member);
    return copy;
  }
  Expected from_workers(std::uint32_t workers) const {
    Expected copy = *this;
    copy.min_workers_ = workers;
    return copy;
  }
  // These lanes must see it, whatever lanes usually do: for findings that the scenario makes certain. "bench,tsan".
  Expected in(const char* lanes) const {
    Expected copy = *this;
    copy.lanes_ = lanes;
    return copy;
  }
  chicane_expected table(const char* reason) const {
    return {sizeof(chicane_expected), kind_, at_, field_, offset_, size_, min_workers_, lanes_, reason};
  }

 private:
  const char* kind_;
  const char* at_ = nullptr;
  const char* field_ = nullptr;
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
  std::uint32_t min_workers_ = 0;
  const char* lanes_ = nullptr;
};

inline constexpr Expected data_race{"data_race"};
inline constexpr Expected wrong_result{"wrong_result"};
inline constexpr Expected forbidden_outcome{"forbidden_outcome"};
inline constexpr Expected torn_output{"torn_output"};
inline constexpr Expected deadlock{"deadlock"};
inline constexpr Expected lock_order_inversion{"lock_order_inversion"};
inline constexpr Expected lost_wakeup{"lost_wakeup"};
inline constexpr Expected livelock{"livelock"};
inline constexpr Expected hang{"hang"};
inline constexpr Expected crash{"crash"};
inline constexpr Expected uncaught_exception{"uncaught_exception"};
inline constexpr Expected early_exit{"early_exit"};
inline constexpr Expected memory_error{"memory_error"};
inline constexpr Expected undefined_behaviour{"undefined_behaviour"};
inline constexpr Expected leak{"leak"};
inline constexpr Expected thread_leak{"thread_leak"};
inline constexpr Expected mutex_misuse{"mutex_misuse"};
inline constexpr Expected limit_exceeded{"limit_exceeded"};

// Kinds of worker a body allows; .workers_are(chicane::threads | chicane::processes).
inline constexpr std::uint32_t threads = CHICANE_THREADS;
inline constexpr std::uint32_t processes = CHICANE_PROCESSES;

// A scenario as declared; lives as long as the plugin. Built before main by CHICANE_SCENARIO, never changed after.
// Strings given to it must be literals (or live as long).
class Declaration {
 public:
  Declaration(const Declaration&) = delete;
  Declaration& operator=(const Declaration&) = delete;

  const chicane_scenario* table() {
    table_.roles = roles_.data(), table_.role_count = roles_.size();
    table_.also_workers = also_.data(), table_.also_worker_count = also_.size();
    table_.axes = axes_.data(), table_.axis_count = axes_.size();
    table_.must = must_.data(), table_.must_count = must_.size();
    table_.may = may_.data(), table_.may_count = may_.size();
    table_.not_judged = not_judged_.data(), table_.not_judged_count = not_judged_.size();
    table_.tags = tags_.data(), table_.tag_count = tags_.size();
    return &table_;
  }

 protected:
  Declaration() = default;
  ~Declaration() = default;

  // A growing list of tables, handed over as an array of pointers.
  template <typename Table>
  class List {
   public:
    void add(const Table& table) {
      owned_.push_back(std::make_unique<Table>(table));
      pointers_.push_back(owned_.back().get());
    }
    const Table* const* data() const { return pointers_.data(); }
    std::size_t size() const { return pointers_.size(); }

   private:
    std::vector<std::unique_ptr<Table>> owned_;
    std::vector<const Table*> pointers_;
  };

  chicane_scenario table_{};
  List<chicane_role> roles_;
  bool default_role_ = true;  // until the author declares one
  List<chicane_expected> must_, may_;
  List<chicane_not_judged> not_judged_;
  List<chicane_axis> axes_;
  std::vector<std::unique_ptr<std::vector<std::int64_t>>> axis_values_;
  std::vector<std::uint32_t> also_;
  std::vector<const char*> tags_;
};

namespace internal {

// Reports the exception in flight through a table's fail callback. Call inside a catch block only.
template <typename Context>
void report_exception(Context* context, const char* where) {
  try {
    throw;
  } catch (const std::exception& error) {
    context->fail(context, "uncaught_exception", where, error.what());
  } catch (...) {
    context->fail(context, "uncaught_exception", where, "an exception that is no std::exception");
  }
}

struct NoEnvironment {};
template <typename State>
struct EnvironmentOf {
  using type = NoEnvironment;
};
template <typename State>
  requires requires { typename State::Environment; }
struct EnvironmentOf<State> {
  using type = typename State::Environment;
};

template <typename State>
concept HasWork = requires(State& state, Worker& worker) { state.work(worker); };
template <typename State>
concept HasCheck = requires(State& state, Check& check) { state.check(check); };

template <typename State>
struct Bridge {
  using Environment = typename EnvironmentOf<State>::type;
  static constexpr bool has_environment = !std::is_same_v<Environment, NoEnvironment>;

  static int construct_environment(void* memory, const chicane_setup* raw) {
    try {
      const Setup setup(raw);
      if constexpr (std::is_constructible_v<Environment, const Setup&>)
        ::new (memory) Environment(setup);
      else
        ::new (memory) Environment();
      return 0;
    } catch (...) {
      report_exception(raw, "constructing the environment");
      return 1;
    }
  }
  static void destroy_environment(void* memory) { static_cast<Environment*>(memory)->~Environment(); }

  static int construct(void* memory, [[maybe_unused]] void* environment, const chicane_setup* raw) {
    try {
      const Setup setup(raw);
      [[maybe_unused]] auto* built = static_cast<Environment*>(environment);
      if constexpr (std::is_constructible_v<State, Environment&, const Setup&>)
        ::new (memory) State(*built, setup);
      else if constexpr (has_environment && std::is_constructible_v<State, Environment&>)
        ::new (memory) State(*built);
      else if constexpr (std::is_constructible_v<State, const Setup&>)
        ::new (memory) State(setup);
      else
        ::new (memory) State();
      return 0;
    } catch (...) {
      report_exception(raw, "constructing the state");
      return 1;
    }
  }
  static void destroy(void* memory) { static_cast<State*>(memory)->~State(); }

  static int check(void* memory, void*, chicane_check* raw) {
    if constexpr (HasCheck<State>) {
      try {
        Check check(raw);
        static_cast<State*>(memory)->check(check);
        return 0;
      } catch (...) {
        report_exception(raw, "check");
        return 1;
      }
    }
    return 0;
  }

  template <auto Method>
  static int work(void* memory, void*, chicane_worker* raw) {
    auto* state = static_cast<State*>(memory);
    keep(state);  // its address escapes: every turn's barrier holds for the state
    try {
      Worker worker(raw);
      (state->*Method)(worker);
      return 0;
    } catch (...) {
      report_exception(raw, "worker");
      return 1;
    }
  }
};

// What every scenario declares, whatever it is made of. Self: the class that derives from it, which its calls return.
template <typename Self, typename State>
class CommonDeclaration : public Declaration {
 public:
  Self& says(const char* one_line) { return table_.says = one_line, self(); }
  // Findings it must show, and every run without them is `missed`.
  template <std::same_as<Expected>... Kinds>
  Self& must(const Kinds&... kinds) {
    (must_.add(kinds.table(nullptr)), ...);
    return self();
  }
  // A finding it may show; the reason is printed in the report.
  Self& may(const Expected& kind, const char* reason) { return may_.add(kind.table(reason)), self(); }
  Self& not_judged_in(const char* lane, const char* reason) {
    return not_judged_.add({sizeof(chicane_not_judged), lane, reason}), self();
  }
  // One trial of it that takes longer is stuck. For scenarios that are known to spin for ever, so that nobody waits for
  // the harness's own limit (30 s), and for slow ones that need more than that.
  Self& time_limit_ms(std::uint64_t n) { return table_.time_limit_ns = n * 1'000'000, self(); }
  Self& tag(const char* name) { return tags_.push_back(name), self(); }

 protected:
  CommonDeclaration(const char* id, const char* file, std::uint32_t line) {
    table_.struct_size = sizeof(chicane_scenario);
    table_.id = id;
    table_.says = "";
    table_.source_file = file;
    table_.source_line = line;
    table_.state_size = sizeof(State);
    table_.state_align = alignof(State);
    table_.worker_kinds = CHICANE_THREADS;
    table_.multiple_of = 1;
  }
  ~CommonDeclaration() = default;

 private:
  Self& self() { return static_cast<Self&>(*this); }
};

template <typename State>
class DeclarationOf final : public CommonDeclaration<DeclarationOf<State>, State> {
 public:
  DeclarationOf(const char* id, const char* file, std::uint32_t line)
      : CommonDeclaration<DeclarationOf<State>, State>(id, file, line) {
    using B = Bridge<State>;
    if constexpr (B::has_environment) {
      this->table_.environment_size = sizeof(typename B::Environment);
      this->table_.environment_align = alignof(typename B::Environment);
      this->table_.construct_environment = &B::construct_environment;
      this->table_.destroy_environment = &B::destroy_environment;
    }
    this->table_.construct = &B::construct;
    this->table_.destroy = &B::destroy;
    if constexpr (HasCheck<State>) this->table_.check = &B::check;
    this->table_.min_workers = 1;
    if constexpr (HasWork<State>) this->roles_.add({sizeof(chicane_role), "work", 0, &B::template work<&State::work>});
  }

  DeclarationOf& workers_are(std::uint32_t kinds) { return this->table_.worker_kinds = kinds, *this; }
  DeclarationOf& min_workers(std::uint32_t n) { return this->table_.min_workers = n, *this; }
  DeclarationOf& exactly_workers(std::uint32_t n) { return this->table_.exactly = n, *this; }
  DeclarationOf& workers_multiple_of(std::uint32_t n) { return this->table_.multiple_of = n, *this; }
  DeclarationOf& also_workers(std::initializer_list<std::uint32_t> counts) { return this->also_ = counts, *this; }
  DeclarationOf& axis(const char* name, std::initializer_list<std::int64_t> values) {
    this->axis_values_.push_back(std::make_unique<std::vector<std::int64_t>>(values));
    this->axes_.add({sizeof(chicane_axis), name, this->axis_values_.back()->data(), this->axis_values_.back()->size()});
    return *this;
  }
  DeclarationOf& items_per_operation(std::uint64_t n) { return this->table_.items_per_operation = n, *this; }
  // What one turn does ("one factorial"): within a family, only scenarios that do the same are ranked together.
  DeclarationOf& operation(const char* words) { return this->table_.operation = words, *this; }
  DeclarationOf& bytes_per_operation(std::uint64_t n) { return this->table_.bytes_per_operation = n, *this; }
  // What workers record as one latency: "from push to pop".
  DeclarationOf& latency(const char* words) { return this->table_.latency = words, *this; }
  // Its lock, pool or queue is written by hand, and this is why it may be slower than one of a library: reports hold it
  // against the fastest scenario with .tag("library") that is ranked beside it.
  DeclarationOf& by_hand(const char* why_slower) { return this->table_.by_hand = why_slower, *this; }
  // Its throughput is meant to grow with the workers, or with an axis (threads of a pool, say), whose own values then
  // are those of a quick run only: a whole run goes up to four times the cores, and fits a law of scalability to it.
  DeclarationOf& scales(const char* with = "workers") { return this->table_.scales_with = with, *this; }

  // Roles replace work(): .role<&Queue::produce>("produce").role<&Queue::consume>("consume", 1). With `exactly`, that
  // many workers have the role; the other roles share the rest evenly.
  template <auto Method>
  DeclarationOf& role(const char* name, std::uint32_t exactly = 0) {
    if (this->default_role_) this->roles_ = {}, this->default_role_ = false;
    this->roles_.add({sizeof(chicane_role), name, exactly, &Bridge<State>::template work<Method>});
    return *this;
  }
};

// All of this plugin: hidden, so that plugins in one process never see each other's.
CHICANE_HIDDEN inline std::vector<Declaration*>& declarations() {
  static std::vector<Declaration*> all;
  return all;
}

template <typename Own>
CHICANE_HIDDEN Own& declare(const char* id, const char* file, std::uint32_t line) {
  auto* declaration = new Own(id, file, line);  // never freed: plugins are never unloaded
  declarations().push_back(declaration);
  return *declaration;
}

CHICANE_HIDDEN inline const chicane_plugin* plugin() {
  static chicane_plugin table{};
  static std::vector<const chicane_scenario*> scenarios;
  if (scenarios.empty())
    for (Declaration* declaration : declarations()) scenarios.push_back(declaration->table());
  table = {sizeof(chicane_plugin), CHICANE_ABI_VERSION, CHICANE_BUILD_KIND, __VERSION__,
           scenarios.data(),       scenarios.size()};
  return &table;
}

}  // namespace internal
}  // namespace v1
}  // namespace chicane

CHICANE_PLUGIN_NOTE;
extern "C" __attribute__((weak, visibility("default"))) const chicane_plugin* chicane_plugin_entry() {
  return chicane::internal::plugin();
}

#if defined(CHICANE_BUILD_EXPLORE)
// A read and a write, by which the runner sees whether both are told to it. -tsan-instrument-read-before-write=1.
extern "C" __attribute__((weak, noinline, visibility("default"))) void chicane_explore_probe(long* value) { ++*value; }
#endif

#define CHICANE_CONCAT_(a, b) a##b
#define CHICANE_CONCAT(a, b) CHICANE_CONCAT_(a, b)
// At namespace scope, after the state's type; ends with a semicolon after the last declaration:
//   CHICANE_SCENARIO("family/name", State).says("…").must(…);
#define CHICANE_SCENARIO(id, ...)                                                                        \
  [[maybe_unused]] static const ::chicane::Declaration& CHICANE_CONCAT(chicane_scenario_, __COUNTER__) = \
      ::chicane::internal::declare<::chicane::internal::DeclarationOf<__VA_ARGS__>>(id, __FILE__, __LINE__)

#endif
