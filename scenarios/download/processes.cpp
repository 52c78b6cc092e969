// Four processes, forked for each turn, with a connection and sixteen of the files each: four delays overlap. The
// files' descriptors are inherited, so that what a child saves is what the parent checks; what it counted goes through
// shared memory. A child has its own copy of all else, and only one thread, which does not touch the server's.
// With the counts in ordinary memory, a bad run counts no file at all.
#include <array>

#include "scenarios/download/downloads.h"
#include "scenarios/processes/forked.h"

struct DownloadingProcesses : Downloads {
  static constexpr std::size_t processes = 4;
  SharedMemory<std::array<Tally, processes>> tallies;
  std::size_t failed = 0;

  using Downloads::Downloads;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      begin_turn();
      *tallies = {};  // a child that dies leaves no count
      failed += fork_and_wait(processes, [this](std::size_t child) {
        Client client(server.port(), files);
        for (std::size_t i = child; i < file_count; i += processes) client.fetch(i);
        (*tallies)[child] = client.tally();
      });
      for (const Tally& one : *tallies) add(one);
    }
    report(worker);
  }
  void check(chicane::Check& check) const {
    check.equal("processes that failed", failed, 0);
    Downloads::check(check);
  }
};

CHICANE_SCENARIO("download/processes", DownloadingProcesses)
    .says("downloads 64 files by four forked processes")
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .exactly_workers(1)
    .axis("delay_ms", {1})
    .operation("64 files")
    .tag("more");
