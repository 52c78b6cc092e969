// What processes take of memory: all of them are forked and wait for their parent's word while the shares of resident
// memory of all are read (a page that two have counts half in each); then the pipe that they wait at is closed, and
// they end. No interleaving matters, since each only waits.
// The figure is what a copy of this process that does nothing takes: the pages that it writes. What the kernel keeps
// for it is not in it. In a sanitizer's lane it would be the sanitizer's, and is not told. A bad run is a child that
// can't be started, or that dies before its parent's word.
#include <chicane/scenario.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "scenarios/processes/forked.h"

// The share of resident memory of a process; of this one by its own name.
inline double share_of_memory(const std::string& process) {
  std::ifstream rollup("/proc/" + process + "/smaps_rollup");
  for (std::string word; rollup >> word;)
    if (double kilobytes = 0; word == "Pss:" && rollup >> kilobytes) return kilobytes * 1024;
  return 0;
}

struct WaitingProcesses {
  static constexpr std::size_t count = 16;
  std::size_t failed = 0;

  void work(chicane::Worker& worker) {
    double bytes = 0;
    for (auto _ : worker) {
      const double before = worker.lane() == "bench" && bytes == 0 ? share_of_memory("self") : 0;
      std::array<int, 2> there{}, go{};
      if (pipe(there.data()) != 0 || pipe(go.data()) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
      std::vector<pid_t> children;
      for (std::size_t i = 0; i < count; ++i) {
        const pid_t child = fork();
        if (child == 0) wait_for_word(there, go);
        if (child > 0) children.push_back(child);
      }
      close(there[1]);  // as the children do: when none is left to write, the pipe ends, and nobody waits for ever
      failed += !all_there(there[0], children.size());
      if (before != 0) {
        bytes = share_of_memory("self") - before;
        for (const pid_t child : children) bytes += share_of_memory(std::to_string(child));
      }
      for (const int end : {go[1], go[0], there[0]}) close(end);
      for (const pid_t child : children) failed += !ended_well(child);
      failed += count - children.size();
    }
    if (bytes != 0) worker.count("bytes_per_process", bytes / count, chicane::Counter::mean);
  }
  void check(chicane::Check& check) const { check.equal("processes that failed", failed, 0); }

 private:
  // False: the pipe has ended before each child has said that it is there.
  static bool all_there(int from, std::size_t children) {
    char byte = 0;
    while (children > 0 && read(from, &byte, 1) == 1) --children;
    return children == 0;
  }
  [[noreturn]] static void wait_for_word(const std::array<int, 2>& there, const std::array<int, 2>& go) {
    char byte = 1;
    close(go[1]);
    const bool told = write(there[1], &byte, 1) == 1;
    close(there[1]);
    const bool closed = read(go[0], &byte, 1) == 0;  // nobody writes: it returns when the parent closes its end
    _exit(told && closed ? 0 : 1);
  }
};

CHICANE_SCENARIO("processes/memory", WaitingProcesses)
    .says("forks processes that only wait, and reads what they take of memory")
    .exactly_workers(1)
    .operation("all processes started, met and awaited")
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
