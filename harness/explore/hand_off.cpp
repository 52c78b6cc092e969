#include "harness/explore/hand_off.h"

#include <cstdlib>
#include <signal.h>
#include <unistd.h>

#include <linux/futex.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "harness/explore/crash.h"
#include "harness/explore/real.h"

namespace chicane::explore {
namespace {

constexpr std::size_t stack_bytes = std::size_t{8} << 20;
constexpr std::size_t guard_bytes = std::size_t{64} << 10;
constexpr std::size_t parked_frames_bytes = 4096;  // of the parked thread itself, above what fibers use

// The C library's syscall() is one of the functions that this library replaces.
long raw_futex(std::atomic<std::uint32_t>* word, int operation, std::uint32_t value) {
  long result = 0;
  register long timeout __asm__("r10") = 0;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(SYS_futex), "D"(word), "S"(operation), "d"(value), "r"(timeout)
                   : "rcx", "r11", "memory");
  return result;
}

// Where a thread of the pool has its stack, and at the top of it its control block: the same place in every process, so
// that what depends on it (std::hash of a thread's id, say) does the same when a schedule is run again in another one.
void* place_of_stack(std::uint32_t number) {
  constexpr std::uintptr_t first = 0x5a00'0000'0000;  // far from where programs, heaps, libraries and sanitizers are
  void* const place = reinterpret_cast<void*>(first + std::uintptr_t{number} * (stack_bytes + guard_bytes));
  void* const got = mmap(place, stack_bytes + guard_bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == MAP_FAILED) return nullptr;
  if (got != place) {  // kernels before 4.17 take it for a wish
    munmap(got, stack_bytes + guard_bytes);
    return nullptr;
  }
  mprotect(place, guard_bytes, PROT_NONE);
  return static_cast<std::byte*>(place) + guard_bytes;
}

}  // namespace

#if defined(__x86_64__)

extern "C" void chicane_fiber_switch(void** save, void* load, std::uintptr_t fs);
extern "C" void chicane_fiber_start();

__asm__(R"(
.text
.globl chicane_fiber_switch
.hidden chicane_fiber_switch
.type chicane_fiber_switch,@function
chicane_fiber_switch:
  .cfi_startproc
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  wrfsbase %rdx
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  retq
  .cfi_endproc
.size chicane_fiber_switch,.-chicane_fiber_switch

.globl chicane_fiber_start
.hidden chicane_fiber_start
.type chicane_fiber_start,@function
chicane_fiber_start:
  .cfi_startproc
  .cfi_undefined rip
  xorl %ebp, %ebp
  movq %r12, %rdi
  callq *%r13
  ud2
  .cfi_endproc
.size chicane_fiber_start,.-chicane_fiber_start
)");

namespace {
std::uintptr_t fs_base() {
  std::uintptr_t base = 0;
  __asm__("movq %%fs:0, %0" : "=r"(base));  // the thread control block begins with its own address
  return base;
}
}  // namespace

bool HandOff::fibers_available() {
  constexpr unsigned long kernel_allows_fsgsbase = 1UL << 1;
  return (getauxval(AT_HWCAP2) & kernel_allows_fsgsbase) != 0;
}

void HandOff::prepare(Slot& slot, void (*entry)(Slot&)) {
  slot.entry = entry;
  if (!fibers_) return;
  // What chicane_fiber_switch takes off the new stack: control words, r15 … rbp, the address to go to.
  auto* top = reinterpret_cast<std::uintptr_t*>((slot.stack_top - parked_frames_bytes) & ~std::uintptr_t{15});
  *--top = 0;
  *--top = 0;  // so that the stack is aligned to 16 where entry is called
  *--top = reinterpret_cast<std::uintptr_t>(&chicane_fiber_start);
  *--top = 0;                                        // rbp
  *--top = 0;                                        // rbx
  *--top = reinterpret_cast<std::uintptr_t>(&slot);  // r12
  *--top = reinterpret_cast<std::uintptr_t>(entry);  // r13
  *--top = 0;                                        // r14
  *--top = 0;                                        // r15
  *--top = std::uintptr_t{0x037f} << 32 | 0x1f80;    // x87 and SSE control words as a new thread has them
  slot.stack_pointer = top;
}

#else

extern "C" void chicane_fiber_switch(void**, void*, std::uintptr_t) { std::abort(); }
namespace {
std::uintptr_t fs_base() { return 0; }
}  // namespace
bool HandOff::fibers_available() { return false; }
void HandOff::prepare(Slot& slot, void (*entry)(Slot&)) { slot.entry = entry; }

#endif

void HandOff::wait(std::atomic<std::uint32_t>& go) {
  // A hand-off takes about a microsecond where the other side runs already: worth a short look before sleeping.
  while (go.exchange(0, std::memory_order_acquire) == 0) raw_futex(&go, FUTEX_WAIT_PRIVATE, 0);
}

void HandOff::let_go(std::atomic<std::uint32_t>& go) {
  go.store(1, std::memory_order_release);
  raw_futex(&go, FUTEX_WAKE_PRIVATE, 1);
}

void HandOff::adopt(Slot& slot) {
  slot.handle = pthread_self();
  slot.fs = fs_base();
  slot.pooled = false;
  if (slot.frames == nullptr)
    slot.frames =
        static_cast<std::uintptr_t*>(mmap(nullptr, most_frames * sizeof(std::uintptr_t), PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  slot.stack_top = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  slot.stack_low = slot.stack_top - stack_bytes;
}

void* HandOff::thread_main(void* argument) {
  Slot& slot = *static_cast<Slot*>(argument);
  sigset_t all;
  sigfillset(&all);
  sigdelset(&all, SIGSEGV);
  sigdelset(&all, SIGBUS);
  sigdelset(&all, SIGFPE);
  sigdelset(&all, SIGILL);
  real().pthread_sigmask(SIG_BLOCK, &all, nullptr);
  give_crash_stack();
  slot.fs = fs_base();
  slot.stack_top = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  slot.stack_low = slot.stack_top - stack_bytes + (std::size_t{64} << 10);
  __atomic_store_n(&slot.stack_pointer, static_cast<void*>(&slot), __ATOMIC_RELEASE);  // says that it is there
  for (;;) {
    wait(slot.go);
    if (slot.entry != nullptr) slot.entry(slot);
  }
  return nullptr;
}

Slot* HandOff::make() {
  auto* slot = new Slot;
  slot->pooled = true;
  slot->number = made_++;
  slot->frames =
      static_cast<std::uintptr_t*>(mmap(nullptr, most_frames * sizeof(std::uintptr_t), PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (void* const stack = place_of_stack(slot->number))
    pthread_attr_setstack(&attributes, stack, stack_bytes);
  else
    pthread_attr_setstacksize(&attributes, stack_bytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  const int failed = real().pthread_create(&slot->handle, &attributes, thread_main, slot);
  pthread_attr_destroy(&attributes);
  if (failed != 0) {
    munmap(slot->frames, most_frames * sizeof(std::uintptr_t));
    delete slot;
    return nullptr;
  }
  while (__atomic_load_n(&slot->stack_pointer, __ATOMIC_ACQUIRE) == nullptr) real().sched_yield();
  return slot;
}

void HandOff::pass(Slot& from, Slot& to) {
  if (fibers_) {
    chicane_fiber_switch(&from.stack_pointer, to.stack_pointer, to.fs);
    return;
  }
  let_go(to.go);
  wait(from.go);
}

void HandOff::leave(Slot& from, Slot& to) {
  if (fibers_) {
    chicane_fiber_switch(&from.stack_pointer, to.stack_pointer, to.fs);
    __builtin_trap();
  }
  let_go(to.go);
}

void HandOff::abandon(Slot& from, Slot& to) {
  leave(from, to);
  std::atomic<std::uint32_t> never = 0;
  for (;;) wait(never);
}

}  // namespace chicane::explore
