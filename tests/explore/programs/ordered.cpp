// Synchronisation with the C library and with atomics: nothing may be found.
#include "tests/explore/programs/program.h"

static int first;

PROGRAM(rwlock_ok, "") {
  static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
  first = 0;
  auto w = [] {
    pthread_rwlock_wrlock(&l);
    ++first;
    pthread_rwlock_unlock(&l);
  };
  auto r = [] {
    pthread_rwlock_rdlock(&l);
    int x = first;
    (void)x;
    pthread_rwlock_unlock(&l);
  };
  thread a(w), b(r), c(w);
  a.join();
  b.join();
  c.join();
  assert(first == 2);
  return 0;
}

PROGRAM(barrier_ok, "") {
  static pthread_barrier_t b;
  pthread_barrier_init(&b, nullptr, 2);
  static int v[2];
  auto w = [](int i) {
    v[i] = 1;
    pthread_barrier_wait(&b);
    int x = v[1 - i];
    assert(x == 1);
  };
  thread a(w, 0), c(w, 1);
  a.join();
  c.join();
  pthread_barrier_destroy(&b);
  return 0;
}

PROGRAM(once_ok, "") {
  static pthread_once_t o = PTHREAD_ONCE_INIT;
  auto w = [] {
    pthread_once(&o, [] { first = 42; });
    assert(first == 42);
  };
  twice(w);
  return 0;
}

PROGRAM(cond_timedwait_ok, "") {
  static mutex m;
  static condition_variable c;
  static bool f = false;
  thread a([] {
    unique_lock l(m);
    while (!f) c.wait_for(l, chrono::milliseconds(5));
    first = 1;
  });
  {
    lock_guard l(m);
    f = true;
  }
  c.notify_one();
  a.join();
  return 0;
}

PROGRAM(fence_ok, "") {
  static atomic<int> f{0};
  first = 0;
  thread a([] {
    first = 1;
    atomic_thread_fence(memory_order_release);
    f.store(1, memory_order_relaxed);
  });
  while (!f.load(memory_order_relaxed)) this_thread::yield();
  atomic_thread_fence(memory_order_acquire);
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(release_sequence_ok, "") {
  static atomic<int> f{0};
  first = 0;
  thread a([] {
    first = 1;
    f.store(1, memory_order_release);
  });
  thread b([] {
    int one = 1;
    f.compare_exchange_strong(one, 2, memory_order_relaxed);
  });
  if (f.load(memory_order_acquire) == 2) assert(first == 1);
  a.join();
  b.join();
  return 0;
}

PROGRAM(detached_ok, "") {
  static atomic<bool> d{false};
  thread([] { d = true; }).detach();
  while (!d) this_thread::yield();
  return 0;
}

PROGRAM(key_dtor_ok, "") {
  static pthread_key_t k;
  static atomic<int> n{0};
  pthread_key_create(&k, [](void* p) {
    ++n;
    delete (int*)p;
  });
  auto w = [] { pthread_setspecific(k, new int(2)); };
  twice(w);
  assert(n == 2);
  pthread_key_delete(k);
  return 0;
}

PROGRAM(signal_without_mutex_ok, "") {
  static mutex m;
  static condition_variable c;
  static bool f = false;
  thread a([] {
    unique_lock l(m);
    c.wait(l, [] { return f; });
  });
  {
    lock_guard l(m);
    f = true;
  }
  c.notify_one();
  a.join();
  return 0;
}

PROGRAM(sem_timedwait_ok, "") {
  static sem_t s;
  sem_init(&s, 0, 0);
  first = 0;
  thread a([] {
    first = 1;
    sem_post(&s);
  });
  timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  t.tv_sec += 10;
  int r = sem_timedwait(&s, &t);
  if (r == 0) assert(first == 1);
  a.join();
  sem_destroy(&s);
  return 0;
}

PROGRAM(tryjoin_ok, "") {
  pthread_t t;
  first = 0;
  pthread_create(
      &t, nullptr,
      [](void*) -> void* {
        first = 1;
        return nullptr;
      },
      nullptr);
  while (pthread_tryjoin_np(t, nullptr) != 0) sched_yield();
  assert(first == 1);
  return 0;
}

PROGRAM(timedjoin_ok, "") {
  pthread_t t;
  first = 0;
  pthread_create(
      &t, nullptr,
      [](void*) -> void* {
        first = 1;
        return nullptr;
      },
      nullptr);
  timespec ts;
  clock_gettime(CLOCK_REALTIME, &ts);
  ts.tv_sec += 5;
  while (pthread_timedjoin_np(t, nullptr, &ts) != 0) sched_yield();
  assert(first == 1);
  return 0;
}

PROGRAM(recursive_ok, "") {
  static recursive_mutex m;
  first = 0;
  auto w = [] {
    lock_guard a(m);
    lock_guard b(m);
    ++first;
  };
  twice(w);
  assert(first == 2);
  return 0;
}

PROGRAM(spin_ok, "") {
  static pthread_spinlock_t l;
  pthread_spin_init(&l, 0);
  first = 0;
  auto w = [] {
    pthread_spin_lock(&l);
    ++first;
    pthread_spin_unlock(&l);
  };
  twice(w);
  assert(first == 2);
  return 0;
}

PROGRAM(own_spinlock_ok, "") {
  static atomic_flag f = ATOMIC_FLAG_INIT;
  first = 0;
  auto w = [] {
    while (f.test_and_set(memory_order_acquire)) {
    }
    ++first;
    f.clear(memory_order_release);
  };
  thread a(w), b(w), c(w);
  a.join();
  b.join();
  c.join();
  assert(first == 3);
  return 0;
}

PROGRAM(ad_hoc_flag_ok, "") {
  static atomic<bool> f{false};
  first = 0;
  thread a([] {
    first = 1;
    f.store(true, memory_order_release);
  });
  while (!f.load(memory_order_acquire)) {
  }
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(mutex_pairs_ok, "") {
  static mutex m;
  static atomic<int> n{0};
  auto w = [] {
    for (int i = 0; i < 3; ++i) {
      lock_guard l(m);
      ++first;
    }
  };
  first = 0;
  vector<thread> v;
  for (int i = 0; i < 3; ++i) v.emplace_back(w);
  for (auto& t : v) t.join();
  assert(first == 9);
  return 0;
}

PROGRAM(thread_in_thread_ok, "") {
  first = 0;
  thread a([] {
    thread b([] { first = 1; });
    b.join();
    ++first;
  });
  a.join();
  assert(first == 2);
  return 0;
}

PROGRAM(adjacent_ok, "") {
  static char c[2];
  thread a([] { c[0] = 1; });
  c[1] = 1;
  a.join();
  return 0;
}
