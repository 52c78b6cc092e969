// Locks of all kinds, conditions, and many threads.
#include "tests/explore/programs/program.h"

static int shared;

PROGRAM(different_locks_bad, "data_race,crash") {
  static mutex one, two;
  shared = 0;
  thread a([] {
    lock_guard hold(one);
    ++shared;
  });
  thread b([] {
    lock_guard hold(two);
    ++shared;
  });
  a.join();
  b.join();
  return 0;
}

PROGRAM(trylock_failed_bad, "data_race") {
  static mutex m;
  shared = 0;
  auto work = [] {
    const bool got = m.try_lock();
    ++shared;  // whether or not
    if (got) m.unlock();
  };
  twice(work);
  return 0;
}

PROGRAM(trylock_ok, "") {
  static mutex m;
  shared = 0;
  auto work = [] {
    if (m.try_lock()) {
      ++shared;
      m.unlock();
    }
  };
  twice(work);
  return shared == 0;
}

PROGRAM(shared_lock_upgrade_bad, "deadlock,hang") {
  static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
  pthread_rwlock_rdlock(&l);
  thread a([] {
    pthread_rwlock_wrlock(&l);
    pthread_rwlock_unlock(&l);
  });
  a.join();  // while it holds what a waits for
  pthread_rwlock_unlock(&l);
  return 0;
}

PROGRAM(recursive_static_init_ok, "") {
  struct Slow {
    int value = 3;
    Slow() { this_thread::yield(); }
  };
  auto get = []() -> Slow& {
    static Slow slow;
    return slow;
  };
  thread a([&] { assert(get().value == 3); }), b([&] { assert(get().value == 3); });
  a.join();
  b.join();
  return 0;
}

PROGRAM(error_check_mutex_ok, "") {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_t m;
  pthread_mutex_init(&m, &kind);
  pthread_mutex_lock(&m);
  const bool told = pthread_mutex_lock(&m) == EDEADLK;
  pthread_mutex_unlock(&m);
  pthread_mutex_destroy(&m);
  return told ? 0 : 1;
}

PROGRAM(robust_mutex_ok, "") {
  static pthread_mutex_t m;
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&m, &kind);
  thread a([] { pthread_mutex_lock(&m); });
  a.join();
  const int got = pthread_mutex_lock(&m);
  if (got == EOWNERDEAD) pthread_mutex_consistent(&m);
  pthread_mutex_unlock(&m);
  return got == EOWNERDEAD ? 0 : 1;
}

PROGRAM(many_threads_ok, "") {
  static atomic<int> count{0};
  count = 0;
  vector<thread> all;
  for (int i = 0; i < 100; ++i) all.emplace_back([] { ++count; });
  for (auto& each : all) each.join();
  return count == 100 ? 0 : 1;
}

PROGRAM(threads_one_after_another_ok, "") {
  for (int i = 0; i < 50; ++i) {
    thread a([] { ++shared; });
    a.join();
  }
  return 0;
}

PROGRAM(condition_notified_unlocked_ok, "") {
  static mutex m;
  static condition_variable c;
  static bool ready;
  ready = false;
  thread a([] {
    {
      lock_guard hold(m);
      ready = true;
    }
    c.notify_one();
  });
  unique_lock hold(m);
  c.wait(hold, [] { return ready; });
  hold.unlock();
  a.join();
  return 0;
}

PROGRAM(condition_flag_unlocked_bad, "data_race,hang,lost_wakeup,deadlock") {
  static mutex m;
  static condition_variable c;
  static bool ready;
  ready = false;
  thread a([] {
    ready = true;  // without the lock
    c.notify_one();
  });
  unique_lock hold(m);
  c.wait(hold, [] { return ready; });
  hold.unlock();
  a.join();
  return 0;
}
