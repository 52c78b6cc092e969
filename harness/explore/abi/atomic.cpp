// The entry points of -fsanitize=thread for atomics. Each is a visible operation; exactly one thread runs, so that
// between its point and its end nobody comes between.
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "harness/explore/abi/export.h"
#include "harness/explore/engine.h"

namespace chicane::explore {
namespace {

// The compiler's memory_order as a number, without the bits that it may put on top.
MemoryOrder order_of(int order) {
  const int known = order & 0x7fff;
  return known <= 5 ? static_cast<MemoryOrder>(known) : MemoryOrder::seq_cst;
}

template <typename T>
std::uint64_t bits_of(T value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value < sizeof bits ? sizeof value : sizeof bits);
  return bits;
}
// 16-byte values have no history: they are compared by hash of both halves only to notice changes.
template <typename T>
std::uint64_t known_by(T value) {
  if constexpr (sizeof(T) <= 8) {
    return bits_of(value);
  } else {
    return static_cast<std::uint64_t>(value) ^ (static_cast<std::uint64_t>(value >> 64) * 0x9e3779b97f4a7c15ULL);
  }
}

template <typename T>
class AtomicStep {
 public:
  AtomicStep(Thread& thread, const volatile T* at, OperationKind kind, MemoryOrder order, std::uintptr_t pc)
      : inside_(thread), self_(engine()), thread_(thread), address_(reinterpret_cast<std::uintptr_t>(at)), pc_(pc) {
    self_.point(thread, {.kind = kind, .order = order, .size_bytes = sizeof(T), .address = address_, .pc = pc});
    if (self_.options.races && !(solo && !self_.races.is_freed(address_)))
      self_.races.atomic(thread, address_, sizeof(T), changes(kind), pc);
    cell_ = &self_.atomics.cell(address_, sizeof(T));
  }
  T load(const volatile T* at, MemoryOrder order) {
    const T newest = *at;
    self_.atomics.refresh(*cell_, known_by(newest));
    std::uint32_t age = 0;
    if constexpr (sizeof(T) <= 8) {
      const std::uint32_t visible = self_.atomics.visible(*cell_, thread_, thread_.fences, order);
      if (visible > 1) {
        std::uintptr_t writes[32];
        for (std::uint32_t i = 0; i < visible; ++i) writes[i] = self_.atomics.newer(*cell_, i).pc;
        age = self_.decide(DecisionKind::read, visible, thread_, {}, {writes, visible});
      }
    }
    const Store& seen = self_.atomics.load(*cell_, thread_, thread_.fences, order, age, pc_);
    self_.told_read(thread_, address_, pc_, seen.writer, seen.pc);
    if (age == 0) return newest;
    T value{};
    const std::uint64_t bits = seen.value;
    std::memcpy(&value, &bits, sizeof(T) < sizeof bits ? sizeof(T) : sizeof bits);
    return value;
  }
  void store(volatile T* at, T value, MemoryOrder order) {
    self_.atomics.refresh(*cell_, known_by(static_cast<T>(*at)));
    *at = value;
    self_.atomics.store(*cell_, thread_, thread_.fences, order, known_by(value), pc_);
  }
  void replace(volatile T* at, T value, MemoryOrder order) {
    const T old = *at;
    self_.atomics.refresh(*cell_, known_by(old));
    if (cell_->newest != nullptr) self_.told_read(thread_, address_, pc_, cell_->newest->writer, cell_->newest->pc);
    *at = value;
    self_.atomics.rmw(*cell_, thread_, thread_.fences, order, known_by(value), pc_);
  }
  void saw(T read, T written, bool failed = false) {
    self_.saw(thread_, bits_of(read), !failed && bits_of(read) != bits_of(written));
    self_.step_value(bits_of(read), bits_of(written), failed);
  }
  void stored(T before, T written) {
    self_.saw(thread_, bits_of(before), bits_of(before) != bits_of(written));
    self_.step_value(bits_of(before), bits_of(written));
  }
  bool fails_without_cause() {
    return self_.options.spurious_failures && self_.decide(DecisionKind::failure, 2, thread_) == 1;
  }

 private:
  Inside inside_;
  Engine& self_;
  Thread& thread_;
  std::uintptr_t address_;
  std::uintptr_t pc_;
  AtomicCell* cell_ = nullptr;
};

// Outside of control: the operation itself, seq_cst.
template <typename T>
T plain_load(const volatile T* at) {
  if constexpr (sizeof(T) <= 8) {
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);
  } else {
    return __sync_val_compare_and_swap(const_cast<volatile T*>(at), T{}, T{});
  }
}
template <typename T, typename Change>
T plain_change(volatile T* at, Change change) {
  for (T old = *at;;) {
    const T seen = __sync_val_compare_and_swap(at, old, change(old));
    if (seen == old) return old;
    old = seen;
  }
}

template <typename T>
T load(const volatile T* at, int order, std::uintptr_t pc) {
  Thread* thread = current;
  if (thread == nullptr) return plain_load(at);
  const MemoryOrder known = order_of(order);
  AtomicStep<T> step(*thread, at, OperationKind::atomic_load, known, pc);
  const T value = step.load(at, known);
  step.saw(value, value);
  return value;
}

template <typename T>
void store(volatile T* at, T value, int order, std::uintptr_t pc) {
  Thread* thread = current;
  if (thread == nullptr) {
    plain_change(at, [=](T) { return value; });
    return;
  }
  const MemoryOrder known = order_of(order);
  AtomicStep<T> step(*thread, at, OperationKind::atomic_store, known, pc);
  const T before = *at;
  step.store(at, value, known);
  step.stored(before, value);
}

template <typename T, typename Change>
T change(volatile T* at, int order, std::uintptr_t pc, Change changed) {
  Thread* thread = current;
  if (thread == nullptr) return plain_change(at, changed);
  const MemoryOrder known = order_of(order);
  AtomicStep<T> step(*thread, at, OperationKind::atomic_rmw, known, pc);
  const T old = *at;
  const T value = changed(old);
  step.replace(at, value, known);
  step.saw(old, value);
  return old;
}

template <typename T>
bool compare_exchange(volatile T* at, T* expected, T desired, int order, int failure_order, bool weak,
                      std::uintptr_t pc) {
  Thread* thread = current;
  if (thread == nullptr) {
    const T seen = __sync_val_compare_and_swap(at, *expected, desired);
    const bool done = seen == *expected;
    *expected = seen;
    return done;
  }
  const MemoryOrder known = order_of(order);
  AtomicStep<T> step(*thread, at, OperationKind::atomic_rmw, known, pc);
  const T old = *at;
  if (old == *expected && !(weak && step.fails_without_cause())) {
    step.replace(at, desired, known);
    step.saw(old, desired);
    return true;
  }
  const T seen = step.load(at, order_of(failure_order));
  if (seen == *expected && old != seen) {
    // An old value that would fit is no reason for a strong exchange to fail: it sees the newest.
    *expected = old;
    step.saw(old, old, true);
    return false;
  }
  *expected = seen;
  step.saw(seen, seen, true);
  return false;
}

}  // namespace

void fence(int order, std::uintptr_t pc) {
  Thread* thread = current;
  if (thread == nullptr) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return;
  }
  const Inside inside(*thread);
  Engine& self = engine();
  const MemoryOrder known = order_of(order);
  self.point(*thread, {.kind = OperationKind::fence, .order = known, .pc = pc});
  self.saw(*thread, 0, false);
  self.atomics.fence(*thread, thread->fences, known);
}

}  // namespace chicane::explore

namespace explore = chicane::explore;
using a8 = std::uint8_t;
using a16 = std::uint16_t;
using a32 = std::uint32_t;
using a64 = std::uint64_t;
__extension__ using a128 = unsigned __int128;
static_assert(sizeof(a128) == 16);

#define CHICANE_RMW(bits, name, expression)                                                             \
  CHICANE_EXPORT a##bits __tsan_atomic##bits##_##name(volatile a##bits* at, a##bits value, int order) { \
    return explore::change<a##bits>(at, order, CHICANE_CALLER,                                          \
                                    [value](a##bits old) { return static_cast<a##bits>(expression); }); \
  }
#define CHICANE_ATOMIC(bits)                                                                                   \
  CHICANE_EXPORT a##bits __tsan_atomic##bits##_load(const volatile a##bits* at, int order) {                   \
    return explore::load<a##bits>(at, order, CHICANE_CALLER);                                                  \
  }                                                                                                            \
  CHICANE_EXPORT void __tsan_atomic##bits##_store(volatile a##bits* at, a##bits value, int order) {            \
    explore::store<a##bits>(at, value, order, CHICANE_CALLER);                                                 \
  }                                                                                                            \
  CHICANE_EXPORT int __tsan_atomic##bits##_compare_exchange_strong(volatile a##bits* at, a##bits* expected,    \
                                                                   a##bits desired, int order, int failure) {  \
    return explore::compare_exchange<a##bits>(at, expected, desired, order, failure, false, CHICANE_CALLER);   \
  }                                                                                                            \
  CHICANE_EXPORT int __tsan_atomic##bits##_compare_exchange_weak(volatile a##bits* at, a##bits* expected,      \
                                                                 a##bits desired, int order, int failure) {    \
    return explore::compare_exchange<a##bits>(at, expected, desired, order, failure, true, CHICANE_CALLER);    \
  }                                                                                                            \
  CHICANE_EXPORT a##bits __tsan_atomic##bits##_compare_exchange_val(volatile a##bits* at, a##bits expected,    \
                                                                    a##bits desired, int order, int failure) { \
    a##bits seen = expected;                                                                                   \
    explore::compare_exchange<a##bits>(at, &seen, desired, order, failure, false, CHICANE_CALLER);             \
    return seen;                                                                                               \
  }                                                                                                            \
  CHICANE_RMW(bits, exchange, ((void)old, value))                                                              \
  CHICANE_RMW(bits, fetch_add, old + value)                                                                    \
  CHICANE_RMW(bits, fetch_sub, old - value)                                                                    \
  CHICANE_RMW(bits, fetch_and, old& value)                                                                     \
  CHICANE_RMW(bits, fetch_or, old | value)                                                                     \
  CHICANE_RMW(bits, fetch_xor, old ^ value)                                                                    \
  CHICANE_RMW(bits, fetch_nand, ~(old & value))

CHICANE_ATOMIC(8)
CHICANE_ATOMIC(16)
CHICANE_ATOMIC(32)
CHICANE_ATOMIC(64)
CHICANE_ATOMIC(128)

// What the compiler leaves to libatomic where it does not know that the processor has 16-byte atomics.
CHICANE_EXPORT a128 chicane_atomic_load_16(const volatile a128* at, int order) __asm__("__atomic_load_16");
CHICANE_EXPORT a128 chicane_atomic_load_16(const volatile a128* at, int order) {
  return explore::load<a128>(at, order, CHICANE_CALLER);
}
CHICANE_EXPORT void chicane_atomic_store_16(volatile a128* at, a128 value, int order) __asm__("__atomic_store_16");
CHICANE_EXPORT void chicane_atomic_store_16(volatile a128* at, a128 value, int order) {
  explore::store<a128>(at, value, order, CHICANE_CALLER);
}
CHICANE_EXPORT a128 chicane_atomic_exchange_16(volatile a128* at, a128 value,
                                               int order) __asm__("__atomic_exchange_16");
CHICANE_EXPORT a128 chicane_atomic_exchange_16(volatile a128* at, a128 value, int order) {
  return explore::change<a128>(at, order, CHICANE_CALLER, [value](a128) { return value; });
}
CHICANE_EXPORT bool chicane_atomic_compare_exchange_16(volatile a128* at, a128* expected, a128 desired, int order,
                                                       int failure) __asm__("__atomic_compare_exchange_16");
CHICANE_EXPORT bool chicane_atomic_compare_exchange_16(volatile a128* at, a128* expected, a128 desired, int order,
                                                       int failure) {
  return explore::compare_exchange<a128>(at, expected, desired, order, failure, false, CHICANE_CALLER);
}

CHICANE_EXPORT void __tsan_atomic_thread_fence(int order) { explore::fence(order, CHICANE_CALLER); }
CHICANE_EXPORT void __tsan_atomic_signal_fence(int) {}
