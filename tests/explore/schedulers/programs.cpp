#include "tests/explore/schedulers/programs.h"

#include <array>

namespace chicane::explore::simulated {
namespace {

Thread plain_increment(Simulation& s, Variable& x) {
  const int seen = co_await s.read(x);
  co_await s.write(x, seen + 1);
}
Thread load_then_store(Simulation& s, Variable& x) {
  const int seen = co_await s.load(x);
  co_await s.store(x, seen + 1);
}
Thread add_one(Simulation& s, Variable& x, int times) {
  for (int i = 0; i < times; ++i) co_await s.add(x, 1);
}
Thread lock_both(Simulation& s, Mutex& first, Mutex& second) {
  co_await s.lock(first);
  co_await s.lock(second);
  co_await s.unlock(second);
  co_await s.unlock(first);
}

struct Box {
  Mutex& mutex;
  Condition& filled;
  Variable& items;
};
Thread consume(Simulation& s, Box box, bool loop) {
  co_await s.lock(box.mutex);
  bool empty = co_await s.read(box.items) == 0;
  while (empty) {
    co_await s.wait(box.filled, box.mutex);
    empty = loop && co_await s.read(box.items) == 0;
  }
  const int items = co_await s.read(box.items);
  s.require(items > 0, "took from an empty box");
  co_await s.write(box.items, items - 1);
  co_await s.unlock(box.mutex);
}
Thread produce(Simulation& s, Box box, int count) {
  for (int i = 0; i < count; ++i) {
    co_await s.lock(box.mutex);
    co_await s.write(box.items, co_await s.read(box.items) + 1);
    co_await s.signal(box.filled);
    co_await s.unlock(box.mutex);
  }
}
void box(Simulation& s, bool loop) {
  const Box shared{s.mutex(), s.condition(), s.variable()};
  s.thread(consume(s, shared, loop));
  s.thread(consume(s, shared, loop));
  s.thread(produce(s, shared, 2));
}

// A stack of nodes 1 (top), 2, 3, by index; 0 is the end. Popping twice and pushing the first again changes what is
// below it, which the other's exchange can't see.
struct Stack {
  Variable& top;
  std::array<Variable*, 4> below;
};
Thread pop(Simulation& s, Stack stack, Variable& got) {
  for (int tries = 0; tries < 4; ++tries) {
    const int node = co_await s.load(stack.top);
    if (node == 0) co_return;
    const int next = co_await s.load(*stack.below[static_cast<std::size_t>(node)]);
    if (co_await s.exchange_if(stack.top, node, next) == 0) continue;
    co_await s.add(got, 1);
    co_return;
  }
}
Thread pop_two_push_one(Simulation& s, Stack stack, Variable& got) {
  std::array<int, 2> nodes{};
  for (int& taken : nodes)
    for (int tries = 0; tries < 4 && taken == 0; ++tries) {
      const int node = co_await s.load(stack.top);
      if (node == 0) co_return;
      const int next = co_await s.load(*stack.below[static_cast<std::size_t>(node)]);
      if (co_await s.exchange_if(stack.top, node, next) == 1) taken = node;
    }
  if (nodes[0] == 0 || nodes[1] == 0) co_return;
  co_await s.add(got, 2);
  for (int tries = 0; tries < 4; ++tries) {
    const int node = co_await s.load(stack.top);
    co_await s.store(*stack.below[static_cast<std::size_t>(nodes[0])], node);
    if (co_await s.exchange_if(stack.top, node, nodes[0]) == 1) break;
  }
  co_await s.add(got, -1);
}

Thread use_instance(Simulation& s, Variable& published, Variable& made, Mutex& mutex) {
  if (co_await s.load(published) == 0) {
    co_await s.lock(mutex);
    if (co_await s.load(published) == 0) {
      co_await s.store(published, 1);
      co_await s.write(made, 1);
    }
    co_await s.unlock(mutex);
  }
  s.require(co_await s.read(made) == 1, "used before it was made");
}

Thread peterson_side(Simulation& s, std::array<Variable*, 2> wants, Variable& turn, Variable& inside, int me,
                     bool relaxed) {
  const auto other = static_cast<std::size_t>(1 - me);
  co_await s.store(*wants[static_cast<std::size_t>(me)], 1);
  co_await s.store(turn, 1 - me);
  for (;;) {
    const int wanted = relaxed ? co_await s.load_relaxed(*wants[other]) : co_await s.load(*wants[other]);
    if (wanted == 0) break;
    const int whose = relaxed ? co_await s.load_relaxed(turn) : co_await s.load(turn);
    if (whose == me) break;
    co_await s.yield();
  }
  const int seen = co_await s.read(inside);
  co_await s.write(inside, seen + 1);
  s.require(seen == 0, "two are inside");
  co_await s.write(inside, 0);
  co_await s.store(*wants[static_cast<std::size_t>(me)], 0);
}
void petersons(Simulation& s, bool relaxed) {
  const std::array<Variable*, 2> wants{&s.variable(), &s.variable()};
  Variable& turn = s.variable();
  Variable& inside = s.variable();
  s.thread(peterson_side(s, wants, turn, inside, 0, relaxed));
  s.thread(peterson_side(s, wants, turn, inside, 1, relaxed));
}

Thread set_both(Simulation& s, Variable& a, Variable& b) {
  co_await s.write(a, 1);
  co_await s.write(b, -1);
}
Thread check_both(Simulation& s, Variable& a, Variable& b) {
  const int first = co_await s.read(a);
  const int second = co_await s.read(b);
  s.require((first == 0 && second == 0) || (first == 1 && second == -1), "half set");
}

// Both look at the other's count between their own steps; wrong only where each was stopped in the middle of the other.
Thread steps_1(Simulation& s, Variable& a, Variable& b, Variable& wrong) {
  co_await s.store(a, 1);
  if (co_await s.load(b) != 1) co_return;  // needs the other to have begun
  co_await s.store(a, 2);
  if (co_await s.load(b) != 2) co_return;  // … and to have gone on, once
  co_await s.store(wrong, 1);
}
Thread steps_2(Simulation& s, Variable& a, Variable& b) {
  if (co_await s.load(a) != 1) co_return;
  co_await s.store(b, 1);
  if (co_await s.load(a) != 2) co_return;
  co_await s.store(b, 2);
  co_await s.store(b, 3);
}

Thread raise_flag(Simulation& s, Variable& flag, Variable& data, int steps) {
  for (int i = 0; i < steps; ++i) co_await s.add(data, 1);
  co_await s.store(flag, 1);
}
Thread spin(Simulation& s, Variable& flag) {
  while (co_await s.load(flag) == 0) {
  }
}
Thread spin_yielding(Simulation& s, Variable& flag) {
  while (co_await s.load(flag) == 0) co_await s.yield();
}
Thread own_steps(Simulation& s, Variable& own, int steps) {
  for (int i = 0; i < steps; ++i) co_await s.add(own, 1);
}
Thread long_then_set(Simulation& s, Variable& own, Variable& flag, int before) {
  for (int i = 0; i < before; ++i) co_await s.add(own, 1);
  co_await s.store(flag, 1);
  for (int i = 0; i < before; ++i) co_await s.add(own, 1);
  co_await s.store(flag, 0);
}
Thread exchange_until(Simulation& s, Variable& flag) {
  while (co_await s.exchange_if(flag, 1, 1) == 0) {
  }
}
Thread look_once(Simulation& s, Variable& flag) { s.require(co_await s.load(flag) == 0, "seen in between"); }

}  // namespace

void lost_update(Simulation& s) {
  Variable& x = s.variable();
  s.thread(plain_increment(s, x));
  s.thread(plain_increment(s, x));
  s.at_end([&] { s.require(x.value == 2, "lost update"); });
}
void atomic_load_store(Simulation& s) {
  Variable& x = s.variable();
  s.thread(load_then_store(s, x));
  s.thread(load_then_store(s, x));
  s.at_end([&] { s.require(x.value == 2, "lost update"); });
}
void counted_right(Simulation& s) {
  Variable& x = s.variable();
  s.thread(add_one(s, x, 3));
  s.thread(add_one(s, x, 3));
  s.at_end([&] { s.require(x.value == 6, "lost update"); });
}
void lock_order(Simulation& s) {
  Mutex& a = s.mutex();
  Mutex& b = s.mutex();
  s.thread(lock_both(s, a, b));
  s.thread(lock_both(s, b, a));
}
void lock_order_fixed(Simulation& s) {
  Mutex& a = s.mutex();
  Mutex& b = s.mutex();
  s.thread(lock_both(s, a, b));
  s.thread(lock_both(s, a, b));
}
void wait_with_if(Simulation& s) { box(s, false); }
void wait_with_while(Simulation& s) { box(s, true); }

void treiber_aba(Simulation& s) {
  const Stack stack{s.variable(1), {nullptr, &s.variable(2), &s.variable(3), &s.variable(0)}};
  Variable& got = s.variable();
  s.thread(pop(s, stack, got));
  s.thread(pop_two_push_one(s, stack, got));
  s.at_end([&s, stack, &got] {
    int left = 0;
    for (int node = stack.top.value; node != 0 && left < 4; node = stack.below[static_cast<std::size_t>(node)]->value)
      ++left;
    s.require(left + got.value == 3, "a node was lost or is there twice");
  });
}
void double_checked(Simulation& s) {
  Variable& published = s.variable();
  Variable& made = s.variable();
  Mutex& mutex = s.mutex();
  s.thread(use_instance(s, published, made, mutex));
  s.thread(use_instance(s, published, made, mutex));
}
void peterson_relaxed(Simulation& s) { petersons(s, true); }
void peterson(Simulation& s) { petersons(s, false); }

void philosophers(Simulation& s) {
  std::array<Mutex*, 3> forks{&s.mutex(), &s.mutex(), &s.mutex()};
  for (std::size_t i = 0; i < 3; ++i) s.thread(lock_both(s, *forks[i], *forks[(i + 1) % 3]));
}
void philosophers_fixed(Simulation& s) {
  std::array<Mutex*, 3> forks{&s.mutex(), &s.mutex(), &s.mutex()};
  s.thread(lock_both(s, *forks[0], *forks[1]));
  s.thread(lock_both(s, *forks[1], *forks[2]));
  s.thread(lock_both(s, *forks[0], *forks[2]));
}
void three_preemptions(Simulation& s) {
  Variable& a = s.variable();
  Variable& b = s.variable();
  Variable& wrong = s.variable();
  s.thread(steps_1(s, a, b, wrong));
  s.thread(steps_2(s, a, b));
  s.at_end([&] { s.require(wrong.value == 0, "met three times"); });
}
void spin_on_flag(Simulation& s) {
  Variable& flag = s.variable();
  Variable& data = s.variable();
  s.thread(spin(s, flag));
  s.thread(raise_flag(s, flag, data, 3));
}
void spinners(Simulation& s) {
  Variable& flag = s.variable();
  Variable& data = s.variable();
  s.thread(spin(s, flag));
  s.thread(spin(s, flag));
  s.thread(raise_flag(s, flag, data, 5));
}
void yielding_wait(Simulation& s) {
  Variable& flag = s.variable();
  Variable& data = s.variable();
  s.thread(spin_yielding(s, flag));
  s.thread(spin_yielding(s, flag));
  s.thread(raise_flag(s, flag, data, 5));
}
Program reorder(int setters) {
  return [setters](Simulation& s) {
    Variable& a = s.variable();
    Variable& b = s.variable();
    for (int i = 0; i < setters; ++i) s.thread(set_both(s, a, b));
    s.thread(check_both(s, a, b));
  };
}
Program increments(int threads, int times) {
  return [threads, times](Simulation& s) {
    Variable& x = s.variable();
    for (int i = 0; i < threads; ++i) s.thread(add_one(s, x, times));
  };
}
Program independent(int threads, int steps) {
  return [threads, steps](Simulation& s) {
    for (int i = 0; i < threads; ++i) s.thread(own_steps(s, s.variable(), steps));
  };
}
void spin_unnoticed(Simulation& s) {
  Variable& flag = s.variable();
  Variable& data = s.variable();
  s.thread(exchange_until(s, flag));
  s.thread(exchange_until(s, flag));
  s.thread(raise_flag(s, flag, data, 5));
}
Program four_turns(int steps) {
  return [steps](Simulation& s) {
    for (int i = 0; i < 2; ++i) s.thread(own_steps(s, s.variable(), steps));
    s.at_end([&] {
      int turns = 1;
      for (std::size_t i = 1; i < s.trace().size(); ++i) turns += s.trace()[i].thread != s.trace()[i - 1].thread;
      s.require(turns < 4, "four turns");
    });
  };
}
Program deep_pct(int before) {
  return [before](Simulation& s) {
    Variable& own = s.variable();
    Variable& flag = s.variable();
    s.thread(long_then_set(s, own, flag, before));
    s.thread(look_once(s, flag));
  };
}

}  // namespace chicane::explore::simulated
