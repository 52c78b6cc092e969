// A thread for each of the 64 files: all delays overlap, at the price of 64 stacks and 64 connections. Files are apart
// from each other; what the threads counted is added up under a mutex, and read after the joins.
// With the sum left unlocked, a bad run counts fewer files than were saved: see counter/unlocked.
#include <thread>
#include <vector>

#include "scenarios/download/downloads.h"

struct ThreadPerFile : Downloads {
  using Downloads::Downloads;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      begin_turn();
      std::vector<std::thread> threads;
      for (std::size_t i = 0; i < file_count; ++i)
        threads.emplace_back([this, i] {
          Client client(server.port(), files);
          client.fetch(i);
          add(client.tally());
        });
      for (std::thread& thread : threads) thread.join();
    }
    report(worker);
  }
};

CHICANE_SCENARIO("download/thread-per-file", ThreadPerFile)
    .says("downloads 64 files, each on a thread of its own")
    .not_judged_in("explore", CHICANE_NO_SOCKETS)
    .exactly_workers(1)
    .axis("delay_ms", {1})
    .operation("64 files")
    .tag("more");
