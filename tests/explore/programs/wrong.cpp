// Races, misuse and crashes, of the kinds that ThreadSanitizer's own tests have.
#include "tests/explore/programs/program.h"

static int first;

PROGRAM(rwlock_bad, "data_race,crash") {
  static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
  first = 0;
  auto w = [] {
    pthread_rwlock_rdlock(&l);
    ++first;
    pthread_rwlock_unlock(&l);
  };
  twice(w);
  return 0;
}

PROGRAM(destroy_locked, "mutex_misuse") {
  static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  thread a([] { pthread_mutex_lock(&m); });
  a.join();
  pthread_mutex_destroy(&m);
  return 0;
}

PROGRAM(unlock_foreign, "mutex_misuse") {
  static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&m);
  thread a([] { pthread_mutex_unlock(&m); });
  a.join();
  return 0;
}

PROGRAM(unlock_unlocked, "mutex_misuse") {
  static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_unlock(&m);
  return 0;
}
struct Base {
  virtual void f() {}
  virtual ~Base() { done(); }
  void done() {
    lock_guard l(m);
    d = true;
  }
  mutex m;
  bool d = false;
};
struct Derived : Base {
  void f() override {}
};

PROGRAM(vptr_bad, "data_race,memory_error,crash") {
  Base* p = new Derived;
  thread a([p] { p->f(); });
  delete p;
  a.join();
  return 0;
}

PROGRAM(free_race, "data_race,memory_error,crash") {
  int* p = (int*)malloc(4);
  thread a([p] { *p = 1; });
  free(p);
  a.join();
  return 0;
}

PROGRAM(memcpy_race, "data_race") {
  static char x[64], y[64];
  thread a([] { memcpy(x, y, 64); });
  x[10] = 1;
  a.join();
  return 0;
}

PROGRAM(memset_race, "data_race") {
  static char x[64];
  thread a([] { memset(x, 1, 64); });
  x[63] = 2;
  a.join();
  return 0;
}

PROGRAM(bitfield_bad, "data_race") {
  static struct {
    int a : 4, b : 4;
  } s;
  thread a([] { s.a = 1; });
  s.b = 2;
  a.join();
  return 0;
}

PROGRAM(null_write, "crash") {
  thread a([] {
    int* volatile p = nullptr;
    *p = 1;
  });
  a.join();
  return 0;
}

PROGRAM(null_call, "crash") {
  void (*volatile f)() = nullptr;
  f();
  return 0;
}

PROGRAM(stack_overflow, "crash") {
  struct R {
    static int f(int n) {
      volatile char b[4096];
      b[0] = n;
      return n < 0 ? 0 : f(n + 1) + b[0];
    }
  };
  thread a([] { first = R::f(0); });
  a.join();
  return 0;
}

PROGRAM(assert_fails, "crash") {
  static atomic<int> n{0};
  auto w = [] {
    int x = n;
    n = x + 1;
  };
  twice(w);
  assert(n == 2);
  return 0;
}

PROGRAM(exit_code, "wrong_result") {
  static atomic<int> n{0};
  auto w = [] {
    int x = n;
    n = x + 1;
  };
  twice(w);
  return n == 2 ? 0 : 3;
}

PROGRAM(abort_bad, "crash") {
  thread a([] { abort(); });
  a.join();
  return 0;
}

PROGRAM(uncaught_bad, "uncaught_exception") {
  thread a([] { throw 1; });
  a.join();
  return 0;
}

PROGRAM(div_zero, "crash") {
  thread a([] {
    volatile int z = 0;
    first = 1 / z;
  });
  a.join();
  return 0;
}

PROGRAM(sleep_hides_race, "data_race") {
  first = 0;
  thread a([] { first = 1; });
  this_thread::sleep_for(chrono::seconds(1));
  first = 2;
  a.join();
  return 0;
}

PROGRAM(sleep_order_bad, "crash,data_race") {
  static atomic<int> v{0};
  thread a([] { v = 1; });
  this_thread::sleep_for(chrono::seconds(1));
  assert(v == 1);
  a.join();
  return 0;
}

PROGRAM(union_race, "data_race") {
  static union {
    int i;
    char c[4];
  } u;
  thread a([] { u.i = 1; });
  u.c[2] = 1;
  a.join();
  return 0;
}

PROGRAM(stack_race, "data_race") {
  int x = 0;
  thread a([&] { x = 1; });
  x = 2;
  a.join();
  return 0;
}

PROGRAM(heap_race, "data_race") {
  auto p = make_unique<int>(0);
  thread a([&] { *p = 1; });
  *p = 2;
  a.join();
  return 0;
}

PROGRAM(tls_race, "data_race") {
  static thread_local int t;
  int* p = &t;
  thread a([p] { *p = 1; });
  t = 2;
  a.join();
  return 0;
}

PROGRAM(atomic_plain_race, "data_race") {
  static atomic<int> v;
  thread a([] { v.store(1, memory_order_relaxed); });
  int x = *reinterpret_cast<volatile int*>(&v);
  (void)x;
  a.join();
  return 0;
}

PROGRAM(string_race, "data_race,memory_error,crash") {
  static string s;
  thread a([] { s = string(100, 'a'); });
  s = string(200, 'b');
  a.join();
  return 0;
}

PROGRAM(main_returns_early, "data_race,memory_error,crash,early_exit,uncaught_exception") {
  static vector<int> v(10);
  thread t([] {
    for (int i = 0; i < 3; ++i) v.at(i) = i;
  });
  t.detach();
  return 0;
}

PROGRAM(double_lock, "deadlock") {
  static mutex m;
  m.lock();
  m.lock();
  return 0;
}

PROGRAM(join_self, "deadlock,crash,uncaught_exception") {
  static thread* t;
  static atomic<bool> ready{false};
  t = new thread([] {
    while (!ready) this_thread::yield();
    t->join();
  });
  ready = true;
  this_thread::sleep_for(chrono::milliseconds(1));
  if (t->joinable()) t->join();
  return 0;
}

PROGRAM(cond_destroyed_waiting, "hang,lost_wakeup,mutex_misuse,deadlock") {
  static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
  static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  static bool f = false;
  thread a([] {
    pthread_mutex_lock(&m);
    while (!f) pthread_cond_wait(&c, &m);
    pthread_mutex_unlock(&m);
  });
  pthread_mutex_lock(&m);
  f = true;
  pthread_mutex_unlock(&m);
  a.join();
  pthread_mutex_lock(&m);
  f = false;
  pthread_mutex_unlock(&m);
  thread b([] {
    pthread_mutex_lock(&m);
    while (!f) pthread_cond_wait(&c, &m);
    pthread_mutex_unlock(&m);
  });
  b.join();
  return 0;
}
