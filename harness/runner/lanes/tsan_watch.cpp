#include "harness/runner/lanes/tsan_watch.h"

#include <climits>
#include <csignal>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "harness/runner/lanes/tsan_lock_recorder.h"

extern "C" {
int ___interceptor_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
int ___interceptor_pthread_join(pthread_t, void**);
int __sigaction(int, const struct sigaction*, struct sigaction*);  // the C library's own name; TSan has the other
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
void AnnotateIgnoreSyncBegin(const char* file, int line);
void AnnotateIgnoreSyncEnd(const char* file, int line);
}
namespace __sanitizer {
class ScopedErrorReportLock {  // TSan holds it from a report's beginning to its end
 public:
  static void Lock();
  static void Unlock();
};
}  // namespace __sanitizer

namespace chicane::tsan {
namespace {

constexpr std::int64_t interval_ns = 50'000'000;
constexpr std::int64_t rest = 9;  // times what the last look took: a tenth of one CPU at most
// Symbols of a big program take a second or two on a busy machine; more means that the thread is stuck.
constexpr std::int64_t longest_delay_ns = 5'000'000'000;
constexpr std::size_t handler_stack_bytes = 64 * 1024;

// The ones whose default ends a process.
constexpr int fatal_signals[] = {SIGSEGV, SIGBUS,  SIGILL,  SIGFPE,    SIGABRT, SIGTRAP, SIGSYS,
                                 SIGTERM, SIGINT,  SIGHUP,  SIGQUIT,   SIGPIPE, SIGALRM, SIGUSR1,
                                 SIGUSR2, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF};

// All atomic.
std::uint32_t asked = 0, answered = 0;  // how often somebody wanted all to be sent; up to where it was. Futexes.
bool stopping = false;
long owner = 0;       // process; 0: nobody watches
long watcher_id = 0;  // thread
std::int64_t no_delay_after_ns = 0;

pthread_t watcher;
void (*sender)(bool) = nullptr;
struct sigaction handling, by_default;

std::int64_t clock_ns() {
  timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

void wait_while(std::uint32_t* word, std::uint32_t value, std::int64_t at_most_ns) {
  const timespec time{at_most_ns / 1'000'000'000, at_most_ns % 1'000'000'000};
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &time, nullptr, 0);
}
void wake_all(std::uint32_t* word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0); }

void* watch(void*) {
  __atomic_store_n(&watcher_id, syscall(SYS_gettid), __ATOMIC_RELEASE);
  leave_out_this_thread();
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
  std::uint32_t done = 0;
  std::int64_t pause_ns = interval_ns;
  while (!__atomic_load_n(&stopping, __ATOMIC_ACQUIRE)) {
    wait_while(&asked, done, pause_ns);
    const std::uint32_t wanted = __atomic_load_n(&asked, __ATOMIC_ACQUIRE);
    const bool all = wanted != done;
    if (all) {  // another thread may be in the middle of a report
      __sanitizer::ScopedErrorReportLock::Lock();
      __sanitizer::ScopedErrorReportLock::Unlock();
    }
    const std::int64_t before_ns = clock_ns();
    sender(all);
    const std::int64_t took_ns = clock_ns() - before_ns;
    pause_ns = took_ns * rest > interval_ns ? took_ns * rest : interval_ns;
    if (!all) continue;
    done = wanted;
    __atomic_store_n(&answered, done, __ATOMIC_RELEASE);
    wake_all(&answered);
  }
  AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
  AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  return nullptr;
}

void on_fatal_signal(int signal) {
  send_before_the_end();
  __sigaction(signal, &by_default, nullptr);
  syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), signal);  // delivered when this handler returns
}

}  // namespace

bool start_watch(void (*send)(bool), std::int64_t give_up_ns) {
  sender = send;
  __atomic_store_n(&stopping, false, __ATOMIC_RELEASE);
  __atomic_store_n(&no_delay_after_ns, give_up_ns, __ATOMIC_RELEASE);
  std::uint64_t all_signals = ~std::uint64_t{0}, before = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, &before, sizeof before);  // inherited by the thread
  const bool started = ___interceptor_pthread_create(&watcher, nullptr, watch, nullptr) == 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, nullptr, sizeof before);
  if (!started) return false;
  __atomic_store_n(&owner, syscall(SYS_getpid), __ATOMIC_RELEASE);
  handling.sa_handler = on_fatal_signal;
  handling.sa_flags = SA_ONSTACK;
  for (auto& word : handling.sa_mask.__val) word = ~0UL;
  by_default.sa_handler = SIG_DFL;
  for (const int signal : fatal_signals) {
    struct sigaction present;
    if (__sigaction(signal, nullptr, &present) == 0 && present.sa_handler == SIG_DFL)  // else it is the scenario's
      __sigaction(signal, &handling, nullptr);
  }
  return true;
}

void stop_watch() {
  if (__atomic_load_n(&owner, __ATOMIC_ACQUIRE) != syscall(SYS_getpid)) return;
  __atomic_store_n(&stopping, true, __ATOMIC_RELEASE);
  __atomic_fetch_add(&asked, 1, __ATOMIC_ACQ_REL);
  wake_all(&asked);
  ___interceptor_pthread_join(watcher, nullptr);
  __atomic_store_n(&owner, 0, __ATOMIC_RELEASE);
}

void send_before_the_end() {
  if (__atomic_load_n(&owner, __ATOMIC_ACQUIRE) != syscall(SYS_getpid)) return;
  if (__atomic_load_n(&watcher_id, __ATOMIC_ACQUIRE) == syscall(SYS_gettid)) return;  // it is what crashed
  const std::int64_t give_up_ns = __atomic_load_n(&no_delay_after_ns, __ATOMIC_ACQUIRE);
  std::int64_t until_ns = clock_ns() + longest_delay_ns;
  if (give_up_ns != 0 && give_up_ns < until_ns) until_ns = give_up_ns;
  const std::uint32_t wanted = __atomic_add_fetch(&asked, 1, __ATOMIC_ACQ_REL);
  wake_all(&asked);
  for (;;) {
    const std::uint32_t done = __atomic_load_n(&answered, __ATOMIC_ACQUIRE);
    const std::int64_t left_ns = until_ns - clock_ns();
    if (static_cast<std::int32_t>(done - wanted) >= 0 || left_ns <= 0) return;
    wait_while(&answered, done, left_ns);
  }
}

HandlerStack::HandlerStack() {
  stack_t present;
  if (syscall(SYS_sigaltstack, nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  const long mapped = syscall(SYS_mmap, nullptr, handler_stack_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0L);
  if (mapped == -1) return;
  memory_ = reinterpret_cast<void*>(mapped);
  const stack_t own{memory_, 0, handler_stack_bytes};
  syscall(SYS_sigaltstack, &own, nullptr);
}

HandlerStack::~HandlerStack() {
  if (memory_ == nullptr) return;
  stack_t present;
  const stack_t none{nullptr, SS_DISABLE, 0};
  // The scenario may have put its own in place.
  if (syscall(SYS_sigaltstack, nullptr, &present) == 0 && present.ss_sp == memory_)
    syscall(SYS_sigaltstack, &none, nullptr);
  syscall(SYS_munmap, memory_, handler_stack_bytes);
}

}  // namespace chicane::tsan
