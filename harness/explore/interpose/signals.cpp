// Signals that threads send to each other or to themselves, and cancellation. Parked threads take no signal of the
// kernel's, so the handler is called where its thread takes its next step that does not wait. Those that come from
// outside, or are sent to the process, run when they come, wherever control is: they are not in the stream.
#include <algorithm>
#include <cstring>
#include <signal.h>
#include <unistd.h>

#include <sys/syscall.h>
#include <sys/time.h>

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
Handled handle(int signal) {
  struct sigaction action{};
  if (sigaction(signal, nullptr, &action) != 0) return Handled::none;
  if ((action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_IGN) return Handled::none;
  const bool is_default = (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
  if (is_default || handles_crashes(action)) {
    real().syscall(SYS_kill, getpid(), signal);  // as it would without us: most end the process
    return Handled::none;
  }
  siginfo_t info{};
  info.si_signo = signal;
  info.si_code = SI_TKILL;
  info.si_pid = getpid();
  if ((action.sa_flags & SA_SIGINFO) != 0)
    action.sa_sigaction(signal, &info, nullptr);
  else
    action.sa_handler(signal);
  return (action.sa_flags & SA_RESTART) != 0 ? Handled::with_restart : Handled::without_restart;
}

// Until a handler has run.
int suspend(std::uint64_t mask, void* returns_to, void* frame) {
  const CancellationPoint may_end;
  Call call(*current, returns_to, frame);
  Thread& thread = call.thread();
  const std::uint64_t before = thread.blocked_signals;
  thread.blocked_signals = mask;
  thread.interruptible = Handled::with_restart;
  engine().point(thread, {.kind = OperationKind::sleep, .pc = call.pc()},
                 [](const Thread& suspended) { return suspended.cancelled; });
  thread.interruptible = Handled::none;
  thread.blocked_signals = before;
  engine().saw(thread, 0, true);
  return call.fails_with(EINTR);
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

Handled Engine::deliver_signals(Thread& thread) {
  Handled most = Handled::none;
  const std::uint64_t deadline = thread.deadline, wakes_at = thread.wakes_at;
  const Handled interruptible = thread.interruptible;
  thread.deadline = thread.wakes_at = 0;  // the handler has waits of its own
  thread.interruptible = Handled::none;
  const Operation pending = thread.pending;
  void* const object = thread.object;
  const Chosen chosen = thread.chosen;
  for (std::uint64_t now = 0; (now = thread.signals & ~thread.blocked_signals) != 0;) {
    const int signal = __builtin_ctzll(now) + 1;
    thread.signals &= ~bit_of(signal);
    current = &thread;
    most = std::max(most, handle(signal));
    current = nullptr;
  }
  thread.deadline = deadline;
  thread.wakes_at = wakes_at;
  thread.interruptible = interruptible;
  thread.pending = pending;
  thread.object = object;
  thread.chosen = chosen;
  thread.ready = nullptr;
  return most;
}

std::uint64_t Engine::set_alarm(Thread& thread, std::uint64_t at_ns, std::uint64_t interval_ns) {
  const std::uint64_t left = alarm_at_ > now_ns ? alarm_at_ - now_ns : 0;
  alarm_at_ = at_ns;
  alarm_interval_ = interval_ns;
  alarm_set_.assign(arena, thread.clock);
  races.tick(thread);
  return left;
}

// To the process: whoever does not block it takes it, the initial thread first.
Thread* Engine::takes_alarm(const Thread* ended) const {
  for (Thread* thread : live)
    if (thread != ended && (thread->blocked_signals & bit_of(SIGALRM)) == 0) return thread;
  return nullptr;
}

void Engine::ring_alarm() {
  alarm_at_ = alarm_interval_ == 0 ? 0 : now_ns + alarm_interval_;
  Thread* takes = takes_alarm(nullptr);
  if (takes == nullptr) takes = live[0];  // pending until it blocks it no more
  takes->signals |= bit_of(SIGALRM);
  takes->clock.join(arena, alarm_set_);
  races.stamp(*takes);
  dirty_ = true;
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

CHICANE_EXPORT int pause() {
  if (current == nullptr) return real().pause();
  return suspend(current->blocked_signals, __builtin_return_address(0), __builtin_frame_address(0));
}
CHICANE_EXPORT int sigsuspend(const sigset_t* mask) {
  if (current == nullptr) return real().sigsuspend(mask);
  return suspend(bits_of(mask), __builtin_return_address(0), __builtin_frame_address(0));
}

CHICANE_EXPORT unsigned alarm(unsigned seconds) noexcept {
  CHICANE_CALL(call, real().alarm(seconds));
  Engine& self = engine();
  const std::uint64_t left = self.set_alarm(call.thread(), seconds == 0 ? 0 : self.now_ns + seconds * ns_per_second, 0);
  return static_cast<unsigned>((left + ns_per_second - 1) / ns_per_second);
}
CHICANE_EXPORT int setitimer(__itimer_which_t which, const itimerval* value, itimerval* old) noexcept {
  if (current == nullptr || which != ITIMER_REAL) return real().setitimer(which, value, old);
  Call call(*current, __builtin_return_address(0), __builtin_frame_address(0));
  const auto ns_of = [](const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * ns_per_second + static_cast<std::uint64_t>(time.tv_usec) * 1000;
  };
  Engine& self = engine();
  const std::uint64_t first = ns_of(value->it_value);
  const std::uint64_t left =
      self.set_alarm(call.thread(), first == 0 ? 0 : self.now_ns + first, ns_of(value->it_interval));
  if (old != nullptr) {
    *old = {};
    old->it_value = {static_cast<time_t>(left / ns_per_second), static_cast<suseconds_t>(left % ns_per_second / 1000)};
  }
  return 0;
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
