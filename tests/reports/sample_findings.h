// The sample run's findings, the sources they stand in, who sees them, and what a judge says of it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/run.h"
#include "tests/reports/sample_run.h"

namespace chicane::sample {

std::vector<Finding> findings(Trouble trouble);
std::vector<Source> sources();
// Ids and counts of the findings that this trial shows.
std::vector<std::pair<std::string, std::uint64_t>> findings_seen(const Run& run, const Trial& trial);
std::vector<ScenarioVerdict> verdicts(const Run& run, Trouble trouble);

}  // namespace chicane::sample
