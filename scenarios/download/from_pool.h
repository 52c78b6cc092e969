// The 64 files as tasks of a pool of eight threads, a connection a task, from servers of all manners. What tasks count
// is added up under a lock; wait() orders all that they did before the next turn, or the check, looks at the files.
#pragma once

#include "scenarios/download/downloads.h"
#include "scenarios/pools/mutex_pool.h"

template <Manners manners, Length length = Length::checked>
struct DownloadsByPool : DownloadsFrom<manners> {
  using Common = DownloadsFrom<manners>;
  struct Environment : Common::Environment {
    using Common::Environment::Environment;
    MutexPool pool{8};
  };

  MutexPool& pool;

  explicit DownloadsByPool(Environment& environment) : Common(environment), pool(environment.pool) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      Common::begin_turn();
      for (std::size_t i = 0; i < file_count; ++i) pool.submit([this, i] { fetch(i); });
      pool.wait();
    }
    Common::report(worker);
  }
  void fetch(std::size_t number) {
    Client client(Common::server.port(), Common::files, length);
    client.fetch(number);
    Common::add(client.tally());
  }
};
