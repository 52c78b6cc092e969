// The judge's phrases. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/run.h"

namespace chicane {

std::string in_words(const Parameters& parameters);          // "5 threads", "1 process, tasks 4"
std::string in_words(const ExpectedFinding& expected);       // "data_race at Queue::pop on head"
std::string in_words(const Finding& finding);                // "data_race: Queue::pop at scenarios/queue.cpp:12"
std::string processes(std::uint64_t n);                      // "1 process", "8 processes"
std::string of_processes(std::uint64_t k, std::uint64_t n);  // "3 of 8 processes"
std::string grouped(std::uint64_t n);                        // "1,200,000"
std::string joined(const std::vector<std::string>& parts, const std::string& separator);

// Largest rate per process that zero findings in n processes leave at 95 %.
double zero_bound(std::uint64_t n);
// "0 of 8 completed processes with 2 threads: rate below 0.32 per process at 95 %", for "with 2 threads"
std::string zero_bound_in_words(std::uint64_t n, const std::string& which);

}  // namespace chicane
