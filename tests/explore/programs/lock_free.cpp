// Lock-free algorithms and locks of the code's own, right and wrong.
#include "tests/explore/programs/program.h"

PROGRAM(work_queue_ring_bad, "crash,data_race") {
  static atomic<unsigned> head{0}, tail{0};
  static int ring[4];
  static atomic<int> sum{0};
  auto take = [] {
    for (int i = 0; i < 2; ++i) {
      unsigned t = tail;
      if (t == head) continue;
      int v = ring[t % 4];
      tail = t + 1;
      sum += v;
    }
  };
  for (int i = 0; i < 3; ++i) {
    ring[i] = 1 << i;
    head = head + 1;
  }
  twice(take);
  take();
  assert(sum == 7);
  return 0;
}

PROGRAM(seqlock_bad, "crash,data_race") {
  static atomic<unsigned> s{0};
  static atomic<int> a{0}, b{0};
  thread w([] {
    s = s + 1;
    a = 1;
    b = 1;
    s = s + 1;
  });
  unsigned s0 = s;
  int x = a, y = b;
  if ((s0 & 1) == 0) {
    (void)s;
    assert(x == y);
  }
  w.join();
  return 0;
}

PROGRAM(seqlock_ok, "") {
  static atomic<unsigned> s{0};
  static atomic<int> a{0}, b{0};
  thread w([] {
    s = s + 1;
    a = 1;
    b = 1;
    s = s + 1;
  });
  for (int i = 0; i < 3; ++i) {
    unsigned s0 = s;
    int x = a, y = b;
    if ((s0 & 1) == 0 && s == s0) assert(x == y);
  }
  w.join();
  return 0;
}

PROGRAM(hazard_bad, "memory_error,data_race,crash") {
  static atomic<int*> p{new int(1)};
  static atomic<int*> hp{nullptr};
  thread r([] {
    int* x = p;
    hp = x;
    int v = *x;
    (void)v;
    hp = nullptr;
  });
  int* old = p.exchange(new int(2));
  while (hp == old) this_thread::yield();
  delete old;
  r.join();
  return 0;
}

PROGRAM(hazard_ok, "") {
  static atomic<int*> p{new int(1)};
  static atomic<int*> hp{nullptr};
  thread r([] {
    int* x;
    do {
      x = p;
      hp = x;
    } while (p != x);
    int v = *x;
    (void)v;
    hp = nullptr;
  });
  int* old = p.exchange(new int(2));
  while (hp == old) this_thread::yield();
  delete old;
  r.join();
  return 0;
}

PROGRAM(rcu_list_bad, "memory_error,data_race,crash") {
  struct N {
    int v;
    N* next;
  };
  static atomic<N*> h{new N{1, nullptr}};
  thread r([] {
    for (N* n = h; n; n = n->next) assert(n->v == 1);
  });
  N* o = h.exchange(nullptr);
  delete o;
  r.join();
  return 0;
}

PROGRAM(mcs_lock_ok, "") {
  struct N {
    atomic<N*> next{nullptr};
    atomic<bool> wait{false};
  };
  static atomic<N*> tail{nullptr};
  static int x = 0;
  auto w = [] {
    N me;
    N* p = tail.exchange(&me);
    if (p) {
      me.wait = true;
      p->next = &me;
      while (me.wait) this_thread::yield();
    }
    ++x;
    N* self = &me;
    if (!me.next) {
      if (tail.compare_exchange_strong(self, nullptr)) return;
      while (!me.next) this_thread::yield();
    }
    me.next.load()->wait = false;
  };
  twice(w);
  assert(x == 2);
  return 0;
}

PROGRAM(mcs_lock_bad, "hang,livelock") {
  struct N {
    atomic<N*> next{nullptr};
    atomic<bool> wait{false};
  };
  static atomic<N*> tail{nullptr};
  static int x = 0;
  auto w = [] {
    N me;
    N* p = tail.exchange(&me);
    if (p) {
      p->next = &me;
      me.wait = true;
      while (me.wait) this_thread::yield();
    }
    ++x;
    N* self = &me;
    if (!me.next) {
      if (tail.compare_exchange_strong(self, nullptr)) return;
      while (!me.next) this_thread::yield();
    }
    me.next.load()->wait = false;
  };
  twice(w);
  assert(x == 2);
  return 0;
}

PROGRAM(michael_scott_ok, "") {
  struct N {
    int v;
    atomic<N*> next{nullptr};
  };
  static atomic<N*> head, tail;
  N* d = new N{0};
  head = d;
  tail = d;
  auto enq = [](int v) {
    N* n = new N{v};
    for (;;) {
      N* t = tail;
      N* x = t->next;
      if (x) {
        tail.compare_exchange_strong(t, x);
        continue;
      }
      if (t->next.compare_exchange_strong(x, n)) {
        tail.compare_exchange_strong(t, n);
        return;
      }
    }
  };
  auto deq = [] {
    for (;;) {
      N* h = head;
      N* x = h->next;
      if (!x) return -1;
      if (head.compare_exchange_strong(h, x)) return x->v;
    }
  };
  static atomic<int> got{0};
  thread a([&] {
    enq(1);
    int v = deq();
    if (v > 0) got += v;
  }),
      b([&] {
        enq(2);
        int v = deq();
        if (v > 0) got += v;
      });
  a.join();
  b.join();
  int r;
  while ((r = deq()) > 0) got += r;
  assert(got == 3);
  return 0;
}

PROGRAM(ms_queue_aba_like, "crash,data_race,memory_error") {
  static atomic<int> slot{1};
  static atomic<int> used{0};
  auto w = [] {
    int x = slot;
    if (x == 1 && slot.compare_exchange_strong(x, 0)) {
      ++used;
      slot = 1;
    }
  };
  thread a(w), b(w), c(w);
  a.join();
  b.join();
  c.join();
  assert(used != 3);
  return 0;
}
