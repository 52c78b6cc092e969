// A program that knows nothing of Chicane: two threads, twenty loads and stores of an atomic number each.
#include <atomic>
#include <thread>

namespace {
std::atomic<int> shared;

void twenty_times() {
  for (int i = 0; i < 20; ++i) shared.store(shared.load() + 1);
}
}  // namespace

int main() {
  std::thread other(twenty_times);
  twenty_times();
  other.join();
}
