// Signals that threads send to each other or to themselves, and cancellation. Parked threads take no signal of the
// kernel's, so the handler is called where its thread takes its next step that does not wait. Those that come from
// outside, or are sent to the process, run when they come, wherever control is: they are not in the stream.
#include <cstring>
#include <signal.h>
#include <unistd.h>

#include <sys/syscall.h>

#include "harness/explore/crash.h"
#include "harness/explore/interpose/call.h"

using namespace chicane::explore;

namespace {

constexpr std::uint64_t bit_of(int signal) { return std::uint64_t{1} << (signal - 1); }

std::uint64_t bits_of(const sigset_t* set) {  // the kernel's mask is its first word
  std::uint64_t bits = 0;
  std::memcpy(&bits, set, sizeof bits);
  return bits;
}

// With `current` set: a handler is code under test.
void handle(int signal) {
  struct sigaction action{};
  if (sigaction(signal, nullptr, &action) != 0) return;
  if ((action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_IGN) return;
  const bool is_default = (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
  if (is_default || handles_crashes(action)) {
    real().syscall(SYS_kill, getpid(), signal);  // as it would without us: most end the process
    return;
  }
  siginfo_t info{};
  info.si_signo = signal;
  info.si_code = SI_TKILL;
  info.si_pid = getpid();
  if ((action.sa_flags & SA_SIGINFO) != 0)
    action.sa_sigaction(signal, &info, nullptr);
  else
    action.sa_handler(signal);
}

// The signal; 0: none until then.
int wait_for_signal(const sigset_t* set, siginfo_t* info, std::uint64_t deadline, void* returns_to, void* frame) {
  Thread& thread = *current;
  Call call(thread, returns_to, frame);
  Engine& self = engine();
  for (;;) {
    if (const std::uint64_t sent = thread.signals & bits_of(set); sent != 0) {
      const int signal = __builtin_ctzll(sent) + 1;
      thread.signals &= ~bit_of(signal);
      if (info != nullptr) *info = siginfo_t{}, info->si_signo = signal;
      return signal;
    }
    constexpr timespec at_once{};
    const long got = real().syscall(SYS_rt_sigtimedwait, set, info, &at_once, sizeof(std::uint64_t));
    if (got > 0) return static_cast<int>(got);
    if (deadline != 0 && self.now_ns >= deadline) return 0;
    thread.wakes_at = self.now_ns + 1'000'000;
    self.point(thread, {.kind = OperationKind::sleep, .yields = true, .pc = call.pc()});
    thread.wakes_at = 0;
    self.now_ns += 1'000'000;
    self.saw(thread, 0, false);
  }
}

}  // namespace

namespace chicane::explore {

void Engine::deliver_signals(Thread& thread) {
  const Operation pending = thread.pending;
  void* const object = thread.object;
  const Chosen chosen = thread.chosen;
  for (std::uint64_t now = 0; (now = thread.signals & ~thread.blocked_signals) != 0;) {
    const int signal = __builtin_ctzll(now) + 1;
    thread.signals &= ~bit_of(signal);
    current = &thread;
    handle(signal);
    current = nullptr;
  }
  thread.pending = pending;
  thread.object = object;
  thread.chosen = chosen;
  thread.ready = nullptr;
}

void end_if_cancelled() {
  if (current == nullptr || !current->cancelled) return;
  int state = PTHREAD_CANCEL_ENABLE;
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
  if (state == PTHREAD_CANCEL_DISABLE) {
    pthread_setcancelstate(state, nullptr);
    return;
  }
  current->cancelled = false;
  pthread_exit(PTHREAD_CANCELED);
}

}  // namespace chicane::explore

CHICANE_EXPORT int pthread_kill(pthread_t handle, int signal) {
  CHICANE_CALL(call, real().pthread_kill(handle, signal));
  Engine& self = engine();
  Thread* thread = self.find(handle);
  if (thread == nullptr) return ESRCH;
  if (signal < 0 || signal > 64) return EINVAL;
  self.point(call.thread(), {.kind = OperationKind::yield, .pc = call.pc()});
  if (signal == 0 || thread->finished) return 0;
  thread->signals |= bit_of(signal);
  // What it has done until now comes before the handler.
  thread->clock.join(self.arena, call.thread().clock);
  self.races.stamp(*thread);
  self.races.tick(call.thread());
  if (thread == &call.thread()) self.deliver_signals(*thread);
  self.dirty();
  return 0;
}

CHICANE_EXPORT int raise(int signal) noexcept {
  if (current == nullptr) return real().raise(signal);
  if (signal < 1 || signal > 64) {
    errno = EINVAL;
    return -1;
  }
  if ((current->blocked_signals & bit_of(signal)) != 0)
    current->signals |= bit_of(signal);
  else
    handle(signal);
  return 0;
}

CHICANE_EXPORT int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  if (Thread* thread = current; thread != nullptr && set != nullptr) {
    std::uint64_t& blocked = thread->blocked_signals;
    if (how == SIG_BLOCK) blocked |= bits_of(set);
    if (how == SIG_UNBLOCK) blocked &= ~bits_of(set);
    if (how == SIG_SETMASK) blocked = bits_of(set);
  }
  return real().pthread_sigmask(how, set, old);
}

CHICANE_EXPORT int sigwait(const sigset_t* set, int* signal) {
  if (current == nullptr) return real().sigwait(set, signal);
  *signal = wait_for_signal(set, nullptr, 0, __builtin_return_address(0), __builtin_frame_address(0));
  return 0;
}
CHICANE_EXPORT int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  if (current == nullptr) return real().sigwaitinfo(set, info);
  return wait_for_signal(set, info, 0, __builtin_return_address(0), __builtin_frame_address(0));
}
CHICANE_EXPORT int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* time) {
  if (current == nullptr) return real().sigtimedwait(set, info, time);
  const std::uint64_t ns =
      static_cast<std::uint64_t>(time->tv_sec) * ns_per_second + static_cast<std::uint64_t>(time->tv_nsec);
  const int signal =
      wait_for_signal(set, info, engine().now_ns + ns + 1, __builtin_return_address(0), __builtin_frame_address(0));
  if (signal != 0) return signal;
  errno = EAGAIN;
  return -1;
}

// Deferred cancellation, at sleeps, waits on condition variables, input and output, and pthread_testcancel().
CHICANE_EXPORT int pthread_cancel(pthread_t handle) {
  CHICANE_CALL(call, real().pthread_cancel(handle));
  Engine& self = engine();
  Thread* thread = self.find(handle);
  if (thread == nullptr) return ESRCH;
  self.point(call.thread(), {.kind = OperationKind::yield, .pc = call.pc()});
  if (thread->finished) return 0;
  thread->cancelled = true;
  const OperationKind waits_in = thread->pending.kind;
  if (waits_in == OperationKind::wait || waits_in == OperationKind::timed_wait) thread->may_wake = true;
  self.dirty();
  return 0;
}
CHICANE_EXPORT void pthread_testcancel() { end_if_cancelled(); }
