#include "harness/supervisor/journal.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>

#include "harness/model/files.h"
#include "harness/model/json.h"
#include "harness/model/mixing.h"

namespace chicane {
namespace {

// At most this long before the end of a trial, what had ended by then is on disk.
constexpr std::chrono::seconds sync_interval{1};

std::string system_error() { return std::strerror(errno); }

// The lock goes with the open file; a killed process leaves none.
Result<void> lock(int fd, const std::string& path) {
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno == EWOULDBLOCK)
    return failure(
        fmt::format("{}: another chicane is writing to it; wait for its end, or choose another folder with -o", path));
  return failure(fmt::format("locking {}: {}", path, system_error()));
}

std::string spelled(const BuildFact& build) { return fmt::format("{} ({})", build.plugin, name(build.build)); }

void compare_builds(const JournalHeader& journal, const JournalHeader& now, std::vector<std::string>& differences) {
  const auto find = [](const std::vector<BuildFact>& builds, const BuildFact& wanted) {
    return std::find_if(builds.begin(), builds.end(), [&](const BuildFact& build) {
      return build.plugin == wanted.plugin && build.build == wanted.build;
    });
  };
  for (const auto& build : journal.builds) {
    const auto own = find(now.builds, build);
    if (own == now.builds.end())
      differences.push_back(fmt::format("builds: {} is not there any more", spelled(build)));
    else if (build.build_id.empty() || own->build_id.empty())
      differences.push_back(fmt::format(
          "builds: {} has no build id, so nobody can tell whether it is the same (link it with -Wl,--build-id)",
          spelled(build)));
    else if (own->build_id != build.build_id)
      differences.push_back(
          fmt::format("builds: {} had the build id {}, and has {} now", spelled(build), build.build_id, own->build_id));
  }
  for (const auto& build : now.builds)
    if (find(journal.builds, build) == journal.builds.end())
      differences.push_back(fmt::format("builds: {} was not there", spelled(build)));
}

}  // namespace

std::string journal_path(const std::string& folder) { return folder + "/journal.jsonl"; }

Result<Journal> Journal::create(const std::string& folder, const JournalHeader& header) {
  const auto path = journal_path(folder);
  if (const int old = open(path.c_str(), O_RDWR | O_CLOEXEC); old >= 0) {
    auto alone = lock(old, path);
    close(old);
    if (!alone) return std::unexpected(std::move(alone.error()));
  }
  const auto temporary = fmt::format("{}.{}.tmp", path, getpid());
  const int fd = open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return failure(fmt::format("writing {}: {}", temporary, system_error()));
  Journal journal(fd, path);
  auto good = lock(fd, temporary);
  if (good) good = journal.append(to_json(header));
  if (good) good = journal.sync();
  if (good && rename(temporary.c_str(), path.c_str()) != 0)
    good = failure(fmt::format("writing {}: {}", path, system_error()));
  if (good) return journal;
  unlink(temporary.c_str());
  return std::unexpected(std::move(good.error()));
}

Result<Journal> Journal::resume(const std::string& folder, JournalContents& contents) {
  const auto path = journal_path(folder);
  const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return failure(
        fmt::format("{}: {}; there is no run to resume in this folder (name it with -o, or leave --resume "
                    "out to start a new one)",
                    path, system_error()));
  Journal journal(fd, path);
  if (auto alone = lock(fd, path); !alone) return std::unexpected(std::move(alone.error()));
  auto text = read_file(path);
  if (!text) return std::unexpected(std::move(text.error()));
  auto parsed = parse_journal(*text);
  if (!parsed) return std::unexpected(std::move(parsed.error()).within(path));
  contents = std::move(*parsed);
  journal.size_ = contents.whole_bytes;
  journal.written_.assign(contents.findings.size(), true);
  if (contents.torn && ftruncate(fd, static_cast<off_t>(journal.size_)) != 0)
    return failure(fmt::format("cutting the torn last line off {}: {}", path, system_error()));
  return journal;
}

Journal::Journal(Journal&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      size_(other.size_),
      written_(std::move(other.written_)),
      synced_(other.synced_) {}

Journal::~Journal() {
  if (fd_ >= 0) close(fd_);
}

Result<void> Journal::append(std::string line) {
  line += '\n';
  ssize_t n = 0;
  do n = pwrite(fd_, line.data(), line.size(), static_cast<off_t>(size_));
  while (n < 0 && errno == EINTR);
  if (n == static_cast<ssize_t>(line.size())) {
    size_ += line.size();
    return {};
  }
  // A part of a line says nothing: what is on disk ends with a whole one again.
  const auto why = n < 0 ? system_error() : std::string("no space left for a whole line");
  if (ftruncate(fd_, static_cast<off_t>(size_)) != 0) return failure(fmt::format("writing {}: {}", path_, why));
  return failure(fmt::format(
      "writing {}: {}; what had ended before is there, and `chicane run --resume` goes on from it", path_, why));
}

Result<void> Journal::add(const Trial& trial, const std::vector<Finding>& findings) {
  if (trial.status == TrialStatus::stopped) return {};
  JournalLine line{trial, {}};
  written_.resize(std::max(written_.size(), findings.size()));
  std::vector<std::size_t> fresh;
  for (const auto& seen : trial.findings)
    if (const auto position = std::strtoull(seen.ref.c_str() + 1, nullptr, 10); !written_.at(position)) {
      fresh.push_back(position);
      line.found.push_back({seen.ref, findings.at(position)});
    }
  if (auto appended = append(to_json(line)); !appended) return appended;
  for (const auto position : fresh) written_[position] = true;
  return std::chrono::steady_clock::now() - synced_ >= sync_interval ? sync() : Result<void>{};
}

Result<void> Journal::sync() {
  if (fdatasync(fd_) != 0 && errno != EINVAL)  // a file system that can't sync
    return failure(fmt::format("writing {}: {}", path_, system_error()));
  synced_ = std::chrono::steady_clock::now();
  return {};
}

std::string plan_digest(const Campaign& campaign) {
  Fnv1a hash;
  const auto add = [&hash](std::string_view text) {
    hash.add(text);
    hash.add(static_cast<unsigned char>(0xff));  // no byte of UTF-8: ends a part
  };
  for (const auto& plan : campaign.plans) {
    auto request = plan.request;
    request.plugin.clear();
    add(plan.id);
    add(to_json(request));
    add(plan.build);
    add(fmt::format("{} {} {}", plan.repetitions, plan.budget.count(), plan.oversubscribed));
  }
  return fmt::format("{:016x}", hash.value());
}

Result<void> check_same_run(const JournalHeader& journal, const JournalHeader& now) {
  std::vector<std::string> differences;
  compare_builds(journal, now, differences);
  if (journal.seed != now.seed)
    differences.push_back(fmt::format("seed: it was {}, and is {} now", journal.seed, now.seed));
  if (journal.plan != now.plan)
    differences.push_back(
        fmt::format("plan: scenarios, lanes, parameters, repetitions or usable CPUs are others than "
                    "in the run that was called as `{}`",
                    fmt::join(journal.command, " ")));
  if (journal.tool_version != now.tool_version || journal.tool_revision != now.tool_revision)
    differences.push_back(fmt::format("tool: it was {} {}, and is {} {} now", journal.tool_version,
                                      journal.tool_revision, now.tool_version, now.tool_revision));
  if (journal.host != now.host)
    differences.push_back(fmt::format("host: it ran on the host {}, this one is {}", journal.host, now.host));
  if (differences.empty()) return {};
  return failure(
      fmt::format("the run can't go on, because it would not be one run:\n  {}\nStart a new one without "
                  "--resume.",
                  fmt::join(differences, "\n  ")));
}

}  // namespace chicane
