// What the scenarios of this family have in common: the server and the files' place for a trial, and for each pass what
// its downloaders counted. A turn downloads all files.
#pragma once

#include <chicane/scenario.h>

#include <chrono>
#include <cstdint>
#include <mutex>

#include "scenarios/download/client.h"
#include "scenarios/download/server.h"

#define CHICANE_NO_SOCKETS "what the kernel says of sockets, and delays in real time, are not part of the schedule"

template <Manners manners>
struct DownloadsFrom {
  struct Environment {
    explicit Environment(const chicane::Setup& setup) : server(std::chrono::milliseconds(setup.arg()), manners) {}
    FileServer server;
    SavedFiles files;
  };

  FileServer& server;
  const SavedFiles& files;
  std::uint64_t refused_before, truncated_before;
  std::uint64_t turns = 0;
  std::uint64_t damaged_before = 0;  // in the turns before the last one, whose files are there to be looked at
  std::mutex mutex;
  Tally tally;  // under the mutex while threads download

  explicit DownloadsFrom(Environment& environment)
      : server(environment.server),
        files(environment.files),
        refused_before(server.refused()),
        truncated_before(server.truncated()) {}

  // Files have to come anew in each turn; of the turn before it is counted what did not come whole.
  void begin_turn() {
    if (turns++ > 0) damaged_before += files.of_wrong_size();
    files.forget();
  }
  void add(const Tally& one) {
    const std::lock_guard lock(mutex);
    tally += one;
  }
  void report(chicane::Worker& worker) const {
    worker.count("files_per_second", static_cast<double>(file_count * worker.turns()), chicane::Counter::rate);
    worker.count("requests_tried_again", static_cast<double>(tally.refused + tally.truncated));
  }
  void check(chicane::Check& check) const {
    check.equal("files saved", tally.saved, file_count * check.operations());
    check.equal("files damaged", damaged_before + files.damaged(), 0);
    check.equal("refused requests that were tried again", tally.refused, server.refused() - refused_before);
    check.equal("truncated bodies that were noticed", tally.truncated, server.truncated() - truncated_before);
  }
};
using Downloads = DownloadsFrom<Manners::good>;
