// Shapes of the CS suite (Concurrency Software, in SCTBench): accounts, flags, orders of two accesses.
#include <array>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

#include "tests/explore/cases/case.h"

namespace {

void together(const std::vector<void (*)()>& bodies) {
  std::vector<std::thread> threads;
  for (const auto body : bodies) threads.emplace_back(body);
  for (auto& thread : threads) thread.join();
}

}  // namespace

namespace account {
static std::mutex mutex;
static int balance;
static bool deposited, withdrawn;
static void deposit() {
  std::lock_guard lock(mutex);
  balance += 300;
  deposited = true;
}
static void withdraw() {
  std::lock_guard lock(mutex);
  balance -= 100;
  withdrawn = true;
}
static void check() {  // takes it that both have been
  std::lock_guard lock(mutex);
  if (deposited && !withdrawn) EXPECT(balance == 1'200);
}
static void check_fixed() {
  std::lock_guard lock(mutex);
  if (deposited && withdrawn) EXPECT(balance == 1'200);
}
static void start() { balance = 1'000, deposited = withdrawn = false; }
}  // namespace account
CASE(account_bad, "wrong_result") {
  account::start();
  together({account::check, account::deposit, account::withdraw});
}
CASE(account_fixed, "") {
  account::start();
  together({account::check_fixed, account::deposit, account::withdraw});
}

namespace lazy01 {
static std::mutex mutex;
static int data;
static void one() {
  std::lock_guard lock(mutex);
  ++data;
}
static void two() {
  std::lock_guard lock(mutex);
  data += 2;
}
static void three() {
  std::lock_guard lock(mutex);
  EXPECT(data < 3);
}
}  // namespace lazy01
CASE(lazy01_bad, "wrong_result") {
  lazy01::data = 0;
  together({lazy01::one, lazy01::two, lazy01::three});
}

namespace reorder {
static int a, b;
static void set() {
  a = 1;
  b = -1;
}
static void look() { EXPECT((a == 0 && b == 0) || (a == 1 && b == -1)); }
static void run(int setters, int lookers) {
  a = b = 0;
  std::vector<void (*)()> bodies(static_cast<std::size_t>(setters), set);
  bodies.insert(bodies.end(), static_cast<std::size_t>(lookers), look);
  together(bodies);
}
}  // namespace reorder
CASE(reorder_3_bad, "wrong_result,data_race") { reorder::run(2, 1); }
CASE(reorder_4_bad, "wrong_result,data_race") { reorder::run(3, 1); }
CASE(reorder_5_bad, "wrong_result,data_race") { reorder::run(4, 1); }
CASE(reorder_10_bad, "wrong_result,data_race") { reorder::run(9, 1); }
CASE(reorder_20_bad, "wrong_result,data_race") { reorder::run(19, 1); }

namespace twostage {
static std::mutex first_mutex, second_mutex;
static int first, second;
static void write() {
  {
    std::lock_guard lock(first_mutex);
    first = 1;
  }
  std::lock_guard lock(second_mutex);
  second = first + 1;
}
static void read() {
  int seen = 0;
  {
    std::lock_guard lock(first_mutex);
    if (first == 0) return;
    seen = first;
  }
  std::lock_guard lock(second_mutex);
  EXPECT(second == seen + 1);
}
static void run(int writers, int readers) {
  first = second = 0;
  std::vector<void (*)()> bodies(static_cast<std::size_t>(writers), write);
  bodies.insert(bodies.end(), static_cast<std::size_t>(readers), read);
  together(bodies);
}
}  // namespace twostage
CASE(twostage_bad, "wrong_result,data_race") { twostage::run(1, 1); }
CASE(twostage_20_bad, "wrong_result,data_race") { twostage::run(19, 1); }

namespace wronglock {
static std::mutex right, wrong;
static int data;
static void holds_right() {
  std::lock_guard lock(right);
  const int before = data;
  data = before + 1;
  EXPECT(data == before + 1);
}
static void holds_wrong() {
  std::lock_guard lock(wrong);
  ++data;
}
}  // namespace wronglock
CASE(wronglock_bad, "wrong_result,data_race") {
  wronglock::data = 0;
  together({wronglock::holds_right, wronglock::holds_wrong, wronglock::holds_wrong, wronglock::holds_wrong});
}
CASE(wronglock_fixed, "") {
  wronglock::data = 0;
  together({wronglock::holds_right, wronglock::holds_right, wronglock::holds_right});
}

namespace token_ring {
static std::mutex mutex;
static std::array<int, 4> x;
template <int From, int To>
static void pass() {
  std::lock_guard lock(mutex);
  x[To] = (x[From] + 1) % 4;
}
static void check() {
  std::lock_guard lock(mutex);
  EXPECT(x[0] == 0 || x[1] == 0 || x[2] == 0 || x[3] == 0 || (x[1] == x[0] + 1 && x[2] == x[1] + 1));
}
}  // namespace token_ring
CASE(token_ring_bad, "wrong_result") {
  token_ring::x = {0, 0, 0, 0};
  together({token_ring::pass<3, 0>, token_ring::pass<0, 1>, token_ring::pass<1, 2>, token_ring::pass<2, 3>,
            token_ring::check});
}

namespace bluetooth {  // the driver's stop against its dispatch (KISS, 2004)
static std::mutex mutex;
static bool stopping, stopped, event;
static int pending;
static int increment() {
  if (stopping) return -1;
  std::lock_guard lock(mutex);
  ++pending;
  return 0;
}
static void decrement() {
  bool last = false;
  {
    std::lock_guard lock(mutex);
    last = --pending == 0;
  }
  if (last) event = true;
}
static void stop() {
  stopping = true;
  decrement();
  if (event) stopped = true;
}
static void dispatch() {
  if (increment() == 0) EXPECT(!stopped);
  decrement();
}
static int increment_fixed() {
  std::lock_guard lock(mutex);
  if (stopping) return -1;
  ++pending;
  return 0;
}
static void decrement_fixed() {
  std::lock_guard lock(mutex);
  if (--pending == 0) stopped = true;
}
static void stop_fixed() {
  {
    std::lock_guard lock(mutex);
    stopping = true;
  }
  decrement_fixed();
}
static void dispatch_fixed() {
  if (increment_fixed() != 0) return;
  {
    std::lock_guard lock(mutex);
    EXPECT(!stopped);
  }
  decrement_fixed();
}
static void start() { stopping = stopped = event = false, pending = 1; }
}  // namespace bluetooth
CASE(bluetooth_driver_bad, "wrong_result,data_race") {
  bluetooth::start();
  together({bluetooth::dispatch, bluetooth::stop});
}
CASE(bluetooth_driver_fixed, "") {
  bluetooth::start();
  together({bluetooth::dispatch_fixed, bluetooth::stop_fixed});
}

namespace fibonacci {  // fib_bench: the greatest sum needs the strictest alternation
static int i, j;
static void run(int times) {
  i = j = 1;
  std::thread a([=] {
    for (int n = 0; n < times; ++n) i += j;
  });
  std::thread b([=] {
    for (int n = 0; n < times; ++n) j += i;
  });
  a.join(), b.join();
}
}  // namespace fibonacci
CASE(fibonacci_3_bad, "wrong_result,data_race") {
  fibonacci::run(3);
  EXPECT(fibonacci::i < 21 && fibonacci::j < 21);
}
CASE(fibonacci_5_hard, "wrong_result,data_race") {
  fibonacci::run(5);
  EXPECT(fibonacci::i < 144 && fibonacci::j < 144);
}

namespace arithmetic {  // a producer's number is used before it is there
static std::mutex mutex;
static int number, total;
static bool done;
}  // namespace arithmetic
CASE(arithmetic_prog_bad, "wrong_result") {
  using namespace arithmetic;
  number = total = 0, done = false;
  std::thread adds([] {
    for (int i = 0; i < 3; ++i) {
      std::lock_guard lock(mutex);
      total += number;
    }
  });
  std::thread counts([] {
    for (int i = 0; i < 3; ++i) {
      std::lock_guard lock(mutex);
      ++number;
    }
    std::lock_guard lock(mutex);
    done = true;
  });
  adds.join(), counts.join();
  EXPECT(total != 6);
}

namespace string_buffer {  // java.lang.StringBuffer.append: length and characters are read under one lock each
struct Buffer {
  std::mutex mutex;
  std::vector<char> text;
  std::size_t length() {
    std::lock_guard lock(mutex);
    return text.size();
  }
  bool copy(std::size_t count) {
    std::lock_guard lock(mutex);
    return count <= text.size();
  }
  void clear() {
    std::lock_guard lock(mutex);
    text.clear();
  }
};
}  // namespace string_buffer
CASE(string_buffer_bad, "wrong_result") {
  auto shared = std::make_unique<string_buffer::Buffer>();
  shared->text = {'a', 'b', 'c'};
  std::thread appends([&] {
    const std::size_t length = shared->length();
    EXPECT(shared->copy(length));
  });
  std::thread clears([&] { shared->clear(); });
  appends.join(), clears.join();
}

namespace deposits {  // atomicity violation over two correct critical sections; needs the other in between
static std::mutex mutex;
static int balance;
static int read() {
  std::lock_guard lock(mutex);
  return balance;
}
static void write(int value) {
  std::lock_guard lock(mutex);
  balance = value;
}
static void deposit() { write(read() + 10); }
static void deposit_fixed() {
  std::lock_guard lock(mutex);
  balance += 10;
}
}  // namespace deposits
CASE(read_and_write_locked_apart_bad, "wrong_result") {
  deposits::balance = 0;
  together({deposits::deposit, deposits::deposit});
  EXPECT(deposits::balance == 20);
}
CASE(read_and_write_locked_together_fixed, "") {
  deposits::balance = 0;
  together({deposits::deposit_fixed, deposits::deposit_fixed, deposits::deposit_fixed});
  EXPECT(deposits::balance == 30);
}

namespace late {  // the thread that main does not wait for
static std::mutex mutex;
static int written;
}  // namespace late
CASE(joined_one_too_few_bad, "wrong_result,data_race") {
  using namespace late;
  written = 0;
  std::thread first([] {
    std::lock_guard lock(mutex);
    ++written;
  });
  std::thread second([] {
    std::lock_guard lock(mutex);
    ++written;
  });
  first.join();
  {
    std::lock_guard lock(mutex);
    EXPECT(written == 2);
  }
  second.join();
}
