// The journal of a run (harness/model/journal.h): written while it goes on, read when it is resumed. One writer a
// folder, which a lock on the file sees to.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/journal.h"
#include "harness/supervisor/plan.h"

namespace chicane {

class Journal {
 public:
  // A new one, which replaces an older one once its header is on disk.
  static Result<Journal> create(const std::string& folder, const JournalHeader& header);
  // Goes on with the one that is there: a torn last line is cut off, what it holds goes to `contents`.
  static Result<Journal> resume(const std::string& folder, JournalContents& contents);

  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;
  ~Journal();

  // One line, one write. `findings`: the run's; those that no line has yet go with it. A trial that a user stopped is
  // left out: it has not been run. After a failure the file still ends with a whole line.
  Result<void> add(const Trial& trial, const std::vector<Finding>& findings);
  Result<void> sync();

 private:
  Journal(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  Result<void> append(std::string line);

  int fd_;
  std::string path_;
  std::uint64_t size_ = 0;
  std::vector<bool> written_;  // findings, by position
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

std::string journal_path(const std::string& folder);

// What must be equal for a run to go on: a digest of everything that decides which trials are run. Build ids stand in
// for files, so that a moved tree is no other plan.
std::string plan_digest(const Campaign& campaign);

// Why `journal` can't be gone on with as `now`: every difference, named. Fails with that.
Result<void> check_same_run(const JournalHeader& journal, const JournalHeader& now);

}  // namespace chicane
