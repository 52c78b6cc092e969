// The history: one SQLite file, to which runs are added and from which series are read. Any number of processes may use
// one file at once. A file that is no history, is damaged or comes from a newer version is refused and never changed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/history.h"

namespace chicane {

struct HistoryPoint {
  std::string run, started, commit;
  Estimate value;
  bool right = true;
};

// One measure of one scenario with one set of parameters on one kind of host, by the start of runs.
struct HistorySeries {
  std::string host, cpu;
  std::string scenario;
  Parameters parameters;
  std::string measure;
  std::vector<HistoryPoint> points;
};

class HistoryStore {
 public:
  static Result<HistoryStore> open(const std::string& file);            // which must be there
  static Result<HistoryStore> open_or_create(const std::string& file);  // its folder must be there

  struct Added {
    bool is_new = true;    // false: this very run was there already, and nothing was changed
    std::string when;      // it was added
    std::size_t runs = 0;  // there are now
  };
  // Whole or not at all. A run of the same id with other content is an error.
  Result<Added> add(const HistoryRun& run);

  Result<std::vector<HistorySeries>> series(const std::string& measure) const;
  Result<std::vector<std::string>> measures() const;  // that there are
  struct LastVerdict {
    std::string scenario;
    Lane lane = Lane::bench;
    Verdict verdict = Verdict::not_judged;
    std::string host, run;
  };
  // For each host, scenario and lane that of the last run that has one.
  Result<std::vector<LastVerdict>> last_verdicts() const;
  // All of it; each run is compared with the digest that was stored with it.
  Result<History> everything() const;
  Result<std::size_t> runs() const;

  HistoryStore(HistoryStore&&) noexcept;
  HistoryStore& operator=(HistoryStore&&) noexcept;
  ~HistoryStore();

 private:
  struct Parts;
  explicit HistoryStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace chicane
