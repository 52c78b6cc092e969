// Google Benchmark loops as one writes them by hand, with the barrier that keeps each turn a turn. In a shared library,
// as a plugin is: the same mutex loop in the executable itself is 8 % slower here, by where its code lies.
#pragma once

#include <atomic>
#include <mutex>

#include <benchmark/benchmark.h>

extern "C" {  // names that the disassembly finds
void hand_written_atomic(benchmark::State& state, std::atomic<long>* total);
void hand_written_mutex(benchmark::State& state, std::mutex* mutex, long* total);
}
