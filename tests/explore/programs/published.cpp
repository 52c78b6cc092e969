// Shapes of published known-bug programs (SCTBench, CHESS, Inspect, RADBench and the like), with their own assertions.
#include "tests/explore/programs/program.h"

PROGRAM(fsbench_bad, "crash,data_race") {
  constexpr int blocks = 26, inodes = 32, threads = 27;
  static int busy[blocks], inode[inodes];
  static mutex locki[inodes], lockb[blocks];
  vector<thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([t] {
      const int i = t % inodes;
      lock_guard l(locki[i]);
      if (inode[i] == 0) {
        int b = (i * 2) % blocks;
        while (true) {
          lock_guard k(lockb[b]);
          if (!busy[b]) {
            busy[b] = 1;
            inode[i] = b + 1;
            assert(inode[i] != 3);
            break;
          }
          b = (b + 1) % blocks;
        }
      }
    });
  for (auto& t : all) t.join();
  return 0;
}

PROGRAM(sync02_bad, "hang,lost_wakeup,deadlock") {
  static mutex m;
  static condition_variable empty, full;
  static int num = 1;
  thread a([] {
    unique_lock l(m);
    while (num > 0) empty.wait(l);
    ++num;
    l.unlock();
    full.notify_one();
  });
  thread b([] {
    unique_lock l(m);
    while (num == 0) full.wait(l);
    l.unlock();
    empty.notify_one();
  });
  a.join();
  b.join();
  return 0;
}

PROGRAM(airline_bad, "crash,data_race") {
  static atomic<int> sold{0};
  static atomic<bool> stop{false};
  vector<thread> v;
  for (int i = 0; i < 3; ++i)
    v.emplace_back([] {
      if (!stop) {
        int s = ++sold;
        if (s >= 2) stop = true;
      }
    });
  for (auto& t : v) t.join();
  assert(sold <= 2);
  return 0;
}

PROGRAM(bitshift_bad, "crash,data_race") {
  static unsigned v = 0;
  static mutex m1, m2;
  thread a([] {
    lock_guard l(m1);
    v |= 1u << 3;
  }),
      b([] {
        lock_guard l(m2);
        v |= 1u << 4;
      });
  a.join();
  b.join();
  assert(v == 24);
  return 0;
}

PROGRAM(qsort_mt_bad,
        "crash,data_race,hang,lost_wakeup,deadlock") {  // Linux: worker is launched between two checks of its state
  static mutex m;
  static condition_variable c;
  static int state = 0;
  static atomic<int> idle{0};
  thread w([] {
    unique_lock l(m);
    ++idle;
    l.unlock();
    l.lock();
    while (state == 0) c.wait(l);
  });
  while (idle == 0) this_thread::yield();
  state = 1;
  c.notify_one();
  w.join();
  return 0;
}

PROGRAM(ctrace_bad, "crash,data_race,memory_error") {
  static int level = 0;
  static char buffer[8];
  static atomic<int> at{0};
  auto trc = [] {
    int p = at;
    buffer[p % 8] = 'x';
    at = p + 1;
    ++level;
  };
  twice(trc);
  assert(at == 2);
  return 0;
}

PROGRAM(pbzip2_bad, "crash,data_race,memory_error,mutex_misuse,hang") {
  struct Q {
    mutex m;
    condition_variable c;
    bool done = false;
  };
  Q* q = new Q;
  static atomic<bool> finished{false};
  thread w([q] {
    unique_lock l(q->m);
    while (!q->done) q->c.wait_for(l, chrono::milliseconds(1));
    finished = true;
    l.unlock();
  });
  {
    lock_guard l(q->m);
    q->done = true;
  }
  while (!finished) this_thread::yield();
  delete q;
  w.join();
  return 0;
}

PROGRAM(aget_bad, "crash,data_race") {
  static long long bwritten = 0;
  static mutex m;
  static atomic<bool> sig{false};
  static long long saved;
  thread d([] {
    for (int i = 0; i < 2; ++i) {
      long long got = 100;
      {
        lock_guard l(m);
        bwritten += got;
      }
    }
  });
  thread s([] {
    saved = bwritten;
    sig = true;
  });
  d.join();
  s.join();
  assert(saved == 200);
  return 0;
}

struct Bar {
  atomic<int> n{0};
  atomic<bool> sense{false};
  mutex m;
  condition_variable c;
  bool spin_wait(int total) {
    bool mine = !sense;
    if (++n == total) {
      n = 0;
      sense = mine;
      c.notify_all();
      return true;
    }
    for (int i = 0; i < 3; ++i)
      if (sense == mine) return false;
    unique_lock l(m);
    while (sense != mine) c.wait(l);
    return false;
  }
};

PROGRAM(streamcluster_barrier_bad, "hang,lost_wakeup,deadlock") {
  static Bar b;
  auto w = [] { b.spin_wait(2); };
  thread x(w), y(w);
  x.join();
  y.join();
  return 0;
}

PROGRAM(streamcluster2_bad, "crash,data_race") {
  static pthread_barrier_t b;
  pthread_barrier_init(&b, nullptr, 2);
  static int open = 0, seen[2];
  auto w = [](int i) {
    if (i == 0) open = 1;
    if (i == 0) pthread_barrier_wait(&b);
    seen[i] = open;
    if (i == 1) pthread_barrier_wait(&b);
  };
  thread x(w, 0), y(w, 1);
  x.join();
  y.join();
  assert(seen[1] == 1);
  return 0;
}

PROGRAM(boundedbuffer_bad, "hang,lost_wakeup") {
  static mutex m;
  static condition_variable c;
  static int n = 0;
  auto put = [] {
    for (int i = 0; i < 2; ++i) {
      unique_lock l(m);
      while (n == 1) c.wait(l);
      ++n;
      c.notify_one();
    }
  };
  auto get = [] {
    for (int i = 0; i < 2; ++i) {
      unique_lock l(m);
      while (n == 0) c.wait(l);
      --n;
      c.notify_one();
    }
  };
  thread a(put), b(put), d(get), e(get);
  a.join();
  b.join();
  d.join();
  e.join();
  return 0;
}

PROGRAM(swarm_spinlock_bad, "hang,livelock,crash,data_race") {
  static atomic<int> turn{0};
  static int x = 0;
  auto w = [] {
    while (turn.exchange(1)) this_thread::yield();
    ++x;
    turn = 0;
  };
  auto bad = [] {
    turn = 0;
    while (turn.exchange(1)) this_thread::yield();
    ++x;
    turn = 0;
  };
  thread a(w), b(bad);
  a.join();
  b.join();
  assert(x == 2);
  return 0;
}

PROGRAM(lazy_init_bad, "crash,data_race") {
  static atomic<int*> p{nullptr};
  static atomic<int> made{0};
  auto get = [] {
    if (!p) {
      ++made;
      p = new int(1);
    }
  };
  twice(get);
  assert(made == 1);
  return 0;
}

PROGRAM(deadlock_rwlock_bad, "deadlock,hang") {
  static shared_mutex m;
  static mutex n;
  thread a([] {
    shared_lock l(m);
    lock_guard k(n);
  }),
      b([] {
        lock_guard k(n);
        unique_lock l(m);
      });
  a.join();
  b.join();
  return 0;
}

PROGRAM(three_lock_cycle_bad, "deadlock") {
  static mutex m[3];
  auto w = [](int i) {
    lock_guard a(m[i]);
    lock_guard b(m[(i + 1) % 3]);
  };
  thread a(w, 0), b(w, 1), c(w, 2);
  a.join();
  b.join();
  c.join();
  return 0;
}

PROGRAM(signal_all_once_bad, "hang,lost_wakeup") {
  static mutex m;
  static condition_variable c;
  static int n = 0;
  auto w = [] {
    unique_lock l(m);
    if (++n == 3)
      c.notify_one();
    else
      c.wait(l, [] { return n == 3; });
  };
  thread a(w), b(w), d(w);
  a.join();
  b.join();
  d.join();
  return 0;
}

PROGRAM(semaphore_leak_bad, "hang,lost_wakeup,deadlock") {
  static sem_t s;
  sem_init(&s, 0, 1);
  static atomic<int> n{0};
  auto w = [] {
    sem_wait(&s);
    if (++n == 2) return;
    sem_post(&s);
  };
  thread a(w), b(w), c(w);
  a.join();
  b.join();
  c.join();
  return 0;
}
