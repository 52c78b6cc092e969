#include "tests/runner/tsan/samples.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <pthread.h>
#include <shared_mutex>
#include <thread>

#define CHICANE_DECLARE(name) extern "C" __attribute__((visibility("default"))) void name(SampleState*);
CHICANE_SAMPLES(CHICANE_DECLARE)

namespace {

constexpr int turns = 1000;

// Two threads that nothing orders.
template <typename A, typename B>
void together(A a, B b) {
  std::thread first(a);
  std::thread second(b);
  first.join();
  second.join();
}

// One after the other in time, while nothing orders them to TSan or to the recorder of locks: relaxed atomics make no
// happens-before. So an inversion shows both orders and never blocks.
template <typename A, typename B>
void in_turn(A a, B b) {
  std::atomic<bool> done{false};
  together(
      [&] {
        a();
        done.store(true, std::memory_order_relaxed);
      },
      [&] {
        while (!done.load(std::memory_order_relaxed)) std::this_thread::yield();
        b();
      });
}

template <typename Body>
void repeat(Body body) {
  for (int i = 0; i < turns; ++i) {
    body();
    asm volatile("" ::: "memory");  // each turn's access happens
  }
}

long global_total = 0;
long other_global = 0;

[[gnu::noinline]] void add_one(long* value) { ++*value; }
[[gnu::noinline]] void add_two(long* value) { *value += 2; }

[[gnu::noinline]] void take_both(std::mutex& first, std::mutex& second) {
  const std::scoped_lock outer(first);
  const std::scoped_lock inner(second);
}

}  // namespace

void race_on_first_member(SampleState* state) {
  const auto work = [=] { repeat([=] { ++state->total; }); };
  together(work, work);
}

void race_on_second_member(SampleState* state) {
  const auto work = [=] { repeat([=] { ++state->other; }); };
  together(work, work);
}

void race_on_global(SampleState*) {
  const auto work = [] { repeat([] { ++global_total; }); };
  together(work, work);
}

void race_on_heap(SampleState*) {
  const auto block = std::make_unique<long[]>(3);
  long* const last = &block[2];
  const auto work = [=] { repeat([=] { ++*last; }); };
  together(work, work);
}

void race_between_thread_and_main(SampleState* state) {
  std::thread thread([=] { repeat([=] { ++state->total; }); });
  repeat([=] { ++state->total; });
  thread.join();
}

void race_of_two_threads(SampleState*) {
  const auto work = [] { repeat([] { ++other_global; }); };
  together(work, work);
}

void race_with_lock_on_one_side(SampleState* state) {
  std::mutex mutex;
  together([=] { repeat([=] { ++state->total; }); },
           [&] {
             repeat([&] {
               const std::scoped_lock lock(mutex);
               ++state->total;
             });
           });
}

void race_by_two_named_functions(SampleState* state) {
  together([=] { repeat([=] { add_one(&state->total); }); }, [=] { repeat([=] { add_two(&state->total); }); });
}

// Two lines of one function on one global: one finding, seen twice. (Two addresses, since what follows a race on one is
// not always reported again.)
void race_in_two_places(SampleState*) {
  static long pair[2];
  const auto work = [] {
    repeat([] { ++pair[0]; });
    repeat([] { ++pair[1]; });
  };
  together(work, work);
}

void two_races(SampleState* state) {
  const auto work = [=] {
    repeat([=] { ++state->total; });
    repeat([=] { ++state->other; });
  };
  together(work, work);
}

namespace {
// Of each function TSan reports a race once.
template <int>
long new_global = 0;
template <int number>
[[gnu::noinline]] void race_on_new_global() {
  const auto work = [] { repeat([] { ++new_global<number>; }); };
  together(work, work);
}
}  // namespace

void three_races(SampleState*) {
  race_on_new_global<1>();
  race_on_new_global<2>();
  race_on_new_global<3>();
}

void three_more_races(SampleState*) {
  race_on_new_global<4>();
  race_on_new_global<5>();
  race_on_new_global<6>();
}

void three_last_races(SampleState*) {
  race_on_new_global<7>();
  race_on_new_global<8>();
  race_on_new_global<9>();
}

void locked_counter(SampleState* state) {
  std::mutex mutex;
  const auto work = [&] {
    repeat([&] {
      const std::scoped_lock lock(mutex);
      ++state->total;
    });
  };
  together(work, work);
}

void atomic_counter(SampleState* state) {
  const auto work = [=] { repeat([=] { std::atomic_ref(state->total).fetch_add(1, std::memory_order_relaxed); }); };
  together(work, work);
}

void race_between_atomic_and_plain(SampleState* state) {
  together([=] { repeat([=] { std::atomic_ref(state->total).fetch_add(1, std::memory_order_relaxed); }); },
           [=] { repeat([=] { ++state->total; }); });
}

void read_of_freed_memory(SampleState* state) {
  auto* block = new long(1);
  delete block;
  asm volatile("" : "+r"(block));  // the compiler may not know what it is
  state->other = *block;
}

void destroyed_while_locked(SampleState*) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, nullptr);
  pthread_mutex_lock(&mutex);
  pthread_mutex_destroy(&mutex);
}

void unlocked_by_another_thread(SampleState*) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  std::thread([&] { pthread_mutex_unlock(&mutex); }).join();
}

void inversion_by_two_threads(SampleState*) {
  std::mutex a, b;
  in_turn([&] { take_both(a, b); }, [&] { take_both(b, a); });
}

namespace {
[[gnu::noinline]] void take_a_then_b(std::mutex& a, std::mutex& b) {
  const std::scoped_lock outer(a);
  const std::scoped_lock inner(b);
}
[[gnu::noinline]] void take_b_then_a(std::mutex& a, std::mutex& b) {
  const std::scoped_lock outer(b);
  const std::scoped_lock inner(a);
}
std::mutex global_a, global_b;
}  // namespace

void inversion_of_two_functions(SampleState*) {
  std::mutex a, b;
  in_turn([&] { take_a_then_b(a, b); }, [&] { take_b_then_a(a, b); });
}

void inversion_by_main_thread_on_globals(SampleState*) {
  take_a_then_b(global_a, global_b);
  take_b_then_a(global_a, global_b);
}

void inversion_by_two_threads_on_globals(SampleState*) {
  in_turn([] { take_a_then_b(global_a, global_b); }, [] { take_b_then_a(global_a, global_b); });
}

void inversion_by_one_thread(SampleState*) {
  std::mutex a, b;
  take_both(a, b);
  take_both(b, a);
}

void inversion_under_outer_lock(SampleState*) {
  std::mutex outer, a, b;
  in_turn(
      [&] {
        const std::scoped_lock lock(outer);
        take_both(a, b);
      },
      [&] {
        const std::scoped_lock lock(outer);
        take_both(b, a);
      });
}

void inversion_ordered_by_join(SampleState*) {
  std::mutex a, b;
  std::thread([&] { take_both(a, b); }).join();
  std::thread([&] { take_both(b, a); }).join();
}

void inversion_first_by_one_thread_then_by_two(SampleState*) {
  std::mutex a, b;
  take_both(a, b);  // TSan reports here, and only here
  take_both(b, a);
  in_turn([&] { take_both(a, b); }, [&] { take_both(b, a); });
}

void inversion_with_try_lock(SampleState*) {
  std::mutex a, b;
  in_turn([&] { take_both(a, b); },
          [&] {
            const std::scoped_lock outer(b);
            if (a.try_lock()) a.unlock();
          });
}

namespace {
void read_then(std::shared_mutex& first, std::shared_mutex& second) {
  const std::shared_lock outer(first);
  const std::shared_lock inner(second);
}
void read_then_write(std::shared_mutex& first, std::shared_mutex& second) {
  const std::shared_lock outer(first);
  const std::unique_lock inner(second);
}
}  // namespace

void inversion_of_readers(SampleState*) {
  std::shared_mutex a, b;
  in_turn([&] { read_then(a, b); }, [&] { read_then(b, a); });
}

void inversion_of_readers_and_writers(SampleState*) {
  std::shared_mutex a, b;
  in_turn([&] { read_then_write(a, b); }, [&] { read_then_write(b, a); });
}

// The wait gives `m` back and asks for it again while it holds `a`.
void inversion_by_wait(SampleState*) {
  std::mutex m, a;
  std::condition_variable changed;
  bool ready = false;
  in_turn(
      [&] {
        const std::scoped_lock outer(a);
        std::unique_lock lock(m);
        changed.wait_for(lock, std::chrono::milliseconds(1), [&] { return ready; });
      },
      [&] { take_both(m, a); });
}

void circle_of_three(SampleState*) {
  std::mutex a, b, c;
  in_turn([&] { take_both(a, b); }, [&] { in_turn([&] { take_both(b, c); }, [&] { take_both(c, a); }); });
}

// Two pairs of mutexes, one after the other in the same memory, each with its own order. (The second thread takes the
// memory over properly, or that would be a race.)
void inversion_on_reused_addresses(SampleState*) {
  struct Pair {
    pthread_mutex_t a, b;
    Pair() { pthread_mutex_init(&a, nullptr), pthread_mutex_init(&b, nullptr); }
    ~Pair() { pthread_mutex_destroy(&a), pthread_mutex_destroy(&b); }
  };
  const auto take = [](pthread_mutex_t& first, pthread_mutex_t& second) {
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
  };
  alignas(Pair) unsigned char memory[sizeof(Pair)];
  std::atomic<bool> free{false};
  together(
      [&] {
        auto* pair = ::new (memory) Pair;
        take(pair->a, pair->b);
        pair->~Pair();
        free.store(true, std::memory_order_release);
      },
      [&] {
        while (!free.load(std::memory_order_acquire)) std::this_thread::yield();
        auto* pair = ::new (memory) Pair;
        take(pair->b, pair->a);
        pair->~Pair();
      });
}

// More threads than the recorder of locks keeps apart before it uses its places again, then an inversion.
void inversion_after_many_threads(SampleState*) {
  for (int i = 0; i < 3000; ++i) std::thread([] {}).join();
  std::mutex a, b;
  in_turn([&] { take_a_then_b(a, b); }, [&] { take_b_then_a(a, b); });
}

// Joined, detached by others, by itself and by attribute, ended by pthread_exit: nothing is wrong with any of them.
void threads_that_end_in_every_way(SampleState*) {
  static std::atomic<int> ended{0};
  static const auto end = [](void*) -> void* { return ended.fetch_add(1), nullptr; };
  constexpr int rounds = 50;
  for (int i = 0; i < rounds; ++i) {
    pthread_t thread;
    pthread_create(&thread, nullptr, end, nullptr);
    pthread_detach(thread);

    pthread_create(
        &thread, nullptr, [](void*) -> void* { return pthread_detach(pthread_self()), end(nullptr); }, nullptr);

    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_create(&thread, &detached, end, nullptr);
    pthread_attr_destroy(&detached);

    pthread_create(
        &thread, nullptr, [](void*) -> void* { return end(nullptr), pthread_exit(nullptr), nullptr; }, nullptr);
    pthread_join(thread, nullptr);

    pthread_create(&thread, nullptr, end, nullptr);
    while (pthread_tryjoin_np(thread, nullptr) != 0) std::this_thread::yield();
  }
  while (ended.load() < 5 * rounds) std::this_thread::yield();
}

void leaked_thread(SampleState*) {
  static std::atomic<bool> ended{false};
  pthread_t thread;
  pthread_create(&thread, nullptr, [](void*) -> void* { return ended.store(true), nullptr; }, nullptr);
  while (!ended.load()) std::this_thread::yield();
}
