// One counter for each worker, added up at the end. How far they lie apart is the twin's business. A worker's own
// counter is atomic so that the sum may be read at any time; relaxed, because nobody else writes it.
#pragma once

#include <chicane/scenario.h>

#include <array>
#include <atomic>
#include <cstddef>

template <std::size_t distance>
struct ShardedCounter {
  struct alignas(distance) Shard {
    std::atomic<long> count{0};
  };
  static constexpr std::size_t shards = 64;  // a worker beyond that shares one
  alignas(128) std::array<Shard, shards> parts;

  void work(chicane::Worker& worker) {
    std::atomic<long>& mine = parts[worker.index() % shards].count;
    for (auto _ : worker) mine.fetch_add(1, std::memory_order_relaxed);
  }
  void check(chicane::Check& check) const {
    long total = 0;
    for (const Shard& part : parts) total += part.count.load();
    check.equal("total", total, check.operations());
  }
};
