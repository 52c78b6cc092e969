// Signals that interrupt waits, and timers, in virtual time.
#include <sys/time.h>

#include "tests/explore/programs/program.h"

static int shared;

static int by_handler;

PROGRAM(pause_ok, "") {
  signal(SIGALRM, [](int) {});
  alarm(2);
  return pause() == -1 && errno == EINTR ? 0 : 1;
}

PROGRAM(alarm_while_all_wait_ok, "") {
  static sem_t rang;
  sem_init(&rang, 0, 0);
  struct sigaction action{};
  action.sa_handler = [](int) { sem_post(&rang); };
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  thread a([] { sem_wait(&rang); });
  alarm(1);
  a.join();
  return 0;
}

PROGRAM(interval_timer_ok, "") {
  static volatile sig_atomic_t rang;
  rang = 0;
  signal(SIGALRM, [](int) { rang = rang + 1; });
  itimerval every{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every, nullptr);
  while (rang < 3) usleep(100);
  itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  return 0;
}

PROGRAM(poll_interrupted_ok, "") {
  static int never[2];
  if (pipe(never) != 0) return 1;
  signal(SIGALRM, [](int) {});
  alarm(1);
  pollfd asked{never[0], POLLIN, 0};
  return poll(&asked, 1, -1) == -1 && errno == EINTR ? 0 : 1;
}

PROGRAM(signal_to_waiting_thread_ok, "") {
  static mutex m;
  static condition_variable c;
  static bool ready;
  static atomic<int> handled{0};
  ready = false;
  handled = 0;
  signal(SIGUSR1, [](int) { handled.fetch_add(1); });
  thread a([] {
    unique_lock hold(m);
    c.wait(hold, [] { return ready; });
  });
  pthread_kill(a.native_handle(), SIGUSR1);
  while (handled == 0) this_thread::yield();  // its handler runs although it waits
  {
    lock_guard hold(m);
    ready = true;
  }
  c.notify_one();
  a.join();
  return 0;
}

PROGRAM(alarm_ok, "") {
  static volatile sig_atomic_t rang;
  rang = 0;
  signal(SIGALRM, [](int) { rang = 1; });
  alarm(1);
  while (!rang) usleep(100000);
  return 0;
}

PROGRAM(signal_interrupts_sleep_ok, "") {
  static atomic<bool> asleep{false};
  asleep = false;
  signal(SIGUSR1, [](int) {});
  static atomic<bool> woke{false};
  woke = false;
  thread a([] {
    asleep = true;
    timespec day{86400, 0};
    nanosleep(&day, nullptr);
    woke = true;
  });
  while (!asleep) this_thread::yield();
  pthread_kill(a.native_handle(), SIGUSR1);
  a.join();
  return woke ? 0 : 1;
}

PROGRAM(signal_interrupts_semaphore_ok, "") {
  static sem_t never;
  static atomic<bool> waits{false};
  waits = false;
  sem_init(&never, 0, 0);
  struct sigaction action{};
  action.sa_handler = [](int) {};
  sigaction(SIGUSR1, &action, nullptr);
  static int told;
  thread a([] {
    waits = true;
    while (sem_wait(&never) == 0) {
    }
    told = errno;
  });
  while (!waits) this_thread::yield();
  for (int i = 0; i < 3; ++i) {
    usleep(1000);
    pthread_kill(a.native_handle(), SIGUSR1);
  }
  a.join();
  return told == EINTR ? 0 : 1;
}

PROGRAM(handler_and_thread_race_bad, "data_race") {
  by_handler = 0;
  signal(SIGUSR2, [](int) { ++by_handler; });
  thread a([] { raise(SIGUSR2); });
  by_handler = 5;
  a.join();
  return 0;
}

PROGRAM(sleep_is_no_order_bad, "data_race") {
  shared = 0;
  thread a([] {
    usleep(1000000);
    shared = 1;
  });
  shared = 2;
  a.detach();
  sleep(3);
  (void)shared;
  shared = 3;
  return 0;
}

PROGRAM(alarm_left_behind_ok, "") {  // a watchdog that nobody needed
  alarm(60);
  thread a([] { usleep(1000); });
  a.join();
  return 0;
}

PROGRAM(alarm_blocked_by_all_ok, "") {
  sigset_t alarms;
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &alarms, nullptr);
  itimerval every{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every, nullptr);
  sem_t never;
  sem_init(&never, 0, 0);
  timespec soon{};
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_sec += 1;
  return sem_timedwait(&never, &soon) == -1 && errno == ETIMEDOUT ? 0 : 1;
}

PROGRAM(timer_hides_no_deadlock_bad, "deadlock,hang,livelock") {
  signal(SIGALRM, [](int) {});
  itimerval every{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every, nullptr);
  mutex m;
  m.lock();
  thread a([&] { m.lock(); });
  a.join();
  return 0;
}

PROGRAM(pause_cancelled_ok, "") {
  pthread_t waits;
  pthread_create(&waits, nullptr, [](void*) -> void* { return reinterpret_cast<void*>(pause()); }, nullptr);
  pthread_cancel(waits);
  void* result = nullptr;
  pthread_join(waits, &result);
  return result == PTHREAD_CANCELED ? 0 : 1;
}
