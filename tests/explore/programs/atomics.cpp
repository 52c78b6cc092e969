// Atomics of all widths, and what orders nothing.
#include "tests/explore/programs/program.h"

static int shared;

PROGRAM(atomic_freed_bad, "data_race,memory_error,crash") {
  auto* at = new atomic<int>(0);
  thread a([=] { at->fetch_add(1); });
  delete at;
  a.join();
  return 0;
}

PROGRAM(relaxed_publication_bad, "data_race") {
  static atomic<int*> box{nullptr};
  box = nullptr;
  thread a([] { box.store(new int(7), memory_order_relaxed); });
  if (int* p = box.load(memory_order_relaxed)) (void)*p, shared = *p;
  a.join();
  return 0;
}

PROGRAM(acquire_release_ok, "") {
  static atomic<int> ready{0};
  ready = 0;
  thread a([] {
    shared = 5;
    ready.store(1, memory_order_release);
  });
  if (ready.load(memory_order_acquire) == 1) assert(shared == 5);
  a.join();
  return 0;
}

PROGRAM(failed_exchange_orders_nothing_bad, "data_race") {
  static atomic<int> word{0};
  word = 0;
  thread a([] {
    shared = 1;
    int none = 9;
    word.compare_exchange_strong(none, 1, memory_order_release, memory_order_relaxed);  // fails: writes nothing
  });
  int none = 9;
  word.compare_exchange_strong(none, 1, memory_order_acq_rel, memory_order_acquire);
  (void)shared;
  shared = 2;
  a.join();
  return 0;
}

PROGRAM(builtin_atomics_ok, "") {
  static int counter;
  counter = 0;
  auto work = [] {
    __sync_fetch_and_add(&counter, 1);
    __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
  };
  twice(work);
  assert(counter == 4);
  return 0;
}

PROGRAM(wide_atomic_ok, "") {
  struct alignas(16) Pair {
    long a, b;
    bool operator==(const Pair&) const = default;
  };
  static atomic<Pair> pair{};
  auto work = [] {
    Pair was = pair.load();
    while (!pair.compare_exchange_weak(was, {was.a + 1, was.b + 1})) {
    }
  };
  twice(work);
  return pair.load().a % 2;
}

PROGRAM(wide_treiber_ok, "") {  // its 16 bytes are changed by calls of libatomic
  struct Node {
    int value;
    Node* next;
  };
  struct alignas(16) Head {
    Node* top;
    unsigned long tag;
  };
  static atomic<Head> head;
  head.store({nullptr, 0});
  static Node nodes[2];
  auto push = [](Node* node, int value) {
    node->value = value;
    Head was = head.load();
    do node->next = was.top;
    while (!head.compare_exchange_weak(was, {node, was.tag + 1}));
  };
  auto pop = []() -> Node* {
    Head was = head.load();
    while (was.top != nullptr && !head.compare_exchange_weak(was, {was.top->next, was.tag + 1})) {
    }
    return was.top;
  };
  push(&nodes[1], 2);
  thread a([&] { push(&nodes[0], 1); });
  Node* got = pop();
  assert(got != nullptr && got->value >= 1);
  a.join();
  return 0;
}
