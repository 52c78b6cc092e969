// Lock-free structures and lifetimes: CHESS's work-stealing queues, ABA, double-checked locking, ConVul's shapes of use
// after free.
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/explore/cases/case.h"

namespace {

// A work-stealing queue (Chase, Lev): the owner's pop against a thief's steal for the last item.
struct StealQueue {
  std::atomic<int> head = 0, tail = 0;
  std::array<std::atomic<int>, 8> items{};
  void push(int item) {
    const int t = tail.load();
    items[static_cast<std::size_t>(t)] = item;
    tail = t + 1;
  }
  int pop(bool right) {
    const int t = tail.load() - 1;
    tail = t;
    int h = head.load();
    if (t < h) {
      tail = h;
      return 0;
    }
    const int item = items[static_cast<std::size_t>(t)];
    if (t > h) return item;
    if (!right) return item;  // the last one may be stolen at the same time
    const bool won = head.compare_exchange_strong(h, h + 1);
    tail = t + 1;
    return won ? item : 0;
  }
  int steal(bool right) {
    int h = head.load();
    if (h >= tail.load()) return 0;
    const int item = items[static_cast<std::size_t>(h)];
    if (!right) {
      head = h + 1;
      return item;
    }
    return head.compare_exchange_strong(h, h + 1) ? item : 0;
  }
};
void steal_against_pop(bool pop_right, bool steal_right, int thieves) {
  StealQueue queue;
  std::array<std::atomic<int>, 4> taken{};
  const auto take = [&](int item) {
    if (item != 0) taken[static_cast<std::size_t>(item)]++;
  };
  for (int item = 1; item <= 3; ++item) queue.push(item);
  std::vector<std::thread> threads;
  for (int i = 0; i < thieves; ++i)
    threads.emplace_back([&] {
      for (int turn = 0; turn < 2; ++turn) take(queue.steal(steal_right));
    });
  for (int turn = 0; turn < 3; ++turn) take(queue.pop(pop_right));
  for (auto& thread : threads) thread.join();
  for (int item = 1; item <= 3; ++item) EXPECT(taken[static_cast<std::size_t>(item)] <= 1);
}

struct Node {
  std::atomic<int> below = 0;
};
// By index, so that a node that comes back has the same name: 0 is the end.
struct Treiber {
  std::atomic<unsigned> top = 0;  // index, and above it how often it changed (where that is counted)
  std::array<Node, 5> nodes;
  bool counted = false;
  unsigned next(unsigned seen, int index) const {
    return static_cast<unsigned>(index) | (counted ? (seen & ~7U) + 8U : 0U);
  }
  int pop() {
    unsigned seen = top.load();
    for (;;) {
      const int index = static_cast<int>(seen & 7U);
      if (index == 0) return 0;
      if (top.compare_exchange_strong(seen, next(seen, nodes[static_cast<std::size_t>(index)].below))) return index;
    }
  }
  void push(int index) {
    unsigned seen = top.load();
    do nodes[static_cast<std::size_t>(index)].below = static_cast<int>(seen & 7U);
    while (!top.compare_exchange_strong(seen, next(seen, index)));
  }
};
void treiber(bool counted) {
  Treiber stack;
  stack.counted = counted;
  for (int i = 3; i > 0; --i) stack.push(i);
  int one = 0, other = 0;
  std::thread a([&] { one = stack.pop(); });
  std::thread b([&] {
    const int first = stack.pop();
    other = stack.pop();
    if (first != 0) stack.push(first);
  });
  a.join(), b.join();
  int left = 0;
  for (int taken = stack.pop(); taken != 0 && left < 5; taken = stack.pop()) {
    EXPECT(taken != one && taken != other);
    ++left;
  }
  EXPECT(left + (one != 0) + (other != 0) == 3);
}

}  // namespace

CASE(work_stealing_pop_bad, "wrong_result") { steal_against_pop(false, true, 1); }
CASE(work_stealing_steal_bad, "wrong_result") { steal_against_pop(true, false, 1); }
CASE(work_stealing_two_thieves_bad, "wrong_result") { steal_against_pop(true, false, 2); }
CASE(work_stealing_fixed, "") { steal_against_pop(true, true, 2); }
CASE(treiber_aba_bad, "wrong_result") { treiber(false); }
CASE(treiber_counted_fixed, "") { treiber(true); }

// Vyukov's safe stack, which is not: needs three threads and five preemptions.
CASE(safe_stack_hard, "wrong_result,data_race,limit_exceeded,livelock") {
  struct Stack {
    std::atomic<int> head = 0, count = 3;
    std::array<std::atomic<int>, 3> next{};
    int pop() {
      while (count.load() > 1) {
        int h = head.load();
        const int n = next[static_cast<std::size_t>(h)].exchange(-1);
        if (n < 0) continue;
        int expected = h;
        if (head.compare_exchange_strong(expected, n)) {
          count--;
          return h;
        }
        next[static_cast<std::size_t>(h)].exchange(n);
      }
      return -1;
    }
    void push(int index) {
      int h = head.load();
      do next[static_cast<std::size_t>(index)] = h;
      while (!head.compare_exchange_strong(h, index));
      count++;
    }
  };
  Stack stack;
  for (int i = 0; i < 3; ++i) stack.next[static_cast<std::size_t>(i)] = i + 1 < 3 ? i + 1 : -1;
  std::array<std::atomic<int>, 3> owner{};
  std::vector<std::thread> threads;
  for (int me = 1; me <= 3; ++me)
    threads.emplace_back([&, me] {
      for (int turn = 0; turn < 2; ++turn) {
        const int index = stack.pop();
        if (index < 0) continue;
        auto& held = owner[static_cast<std::size_t>(index)];
        held = me;
        EXPECT(held == me);
        stack.push(index);
      }
    });
  for (auto& thread : threads) thread.join();
}

CASE(double_checked_bad, "wrong_result,data_race") {
  struct Made {
    int value = 0;
  };
  std::atomic<bool> there = false;
  Made made;
  std::mutex mutex;
  const auto use = [&] {
    if (!there) {
      std::lock_guard lock(mutex);
      if (!there) {
        there = true;  // before it is made
        made.value = 42;
      }
    }
    EXPECT(made.value == 42);
  };
  std::thread a(use), b(use);
  a.join(), b.join();
}
CASE(double_checked_fixed, "") {
  int value = 0;
  std::atomic<bool> there = false;
  std::mutex mutex;
  const auto use = [&] {
    if (!there) {
      std::lock_guard lock(mutex);
      if (!there) {
        value = 42;
        there = true;
      }
    }
    EXPECT(value == 42);
  };
  std::thread a(use), b(use);
  a.join(), b.join();
}

CASE(atomic_load_then_store_bad, "wrong_result") {
  std::atomic<int> count = 0;
  const auto work = [&] { count = count + 1; };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(count == 2);
}

CASE(reference_count_bad, "memory_error,crash,data_race") {  // ConVul: looked at, then taken a reference of
  struct Object {
    std::atomic<int> references = 1;
    int value = 7;
  };
  std::atomic<Object*> shared = new Object;
  const auto drop = [](Object* object) {
    if (--object->references == 0) delete object;
  };
  std::thread reads([&] {
    Object* object = shared;
    if (object == nullptr) return;
    ++object->references;
    const int seen = object->value;
    (void)seen;
    drop(object);
  });
  std::thread clears([&] { drop(shared.exchange(nullptr)); });
  reads.join(), clears.join();
}
CASE(double_free_bad, "memory_error,crash,data_race") {
  int* block = new int(1);
  const auto free_once = [&] {
    if (block != nullptr) {
      delete block;
      block = nullptr;
    }
  };
  std::thread a(free_once), b(free_once);
  a.join(), b.join();
}
CASE(null_between_check_and_use_bad, "crash,data_race") {
  int value = 3;
  int* pointer = &value;
  std::thread uses([&] {
    for (int i = 0; i < 3; ++i)
      if (pointer != nullptr) *pointer = i;
  });
  std::thread clears([&] { pointer = nullptr; });
  uses.join(), clears.join();
}
CASE(ticket_order_bad, "wrong_result") {  // two counters that are only right together
  std::atomic<int> taken = 0, served = 0;
  std::atomic<int> inside = 0;
  const auto work = [&] {
    const int mine = taken.load();
    taken = mine + 1;
    while (served.load() < mine) std::this_thread::yield();
    EXPECT(++inside == 1);
    --inside;
    ++served;
  };
  std::thread a(work), b(work);
  a.join(), b.join();
}
CASE(ticket_lock_fixed, "") {
  std::atomic<int> taken = 0, served = 0;
  std::atomic<int> inside = 0;
  const auto work = [&] {
    const int mine = taken++;
    while (served.load() != mine) std::this_thread::yield();
    EXPECT(++inside == 1);
    --inside;
    ++served;
  };
  std::thread a(work), b(work), c(work);
  a.join(), b.join(), c.join();
}
CASE(three_meetings_bad, "wrong_result") {  // both must be stopped in the middle, three times
  std::atomic<int> a = 0, b = 0;
  bool met = false;
  std::thread one([&] {
    a = 1;
    if (b != 1) return;
    a = 2;
    if (b != 2) return;
    met = true;
  });
  std::thread two([&] {
    if (a != 1) return;
    b = 1;
    if (a != 2) return;
    b = 2;
    b = 3;
  });
  one.join(), two.join();
  EXPECT(!met);
}
template <typename Order>
static void peterson(Order order) {
  std::array<std::atomic<int>, 2> wants{};
  std::atomic<int> turn = 0;
  std::atomic<int> inside = 0;
  const auto side = [&](int me) {
    wants[static_cast<std::size_t>(me)].store(1, order.store);
    turn.store(1 - me, order.store);
    while (wants[static_cast<std::size_t>(1 - me)].load(order.load) != 0 && turn.load(order.load) == 1 - me)
      std::this_thread::yield();
    EXPECT(inside.fetch_add(1) == 0);
    inside.fetch_sub(1);
    wants[static_cast<std::size_t>(me)].store(0, order.store);
  };
  std::thread a(side, 0), b(side, 1);
  a.join(), b.join();
}
struct Relaxed {
  std::memory_order load = std::memory_order_relaxed, store = std::memory_order_relaxed;
};
struct Strict {
  std::memory_order load = std::memory_order_seq_cst, store = std::memory_order_seq_cst;
};
CASE_UNDER("relaxed", peterson_relaxed_bad, "wrong_result") { peterson(Relaxed{}); }
CASE_UNDER("relaxed", peterson_seq_cst_fixed, "") { peterson(Strict{}); }
CASE(peterson_fixed, "") { peterson(Strict{}); }
