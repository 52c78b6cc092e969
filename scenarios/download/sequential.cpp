// 64 files of mixed size from an HTTP server on loopback, one after the other over one connection: the server's delay
// comes 64 times in a row. One thread downloads, so no interleaving matters.
// A bad run could only be a file that differs from the server's.
#include "scenarios/download/downloads.h"

struct SequentialDownload : Downloads {
  using Downloads::Downloads;

  void work(chicane::Worker& worker) {
    Client client(server.port(), files);
    for (auto _ : worker) {
      begin_turn();
      for (std::size_t i = 0; i < file_count; ++i) client.fetch(i);
    }
    add(client.tally());
    report(worker);
  }
};

CHICANE_SCENARIO("download/sequential", SequentialDownload)
    .says("downloads 64 files one after the other")
    .not_judged_in("explore", CHICANE_NO_SOCKETS)
    .exactly_workers(1)
    .axis("delay_ms", {1})
    .operation("64 files")
    .tag("more");
