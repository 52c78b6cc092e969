// What waiting tasks take of memory, measured while all of them wait: what this process's share of resident memory has
// grown by since the object was made, over the number of tasks. Make it before the first task; one thread asks.
#pragma once

#include <chicane/scenario.h>

#include <cstddef>
#include <fstream>
#include <malloc.h>
#include <string>

class MemoryUse {
 public:
  MemoryUse() : before_(resident_bytes()) {}

  // In a lane with a sanitizer, the figure would be the sanitizer's. What the kernel keeps for a thread is not in it.
  void report(chicane::Worker& worker, std::size_t tasks) const {
    if (tasks == 0 || worker.lane() != "bench") return;
    worker.count("bytes_per_waiting_task", (resident_bytes() - before_) / static_cast<double>(tasks),
                 chicane::Counter::mean);
  }

 private:
  // smaps_rollup and not statm, whose counters lag behind by some pages a thread.
  static double resident_bytes() {
    malloc_trim(0);  // what earlier tasks have given back counts for nobody
    std::ifstream rollup("/proc/self/smaps_rollup");
    for (std::string word; rollup >> word;)
      if (double kilobytes = 0; word == "Pss:" && rollup >> kilobytes) return kilobytes * 1024;
    return 0;
  }

  double before_;
};
