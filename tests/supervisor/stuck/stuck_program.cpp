// A program that gets stuck, or seems to: stuck_program WAY. Says where its WaitBoard is as a runner does.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unistd.h>

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include "harness/runner/lanes/wait_ledger.h"

namespace {

std::mutex first, second;
std::condition_variable condition;
std::counting_semaphore<8> semaphore(0);
std::atomic<bool> never = false;
std::atomic<int> have_one = 0;
using Clock = std::chrono::steady_clock;
const auto fine_after = std::chrono::milliseconds(900);  // longer than any proof takes

void take_both(std::mutex& one, std::mutex& other) {
  const std::lock_guard lock(one);
  ++have_one;
  while (have_one < 2) std::this_thread::yield();
  const std::lock_guard also(other);
}

void wait_unheard() {
  std::unique_lock lock(first);
  chicane::wait_ledger::waits(&condition);  // what stands in front of the C library does in a runner
  condition.wait(lock);
}

void lock_order() {
  std::jthread other([] { take_both(second, first); });
  take_both(first, second);
}

void lock_itself() {
  std::mutex* const same = &first;
  const std::lock_guard lock(first);
  same->lock();
}

void write_locks() {
  static std::shared_mutex one, two;
  std::jthread other([] {
    const std::lock_guard lock(one);
    ++have_one;
    while (have_one < 2) std::this_thread::yield();
    const std::shared_lock also(two);
  });
  const std::lock_guard lock(two);
  ++have_one;
  while (have_one < 2) std::this_thread::yield();
  const std::shared_lock also(one);
}

void join_with_lock() {
  const std::lock_guard lock(first);
  std::jthread other([] { const std::lock_guard also(first); });
  other.join();
}

void cycle_beside_a_worker() {
  std::jthread busy([] {
    while (!never) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  lock_order();
}

void notified_before() {
  chicane::wait_ledger::notified(&condition);
  condition.notify_one();
  std::jthread other(wait_unheard);
}

void nobody_releases() {
  std::jthread other([] { semaphore.acquire(); });
  semaphore.acquire();
}

void spin() {
  while (!never) std::this_thread::yield();
}

// From here on: it stands still, and goes on by itself.

void sleeper_with_lock() {
  const std::lock_guard lock(first);
  std::jthread other([] { const std::lock_guard also(first); });
  std::this_thread::sleep_for(fine_after);
  first.unlock();
  other.join();
  first.lock();
}

void waits_with_limit() {
  std::unique_lock lock(first);
  condition.wait_for(lock, fine_after, [] { return never.load(); });
}

void waits_for_child() {
  const pid_t child = fork();
  if (child == 0) {
    usleep(static_cast<useconds_t>(std::chrono::microseconds(fine_after).count()));
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

void long_futex(int* word, int operation) { syscall(SYS_futex, word, operation, 0, nullptr, nullptr, 0); }

void woken_by_another_process() {
  auto* const word = static_cast<int*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  const pid_t child = fork();
  if (child == 0) {
    usleep(static_cast<useconds_t>(std::chrono::microseconds(fine_after).count()));
    __atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    _exit(0);
  }
  while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == 0) long_futex(word, FUTEX_WAIT);
  waitpid(child, nullptr, 0);
}

void woken_by_a_timer() {
  static int word = 0;
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR2;
  std::signal(SIGUSR2, [](int) { __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST); });
  timer_t timer;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  itimerspec when{};
  when.it_value.tv_nsec = 900'000'000;
  timer_settime(timer, 0, &when, nullptr);
  while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 0) long_futex(&word, FUTEX_WAIT_PRIVATE);
}

void woken_by_an_alarm() {
  static int word = 0;
  std::signal(SIGALRM, [](int) { __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST); });
  alarm(1);
  while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 0) long_futex(&word, FUTEX_WAIT_PRIVATE);
}

void reads() {
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  itimerspec when{};
  when.it_value.tv_nsec = 900'000'000;
  timerfd_settime(timer, 0, &when, nullptr);
  std::uint64_t ticks = 0;
  if (read(timer, &ticks, sizeof ticks) < 0) std::abort();
}

void works() {
  const auto until = Clock::now() + fine_after;
  std::jthread other([until] {
    while (Clock::now() < until) std::this_thread::yield();
  });
  while (Clock::now() < until) std::this_thread::yield();
}

// Two workers that give way, change the state, and tell of each turn.
void takes_turns(std::chrono::milliseconds most) {
  static std::atomic<long> state = 0;
  chicane::wait_ledger::state_is_at(&state, sizeof state);
  const auto until = Clock::now() + most;
  const auto work = [until] {
    while (Clock::now() < until) {
      ++state;
      std::this_thread::yield();
      chicane::wait_ledger::gets_on();
    }
  };
  std::jthread other(work);
  work();
}

void got_on_once() {
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // until somebody has looked
  chicane::wait_ledger::gets_on();
  spin();
}

const std::map<std::string, std::function<void()>> ways{
    {"lock_order", lock_order},
    {"lock_itself", lock_itself},
    {"write_locks", write_locks},
    {"join_with_lock", join_with_lock},
    {"cycle_beside_a_worker", cycle_beside_a_worker},
    {"notified_before", notified_before},
    {"nobody_releases", nobody_releases},
    {"spin", spin},
    {"sleeper_with_lock", sleeper_with_lock},
    {"waits_with_limit", waits_with_limit},
    {"waits_for_child", waits_for_child},
    {"woken_by_another_process", woken_by_another_process},
    {"woken_by_a_timer", woken_by_a_timer},
    {"woken_by_an_alarm", woken_by_an_alarm},
    {"reads", reads},
    {"works", works},
    {"gets_on", [] { takes_turns(std::chrono::milliseconds(2500)); }},
    {"gets_on_for_ever", [] { takes_turns(std::chrono::hours(1)); }},
    {"got_on_once", got_on_once}};

}  // namespace

int main(int, char** arguments) {
  // A sanitizer may start a thread of its own with the first one. Forking ones must not have started any.
  const std::string way = arguments[1];
  if (way != "waits_for_child" && way != "woken_by_another_process") std::thread([] {}).join();
  chicane::wait_ledger::keep_conditions();
  chicane::wait_ledger::other_threads_are_the_harness();
  dprintf(3, "%llu\n", static_cast<unsigned long long>(chicane::wait_ledger::address()));
  ways.at(way)();
}
