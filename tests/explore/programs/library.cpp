// What C++ code does with the standard library's threads: nothing may be found.
#include "tests/explore/programs/program.h"

static int first;
static int second;

struct Tl {
  int* p = new int(1);
  ~Tl() { delete p; }
};

PROGRAM(tls_dtor_ok, "") {
  auto w = [] {
    static thread_local Tl t;
    ++*t.p;
  };
  twice(w);
  w();
  return 0;
}
struct Slow {
  int v;
  Slow() : v(3) { this_thread::yield(); }
};
static Slow& slow() {
  static Slow s;
  return s;
}

PROGRAM(static_guard_ok, "") {
  thread a([] { assert(slow().v == 3); }), b([] { assert(slow().v == 3); });
  a.join();
  b.join();
  return 0;
}

PROGRAM(latch_barrier_ok, "") {
  static latch l(2);
  static barrier<> b(2);
  first = second = 0;
  thread a([] {
    first = 1;
    l.count_down();
    b.arrive_and_wait();
    assert(second == 1);
  });
  l.count_down();
  l.wait();
  assert(first == 1);
  second = 1;
  b.arrive_and_wait();
  a.join();
  return 0;
}

PROGRAM(stop_token_ok, "") {
  first = 0;
  {
    jthread t([](stop_token s) {
      mutex m;
      condition_variable_any c;
      unique_lock l(m);
      c.wait(l, s, [] { return false; });
      first = 1;
    });
  }
  assert(first == 1);
  return 0;
}

PROGRAM(promise_ok, "") {
  promise<int> p;
  auto f = p.get_future().share();
  thread a([&] {
    first = 5;
    p.set_value(1);
  });
  thread b([f] {
    f.get();
    assert(first == 5);
  });
  f.wait();
  assert(first == 5);
  a.join();
  b.join();
  return 0;
}

PROGRAM(packaged_async_ok, "") {
  packaged_task<int()> t([] { return 3; });
  auto f = t.get_future();
  thread a(move(t));
  assert(f.get() == 3);
  a.join();
  auto h = async(launch::async, [] { return 4; });
  assert(h.get() == 4);
  return 0;
}

PROGRAM(async_exception_ok, "") {
  auto h = async(launch::async, []() -> int { throw runtime_error("x"); });
  try {
    h.get();
    return 1;
  } catch (const runtime_error&) {
    return 0;
  }
}

PROGRAM(call_once_ok, "") {
  static once_flag o;
  auto w = [] {
    call_once(o, [] { first = 9; });
    assert(first == 9);
  };
  twice(w);
  return 0;
}

PROGRAM(atomic_wait_ok, "") {
  static atomic<int> f{0};
  first = 0;
  thread a([] {
    first = 1;
    f = 1;
    f.notify_one();
  });
  f.wait(0);
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(atomic_ref_ok, "") {
  static int v = 0;
  first = 0;
  thread a([] {
    atomic_ref<int> r(v);
    first = 1;
    r.store(1, memory_order_release);
  });
  {
    atomic_ref<int> r(v);
    while (r.load(memory_order_acquire) == 0) this_thread::yield();
  }
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(atomic_shared_ptr_ok, "") {
  static atomic<shared_ptr<int>> p;
  p = make_shared<int>(1);
  thread a([] { p = make_shared<int>(2); });
  auto q = p.load();
  assert(*q == 1 || *q == 2);
  a.join();
  return 0;
}

PROGRAM(atomic_free_shared_ptr_ok, "") {
  static shared_ptr<int> p;
  atomic_store(&p, make_shared<int>(1));
  thread a([] { atomic_store(&p, make_shared<int>(2)); });
  auto q = atomic_load(&p);
  assert(*q > 0);
  a.join();
  return 0;
}

PROGRAM(cv_any_ok, "") {
  static shared_mutex m;
  static condition_variable_any c;
  static bool f = false;
  thread a([] {
    shared_lock l(m);
    c.wait(l, [] { return f; });
  });
  {
    unique_lock l(m);
    f = true;
  }
  c.notify_all();
  a.join();
  return 0;
}

PROGRAM(timed_mutex_ok, "") {
  static timed_mutex m;
  static recursive_timed_mutex rm;
  static shared_timed_mutex sm;
  first = 0;
  auto w = [] {
    if (m.try_lock_for(chrono::milliseconds(10))) {
      ++first;
      m.unlock();
    }
    if (rm.try_lock_for(chrono::milliseconds(10))) {
      rm.lock();
      ++second;
      rm.unlock();
      rm.unlock();
    }
    if (sm.try_lock_shared_for(chrono::milliseconds(1))) sm.unlock_shared();
  };
  twice(w);
  return 0;
}

PROGRAM(stream_ok, "") {
  auto w = [](int i) {
    ostringstream o;
    o << i << " " << 1.5;
    string s = o.str();
    if (s.empty()) abort();
  };
  thread a(w, 1), b(w, 2);
  a.join();
  b.join();
  return 0;
}

PROGRAM(malloc_free_across_ok, "") {
  static mutex m;
  static vector<int*> v;
  auto w = [] {
    lock_guard l(m);
    v.push_back(new int(1));
  };
  auto r = [] {
    lock_guard l(m);
    for (auto p : v) {
      *p = 2;
      delete p;
    }
    v.clear();
  };
  thread a(w), b(r), c(w);
  a.join();
  b.join();
  c.join();
  r();
  return 0;
}

PROGRAM(qsort_lock_ok, "") {
  static mutex m;
  auto w = [] {
    int x[3] = {3, 1, 2};
    qsort(x, 3, sizeof(int), [](const void* p, const void* q) {
      lock_guard l(m);
      return *(const int*)p - *(const int*)q;
    });
    assert(x[0] == 1);
  };
  twice(w);
  return 0;
}

PROGRAM(longjmp_ok, "") {
  auto w = [] {
    jmp_buf j;
    volatile int n = 0;
    if (setjmp(j) == 0) {
      n = 1;
      longjmp(j, 1);
    }
    assert(n == 1);
    mutex m;
    lock_guard l(m);
  };
  twice(w);
  return 0;
}

PROGRAM(static_dtor_ok, "") {
  static mutex m;
  static map<int, string> s;
  auto w = [](int i) {
    lock_guard l(m);
    s[i] = string(50, 'x');
  };
  thread a(w, 1), b(w, 2);
  a.join();
  b.join();
  return 0;
}
