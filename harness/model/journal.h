// journal.jsonl: a header, then one line for every trial as it ended, so that a killed run can go on. Plain data and
// its JSON; docs/formats.md explains the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/run.h"

namespace chicane {

struct JournalHeader {
  std::string run;      // Run::id
  std::string started;  // RFC 3339, UTC
  std::uint64_t seed = 0;
  std::string tool_version, tool_revision;
  std::vector<std::string> command;  // as called
  std::string host;                  // its fingerprint
  std::vector<BuildFact> builds;
  std::string plan;               // digest of what is run, how often, with which parameters
  std::uint32_t repetitions = 0;  // planned, without calibrations
  bool operator==(const JournalHeader&) const = default;
};

// A finding at its first trial; later trials refer to it.
struct JournalFinding {
  std::string id;
  Finding finding;
  bool operator==(const JournalFinding&) const = default;
};
struct JournalLine {
  Trial trial;
  std::vector<JournalFinding> found;
};

std::string to_json(const JournalHeader& header);  // one line, no newline
std::string to_json(const JournalLine& line);

struct JournalContents {
  JournalHeader header;
  std::vector<Trial> trials;  // ids and references as positions in these two lists
  std::vector<Finding> findings;
  std::size_t whole_bytes = 0;  // up to here the file has whole lines
  bool torn = false;            // the last line was not whole, and is left out
};

// A last line that is torn (its writer was killed) is left out; anything else that is wrong is an error that names the
// line, and so is a trial that is there twice.
Result<JournalContents> parse_journal(std::string_view text);

}  // namespace chicane
