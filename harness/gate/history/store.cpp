#include "harness/gate/history/store.h"

#include <bit>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "harness/gate/history/schema.h"
#include "harness/gate/history/sqlite.h"
#include "harness/model/mixing.h"
#include "harness/model/words.h"

namespace chicane {

struct HistoryStore::Parts {
  sqlite::Database database;
};

namespace {

using sqlite::Failed;
using sqlite::Statement;

// Runs `work`, which may throw, and returns its value or what went wrong.
template <typename Work>
auto guarded(const Work& work) -> Result<decltype(work())> {
  try {
    return work();
  } catch (const Failed& failed) {
    return failure(failed.message);
  }
}

template <typename Word>
std::string word_text(Word word) {
  return std::string(name(word));
}
template <typename Word>
Word word_of(const Statement& row, int column, const std::string& file) {
  const auto text = row.text(column);
  if (const auto found = word<Word>(text)) return *found;
  throw Failed{
      fmt::format("{}: it is damaged: '{}' is no word that a history knows; it was left as it is", file, text)};
}

// "name=value" lines, by name.
std::string args_text(const std::map<std::string, std::int64_t>& args) {
  std::string text;
  for (const auto& [axis, value] : args) text += fmt::format("{}{}={}", text.empty() ? "" : "\n", axis, value);
  return text;
}
std::map<std::string, std::int64_t> args_of(const std::string& text) {
  std::map<std::string, std::int64_t> args;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = std::string_view(text).substr(at, end - at);
    const auto equals = line.rfind('=');
    if (equals != std::string_view::npos) {
      std::int64_t value = 0;
      std::from_chars(line.data() + equals + 1, line.data() + line.size(), value);
      args.emplace(line.substr(0, equals), value);
    }
    at = end + 1;
  }
  return args;
}

// Of everything that is stored of a run but when it was added: tells whether two are the same, and whether what is read
// is what was written.
std::int64_t digest_of(const HistoryRun& run) {
  Fnv1a hash;
  const auto text = [&hash](std::string_view part) {
    hash.add(part);
    hash.add(0);
  };
  const auto bits = [&hash](std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) hash.add(static_cast<unsigned char>(value >> shift));
  };
  const auto maybe = [&](const std::optional<double>& value) {
    bits(value.has_value());
    bits(std::bit_cast<std::uint64_t>(value.value_or(0)));
  };
  for (const auto* part :
       {&run.id, &run.started, &run.ended, &run.commit, &run.host, &run.cpu, &run.tool_version, &run.tool_revision})
    text(*part);
  bits(run.builds.size());
  for (const auto& build : run.builds) {
    text(build.plugin);
    text(name(build.build));
    text(build.build_id);
  }
  bits(run.values.size());
  for (const auto& value : run.values) {
    text(value.scenario);
    text(name(value.parameters.worker_kind));
    bits(value.parameters.workers);
    text(args_text(value.parameters.args));
    text(value.measure);
    maybe(value.value.median);
    maybe(value.value.low);
    maybe(value.value.high);
    bits(value.value.rounds);
    bits(value.right);
  }
  bits(run.verdicts.size());
  for (const auto& verdict : run.verdicts) {
    text(verdict.scenario);
    text(name(verdict.lane));
    text(name(verdict.verdict));
  }
  return std::bit_cast<std::int64_t>(hash.value());
}

std::string system_error() { return std::strerror(errno); }

// Made whole under another name and then moved there, but never onto a file: a history is there whole or not at all,
// and a file that is there already is somebody's.
Result<void> create(const std::string& file) {
  const auto fresh = fmt::format("{}.new-{}", file, getpid());
  unlink(fresh.c_str());
  const auto made = guarded([&] {
    sqlite::Database database(fresh, sqlite::Database::Mode::created);
    sqlite::Transaction transaction(database);
    database.run(history::tables);
    database.run(fmt::format("PRAGMA application_id = {}", history::application_id).c_str());
    database.run(fmt::format("PRAGMA user_version = {}", history::version).c_str());
    transaction.commit();
    return true;
  });
  if (!made) {
    unlink(fresh.c_str());
    return std::unexpected(made.error());
  }
  int moved = renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE);
  if (moved != 0 && errno == EINVAL)
    moved = link(fresh.c_str(), file.c_str());  // a file system that knows no such move
  const int error = moved == 0 ? 0 : errno;
  unlink(fresh.c_str());
  if (error != 0 && error != EEXIST)
    return failure(fmt::format("{}: it can't be made: {}", file, std::strerror(error)));
  return {};  // EEXIST: another process was faster, and its file is as good
}

void check_is_history(sqlite::Database& database) {
  const auto& file = database.file();
  const auto application = database.number("PRAGMA application_id");
  const auto version = database.number("PRAGMA user_version");
  if (application != history::application_id)
    throw Failed{fmt::format(
        "{}: this is no history of Chicane (a SQLite database with application id {:#x}); it was left as it is", file,
        application)};
  if (version > history::version)
    throw Failed{fmt::format(
        "{}: a newer Chicane wrote this history (version {}, this one knows {}); use that one. It was left as it is",
        file, version, history::version)};
  const auto integrity = database.text("PRAGMA integrity_check(1)");
  if (version < 1 || integrity != "ok")
    throw Failed{
        fmt::format("{}: this history is damaged and was left as it is ({}); use a copy of it, or begin a new one",
                    file, version < 1 ? fmt::format("version {}", version) : integrity)};
}

constexpr const char* select_runs =
    "SELECT number, id, started, ended, added, commit_id, host, cpu, tool_version, tool_revision, digest FROM runs "
    "ORDER BY started, number";

Parameters parameters_of(const Statement& row, int column, const std::string& file) {
  return {word_of<WorkerKind>(row, column, file), static_cast<std::uint32_t>(row.number(column + 1)),
          args_of(row.text(column + 2))};
}
Estimate estimate_of(const Statement& row, int column) {
  return {row.real(column), row.maybe_real(column + 1), row.maybe_real(column + 2),
          static_cast<std::uint32_t>(row.number(column + 3))};
}

void insert_parts(sqlite::Database& database, std::int64_t number, const HistoryRun& run) {
  std::int64_t place = 0;
  Statement build(database, "INSERT INTO builds VALUES (?1, ?2, ?3, ?4, ?5)");
  for (const auto& each : run.builds) build.with(number, place++, each.plugin, name(each.build), each.build_id).done();
  place = 0;
  Statement verdict(database, "INSERT INTO verdicts VALUES (?1, ?2, ?3, ?4, ?5)");
  for (const auto& each : run.verdicts)
    verdict.with(number, place++, each.scenario, name(each.lane), name(each.verdict)).done();
  place = 0;
  Statement series(database,
                   "INSERT OR IGNORE INTO series (host, scenario, worker_kind, workers, args, measure) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  Statement point(database,
                  "INSERT INTO points SELECT number, ?7, ?8, ?9, ?10, ?11, ?12, ?13 FROM series WHERE host = ?1 AND "
                  "scenario = ?2 AND worker_kind = ?3 AND workers = ?4 AND args = ?5 AND measure = ?6");
  for (const auto& each : run.values) {
    const auto kind = name(each.parameters.worker_kind);
    const auto workers = static_cast<std::int64_t>(each.parameters.workers);
    const auto args = args_text(each.parameters.args);
    series.with(run.host, each.scenario, kind, workers, args, each.measure).done();
    point
        .with(run.host, each.scenario, kind, workers, args, each.measure, number, place++, each.value.median,
              each.value.low, each.value.high, static_cast<std::int64_t>(each.value.rounds),
              static_cast<std::int64_t>(each.right))
        .done();
  }
}

void read_parts(sqlite::Database& database, std::int64_t number, HistoryRun& run) {
  const auto& file = database.file();
  Statement build(database, "SELECT plugin, build, build_id FROM builds WHERE run = ?1 ORDER BY place");
  for (build.with(number); build.next();)
    run.builds.push_back({build.text(0), word_of<Build>(build, 1, file), build.text(2)});
  Statement value(
      database,
      "SELECT scenario, worker_kind, workers, args, measure, median, low, high, rounds, is_right FROM points "
      "JOIN series ON series.number = points.series WHERE run = ?1 ORDER BY place");
  for (value.with(number); value.next();)
    run.values.push_back(
        {value.text(0), parameters_of(value, 1, file), value.text(4), estimate_of(value, 5), value.number(9) != 0});
  Statement verdict(database, "SELECT scenario, lane, verdict FROM verdicts WHERE run = ?1 ORDER BY place");
  for (verdict.with(number); verdict.next();)
    run.verdicts.push_back({verdict.text(0), word_of<Lane>(verdict, 1, file), word_of<Verdict>(verdict, 2, file)});
}

std::size_t number_of_runs(sqlite::Database& database) {
  return static_cast<std::size_t>(database.number("SELECT count(*) FROM runs"));
}

}  // namespace

HistoryStore::HistoryStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HistoryStore::HistoryStore(HistoryStore&&) noexcept = default;
HistoryStore& HistoryStore::operator=(HistoryStore&&) noexcept = default;
HistoryStore::~HistoryStore() = default;

Result<HistoryStore> HistoryStore::open(const std::string& file) {
  struct stat status{};
  if (stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT)
      return failure(fmt::format("{}: there is no history yet; `chicane history add RUN.json` begins one", file));
    return failure(fmt::format("{}: {}", file, system_error()));
  }
  if (!S_ISREG(status.st_mode)) return failure(fmt::format("{}: this is no file", file));
  // SQLite takes an empty file for a new database; here it never is one.
  if (status.st_size == 0)
    return failure(fmt::format(
        "{}: this history is damaged: the file is empty. It was left as it is; remove it to begin anew", file));
  return guarded([&] {
    auto parts = std::make_unique<Parts>(Parts{sqlite::Database(file, sqlite::Database::Mode::existing)});
    check_is_history(parts->database);
    return HistoryStore(std::move(parts));
  });
}

Result<HistoryStore> HistoryStore::open_or_create(const std::string& file) {
  struct stat status{};
  if (stat(file.c_str(), &status) != 0 && errno == ENOENT)
    if (auto made = create(file); !made) return std::unexpected(std::move(made.error()));
  return open(file);
}

Result<HistoryStore::Added> HistoryStore::add(const HistoryRun& run) {
  return guarded([&] {
    auto& database = parts_->database;
    const auto digest = digest_of(run);
    sqlite::Transaction transaction(database);
    Statement there(database, "SELECT digest, commit_id, added FROM runs WHERE id = ?1");
    if (there.with(run.id).next()) {
      if (there.number(0) == digest) return Added{false, there.text(2), number_of_runs(database)};
      throw Failed{
          fmt::format("{}: run {} was added on {} as of commit {}, and differs from this one{}; nothing was changed",
                      database.file(), run.id, there.text(2), there.text(1),
                      there.text(1) == run.commit ? "" : fmt::format(" of commit {}", run.commit))};
    }
    Statement insert(database,
                     "INSERT INTO runs (id, started, ended, added, commit_id, host, cpu, tool_version, tool_revision, "
                     "digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    insert
        .with(run.id, run.started, run.ended, run.added, run.commit, run.host, run.cpu, run.tool_version,
              run.tool_revision, digest)
        .done();
    insert_parts(database, sqlite3_last_insert_rowid(database.get()), run);
    Added added{true, run.added, number_of_runs(database)};
    transaction.commit();
    return added;
  });
}

Result<std::vector<HistorySeries>> HistoryStore::series(const std::string& measure) const {
  return guarded([&] {
    auto& database = parts_->database;
    const auto& file = database.file();
    std::vector<HistorySeries> all;
    std::map<std::int64_t, std::size_t> places;
    // One statement, so that what another process adds in between is in it whole or not at all.
    Statement row(
        database,
        "SELECT series.number, series.host, scenario, worker_kind, workers, args, runs.id, started, commit_id, "
        "median, low, high, rounds, is_right, cpu FROM series JOIN points ON points.series = series.number "
        "JOIN runs ON runs.number = points.run WHERE measure = ?1 "
        "ORDER BY scenario, series.host, worker_kind DESC, workers, args, series.number, started, runs.number");
    for (row.with(measure); row.next();) {
      const auto [place, is_new] = places.try_emplace(row.number(0), all.size());
      if (is_new) all.push_back({row.text(1), {}, row.text(2), parameters_of(row, 3, file), measure, {}});
      auto& series = all[place->second];
      series.cpu = row.text(14);
      series.points.push_back({row.text(6), row.text(7), row.text(8), estimate_of(row, 9), row.number(13) != 0});
    }
    return all;
  });
}

Result<std::vector<std::string>> HistoryStore::measures() const {
  return guarded([&] {
    std::vector<std::string> all;
    Statement row(parts_->database, "SELECT DISTINCT measure FROM series ORDER BY measure");
    while (row.next()) all.push_back(row.text(0));
    return all;
  });
}

Result<std::vector<HistoryStore::LastVerdict>> HistoryStore::last_verdicts() const {
  return guarded([&] {
    auto& database = parts_->database;
    std::map<std::tuple<std::string, std::string, Lane>, LastVerdict> last;
    Statement row(database,
                  "SELECT scenario, lane, verdict, host, runs.id FROM verdicts JOIN runs ON runs.number = verdicts.run "
                  "ORDER BY started, runs.number");
    while (row.next()) {
      LastVerdict each{row.text(0), word_of<Lane>(row, 1, database.file()), word_of<Verdict>(row, 2, database.file()),
                       row.text(3), row.text(4)};
      last[{each.host, each.scenario, each.lane}] = each;
    }
    std::vector<LastVerdict> all;
    for (auto& [key, each] : last) all.push_back(std::move(each));
    return all;
  });
}

Result<History> HistoryStore::everything() const {
  return guarded([&] {
    auto& database = parts_->database;
    History history;
    // As of one moment, whatever others add meanwhile.
    database.run("BEGIN");
    Statement row(database, select_runs);
    while (row.next()) {
      auto& run = history.runs.emplace_back();
      run = {row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
             row.text(7), row.text(8), row.text(9), {},          {},          {}};
      read_parts(database, row.number(0), run);
      if (digest_of(run) != row.number(10))
        throw Failed{
            fmt::format("{}: this history is damaged: run {} is not what was stored; the file was left as it is",
                        database.file(), run.id)};
    }
    database.run("COMMIT");
    return history;
  });
}

Result<std::size_t> HistoryStore::runs() const {
  return guarded([&] { return number_of_runs(parts_->database); });
}

}  // namespace chicane
