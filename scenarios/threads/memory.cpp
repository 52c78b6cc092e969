// What threads take of memory: all of them are started, meet, and wait at a barrier while the resident memory of the
// process is read; then they are let go and joined. No interleaving matters, since each only waits.
// The figure is what a thread that does nothing touches of its stack and its bookkeeping, not the 8 MiB of addresses
// that its stack may grow to, nor what the kernel keeps for it. In sanitizers' lanes it would be theirs, and is not
// told. A bad run would be a barrier that waits for more threads than there are, and never ends.
#include <chicane/scenario.h>

#include <barrier>
#include <cstddef>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

// The process's share of resident memory. Not statm, whose counters lag behind.
inline double resident_bytes() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  for (std::string word; rollup >> word;)
    if (double kilobytes = 0; word == "Pss:" && rollup >> kilobytes) return kilobytes * 1024;
  return 0;
}

// Read before the trial's first thread of ours: later ones get the stacks of earlier ones.
struct WithoutThreads {
  double bytes = resident_bytes();
};

struct WaitingThreads {
  using Environment = WithoutThreads;
  double before;
  long met = 0;

  explicit WaitingThreads(WithoutThreads& without) : before(without.bytes) {}

  void work(chicane::Worker& worker) {
    const auto count = static_cast<std::size_t>(worker.arg());
    double bytes = 0;
    for (auto _ : worker) {
      std::barrier all(static_cast<std::ptrdiff_t>(count + 1));
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < count; ++i)
        threads.emplace_back([&all] {
          all.arrive_and_wait();  // all are there
          all.arrive_and_wait();  // all may go
        });
      all.arrive_and_wait();
      if (bytes == 0 && worker.lane() == "bench") bytes = resident_bytes() - before;
      all.arrive_and_wait();
      met += worker.arg();
    }
    // A few threads' share of what the process itself grows by is too large.
    if (bytes != 0 && count >= 16)
      worker.count("bytes_per_thread", bytes / static_cast<double>(count), chicane::Counter::mean);
  }
  void check(chicane::Check& check) const { check.equal("threads that met", met, check.operations() * check.arg()); }
};

CHICANE_SCENARIO("threads/memory", WaitingThreads)
    .says("starts threads that only wait, and reads what they take of memory")
    .exactly_workers(1)
    .axis("threads", {64, 4})
    .operation("all threads started, met and joined")
    .tag("more");
