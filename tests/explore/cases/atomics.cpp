// Atomics, fences, and what waits on them.
#include <atomic>
#include <barrier>
#include <latch>
#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

#include "tests/explore/cases/case.h"

CASE(load_then_store, "wrong_result") {
  std::atomic<int> n = 0;
  const auto work = [&] { n.store(n.load() + 1); };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(n == 2);
}
CASE(fetch_add_counts, "") {
  std::atomic<int> n = 0;
  std::thread a([&] { ++n; }), b([&] { ++n; });
  a.join(), b.join();
  EXPECT(n == 2);
}
CASE(publication, "") {
  int data = 0;
  std::atomic<bool> ready = false;
  std::thread a([&] {
    data = 1;
    ready.store(true, std::memory_order_release);
  });
  std::thread b([&] {
    if (ready.load(std::memory_order_acquire)) EXPECT(data == 1);
  });
  a.join(), b.join();
}
CASE(publication_relaxed, "data_race") {
  int data = 0;
  std::atomic<bool> ready = false;
  std::thread a([&] {
    data = 1;
    ready.store(true, std::memory_order_relaxed);
  });
  std::thread b([&] {
    if (ready.load(std::memory_order_relaxed)) EXPECT(data == 1);
  });
  a.join(), b.join();
}
CASE(publication_by_fences, "") {
  int data = 0;
  std::atomic<bool> ready = false;
  std::thread a([&] {
    data = 1;
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  std::thread b([&] {
    if (!ready.load(std::memory_order_relaxed)) return;
    std::atomic_thread_fence(std::memory_order_acquire);
    EXPECT(data == 1);
  });
  a.join(), b.join();
}
CASE(publication_with_one_fence, "data_race") {
  int data = 0;
  std::atomic<bool> ready = false;
  std::thread a([&] {
    data = 1;
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  std::thread b([&] {
    if (ready.load(std::memory_order_relaxed)) EXPECT(data == 1);
  });
  a.join(), b.join();
}
CASE(release_sequence_of_an_rmw, "") {
  int data = 0;
  std::atomic<int> n = 0;
  std::thread a([&] {
    data = 1;
    n.store(1, std::memory_order_release);
  });
  std::thread b([&] {
    int one = 1;
    n.compare_exchange_strong(one, 2, std::memory_order_relaxed);
  });
  std::thread c([&] {
    if (n.load(std::memory_order_acquire) == 2) EXPECT(data == 1);
  });
  a.join(), b.join(), c.join();
}
CASE(release_sequence_broken, "data_race") {
  int data = 0;
  std::atomic<int> n = 0;
  std::thread a([&] {
    data = 1;
    n.store(1, std::memory_order_release);
  });
  std::thread b([&] {
    if (n.load(std::memory_order_relaxed) == 1) n.store(2, std::memory_order_relaxed);
  });
  std::thread c([&] {
    if (n.load(std::memory_order_acquire) == 2) EXPECT(data == 1);
  });
  a.join(), b.join(), c.join();
}
CASE(two_atomics_in_one_cell, "") {
  struct Two {
    std::atomic<int> a, b;
  } two{};
  int x = 0, y = 0;
  std::thread s([&] {
    x = 1;
    two.a.store(1, std::memory_order_release);
  });
  std::thread t([&] {
    y = 1;
    two.b.store(1, std::memory_order_release);
  });
  std::thread u([&] {
    if (two.a.load(std::memory_order_acquire)) EXPECT(x == 1);
    if (two.b.load(std::memory_order_acquire)) EXPECT(y == 1);
  });
  s.join(), t.join(), u.join();
}
CASE(neighbours_do_not_race, "") {
  struct {
    char a, b;
    short c;
    int d;
  } cell{};
  std::thread s([&] { cell.a = 1; }), t([&] { cell.b = 2; }), u([&] { cell.c = 3; }), v([&] { cell.d = 4; });
  s.join(), t.join(), u.join(), v.join();
  EXPECT(cell.a == 1 && cell.b == 2 && cell.c == 3 && cell.d == 4);
}
CASE(bit_fields_race, "data_race,wrong_result") {
  struct {
    int a : 4, b : 4;
  } cell{};
  std::thread s([&] { cell.a = 1; }), t([&] { cell.b = 2; });
  s.join(), t.join();
  EXPECT(cell.a == 1 && cell.b == 2);
}
CASE(plain_read_of_an_atomic, "data_race") {
  std::atomic<int> n = 0;
  std::thread a([&] { n.store(1); });
  int copy = *reinterpret_cast<int*>(&n);
  a.join();
  EXPECT(copy == 0 || copy == 1);
}
extern "C" void __tsan_acquire(void*);
extern "C" void __tsan_release(void*);
CASE(order_that_the_code_tells, "") {
  int data = 0;
  std::atomic<bool> ready = false;
  std::thread a([&] {
    data = 1;
    __tsan_release(&ready);
    ready.store(true, std::memory_order_relaxed);
  });
  std::thread b([&] {
    if (!ready.load(std::memory_order_relaxed)) return;
    __tsan_acquire(&ready);
    EXPECT(data == 1);
  });
  a.join(), b.join();
}
CASE(spin_until_set, "") {
  std::atomic<bool> go = false;
  int data = 0;
  std::thread a([&] {
    while (!go.load(std::memory_order_acquire)) {
    }
    EXPECT(data == 1);
  });
  data = 1;
  go.store(true, std::memory_order_release);
  a.join();
}
CASE(spin_on_plain, "data_race,livelock,limit_exceeded") {
  bool go = false;
  std::thread a([&] {
    while (!go) {
    }
  });
  go = true;
  a.join();
}
CASE(spin_for_ever, "hang") {
  std::atomic<bool> go = false;
  std::thread a([&] {
    while (!go.load()) std::this_thread::yield();
  });
  a.join();
}
CASE(test_and_set_lock, "") {
  std::atomic_flag busy = ATOMIC_FLAG_INIT;
  int n = 0;
  const auto work = [&] {
    while (busy.test_and_set(std::memory_order_acquire)) {
    }
    ++n;
    busy.clear(std::memory_order_release);
  };
  std::thread a(work), b(work), c(work);
  a.join(), b.join(), c.join();
  EXPECT(n == 3);
}
CASE(double_checked_plain, "data_race") {
  static int payload;
  payload = 0;
  int* instance = nullptr;
  std::atomic_flag busy = ATOMIC_FLAG_INIT;
  const auto get = [&] {
    if (instance == nullptr) {
      while (busy.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
      if (instance == nullptr) {
        payload = 42;
        instance = &payload;
      }
      busy.clear(std::memory_order_release);
    }
    EXPECT(*instance == 42);
  };
  std::thread a(get), b(get);
  a.join(), b.join();
}
CASE(treiber_stack_aba, "wrong_result,memory_error") {
  struct Node {
    std::atomic<Node*> next = nullptr;
    std::atomic<int> taken = 0;
  };
  Node nodes[3];
  std::atomic<Node*> head = &nodes[0];
  nodes[0].next = &nodes[1];
  nodes[1].next = &nodes[2];
  const auto pop = [&]() -> Node* {
    for (;;) {
      Node* top = head.load();
      if (top == nullptr) return nullptr;
      Node* next = top->next.load();
      if (head.compare_exchange_strong(top, next)) return top;
    }
  };
  const auto push = [&](Node* node) {
    Node* top = head.load();
    do node->next.store(top);
    while (!head.compare_exchange_strong(top, node));
  };
  std::thread a([&] {
    if (Node* n = pop()) EXPECT(n->taken.fetch_add(1) == 0);
  });
  std::thread b([&] {
    Node* x = pop();
    Node* y = pop();
    if (y) EXPECT(y->taken.fetch_add(1) == 0);
    if (x) push(x);
    if (Node* z = pop()) EXPECT(z->taken.fetch_add(1) == 0);
    if (Node* z = pop()) EXPECT(z->taken.fetch_add(1) == 0);
  });
  a.join(), b.join();
}
CASE(atomic_wait_and_notify, "") {
  std::atomic<int> n = 0;
  std::thread a([&] {
    n.wait(0);
    EXPECT(n == 1);
  });
  n = 1;
  n.notify_one();
  a.join();
}
CASE(atomic_wait_without_notify, "lost_wakeup") {
  std::atomic<int> n = 0;
  std::thread a([&] { n.wait(0); });
  n = 1;
  a.join();
}
CASE(latch_and_barrier, "") {
  std::latch ready(2);
  std::barrier meet(2);
  int x = 0, y = 0;
  std::thread a([&] {
    x = 1;
    ready.count_down();
    meet.arrive_and_wait();
    EXPECT(y == 1);
  });
  std::thread b([&] {
    y = 1;
    ready.count_down();
    meet.arrive_and_wait();
    EXPECT(x == 1);
  });
  ready.wait();
  EXPECT(x == 1 && y == 1);
  a.join(), b.join();
}
CASE(semaphore_of_one_can_sleep_for_ever, "lost_wakeup") {
  // libstdc++ 12, as below: the waiter has read 1, spins while the token is taken, and sleeps on 1 when it is back.
  std::binary_semaphore one(1);
  int n = 0;
  const auto work = [&] {
    one.acquire();
    ++n;
    one.release();
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(n == 2);
}
CASE(semaphore_of_two_can_sleep_for_ever, "lost_wakeup") {
  // libstdc++ 12: a waiter reads 2, both tokens are taken and given back, and it sleeps on 2.
  std::counting_semaphore<2> permits(2);
  const auto work = [&] {
    permits.acquire();
    permits.release();
  };
  std::thread a(work), b(work), c(work);
  a.join(), b.join(), c.join();
}
CASE(shared_pointer_counts, "") {
  auto shared = std::make_shared<int>(1);
  std::thread a([copy = shared] { EXPECT(*copy == 1); }), b([copy = shared] { EXPECT(*copy == 1); });
  shared.reset();
  a.join(), b.join();
}
CASE(shared_pointer_itself_is_no_atomic, "data_race,memory_error,crash") {
  auto shared = std::make_shared<int>(1);
  std::thread a([&] { shared = std::make_shared<int>(2); });
  std::thread b([&] { auto copy = shared; });
  a.join(), b.join();
}

CASE_UNDER("relaxed", store_buffering_relaxed, "wrong_result") {
  std::atomic<int> x = 0, y = 0;
  int r = -1, s = -1;
  std::thread a([&] {
    x.store(1, std::memory_order_relaxed);
    r = y.load(std::memory_order_relaxed);
  });
  std::thread b([&] {
    y.store(1, std::memory_order_relaxed);
    s = x.load(std::memory_order_relaxed);
  });
  a.join(), b.join();
  EXPECT(r == 1 || s == 1);
}
CASE_UNDER("relaxed", store_buffering_seq_cst, "") {
  std::atomic<int> x = 0, y = 0;
  int r = -1, s = -1;
  std::thread a([&] {
    x.store(1);
    r = y.load();
  });
  std::thread b([&] {
    y.store(1);
    s = x.load();
  });
  a.join(), b.join();
  EXPECT(r == 1 || s == 1);
}
CASE_UNDER("relaxed", store_buffering_with_fences, "") {
  std::atomic<int> x = 0, y = 0;
  int r = -1, s = -1;
  std::thread a([&] {
    x.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    r = y.load(std::memory_order_relaxed);
  });
  std::thread b([&] {
    y.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    s = x.load(std::memory_order_relaxed);
  });
  a.join(), b.join();
  EXPECT(r == 1 || s == 1);
}
CASE_UNDER("relaxed", coherence_is_kept, "") {
  std::atomic<int> x = 0;
  int r = 0, s = 0;
  std::thread a([&] {
    x.store(1, std::memory_order_relaxed);
    x.store(2, std::memory_order_relaxed);
  });
  std::thread b([&] {
    r = x.load(std::memory_order_relaxed);
    s = x.load(std::memory_order_relaxed);
  });
  a.join(), b.join();
  EXPECT(s >= r);
  EXPECT(x.load(std::memory_order_relaxed) == 2);
}
CASE_UNDER("relaxed", message_passing_relaxed, "wrong_result") {
  std::atomic<int> data = 0, ready = 0;
  std::thread a([&] {
    data.store(1, std::memory_order_relaxed);
    ready.store(1, std::memory_order_relaxed);
  });
  std::thread b([&] {
    if (ready.load(std::memory_order_relaxed) == 1) EXPECT(data.load(std::memory_order_relaxed) == 1);
  });
  a.join(), b.join();
}
CASE_UNDER("relaxed", message_passing_acquired, "") {
  std::atomic<int> data = 0, ready = 0;
  std::thread a([&] {
    data.store(1, std::memory_order_relaxed);
    ready.store(1, std::memory_order_release);
  });
  std::thread b([&] {
    if (ready.load(std::memory_order_acquire) == 1) EXPECT(data.load(std::memory_order_relaxed) == 1);
  });
  a.join(), b.join();
}
CASE_UNDER("relaxed", independent_reads_acquire, "wrong_result") {
  std::atomic<int> x = 0, y = 0;
  int a = 0, b = 0, c = 0, d = 0;
  std::thread s([&] { x.store(1, std::memory_order_release); }), t([&] { y.store(1, std::memory_order_release); });
  std::thread u([&] {
    a = x.load(std::memory_order_acquire);
    b = y.load(std::memory_order_acquire);
  });
  std::thread v([&] {
    c = y.load(std::memory_order_acquire);
    d = x.load(std::memory_order_acquire);
  });
  s.join(), t.join(), u.join(), v.join();
  EXPECT(!(a == 1 && b == 0 && c == 1 && d == 0));
}
CASE_UNDER("relaxed", independent_reads_seq_cst, "") {
  std::atomic<int> x = 0, y = 0;
  int a = 0, b = 0, c = 0, d = 0;
  std::thread s([&] { x.store(1); }), t([&] { y.store(1); });
  std::thread u([&] {
    a = x.load();
    b = y.load();
  }),
      v([&] {
        c = y.load();
        d = x.load();
      });
  s.join(), t.join(), u.join(), v.join();
  EXPECT(!(a == 1 && b == 0 && c == 1 && d == 0));
}
CASE_UNDER("relaxed", peterson_relaxed, "wrong_result,data_race") {
  std::atomic<int> wants[2] = {}, turn = 0;
  int inside = 0;
  constexpr auto order = std::memory_order_relaxed;
  const auto work = [&](int me) {
    wants[me].store(1, order);
    turn.store(1 - me, order);
    while (wants[1 - me].load(order) == 1 && turn.load(order) == 1 - me) {
    }
    ++inside;
    wants[me].store(0, order);
  };
  std::thread a(work, 0), b(work, 1);
  a.join(), b.join();
  EXPECT(inside == 2);
}
CASE_UNDER("relaxed", peterson_seq_cst, "") {
  std::atomic<int> wants[2] = {}, turn = 0;
  int inside = 0;
  const auto work = [&](int me) {
    wants[me] = 1;
    turn = 1 - me;
    while (wants[1 - me] == 1 && turn == 1 - me) {
    }
    ++inside;
    wants[me] = 0;
  };
  std::thread a(work, 0), b(work, 1);
  a.join(), b.join();
  EXPECT(inside == 2);
}
