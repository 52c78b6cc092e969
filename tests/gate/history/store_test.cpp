#include "harness/gate/history/store.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <sqlite3.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gate/history/samples.h"

namespace chicane {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Store : public testing::Test {
 protected:
  Store() { fs::create_directories(folder_); }
  ~Store() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string file() const { return path("history.sqlite"); }
  HistoryStore opened() const {
    auto store = HistoryStore::open_or_create(file());
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }
  void add(int runs) const {
    auto store = opened();
    for (int n = 0; n < runs; ++n) ASSERT_TRUE(store.add(sample_run(n, 20 + n)));
  }
  static std::string bytes(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::string& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }
  void sql(const std::string& statement) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }
  // Why neither way opens it; the file must be as it was.
  std::string refusal() const {
    const auto before = bytes(file());
    const auto to_read = HistoryStore::open(file()), to_add = HistoryStore::open_or_create(file());
    EXPECT_EQ(bytes(file()), before);
    EXPECT_EQ(to_read.has_value(), to_add.has_value());
    if (to_read) return "opened";
    EXPECT_THAT(to_read.error().message, HasSubstr(file()));
    return to_read.error().message;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}));
  }

  fs::path folder_ =
      fs::temp_directory_path() /
      fmt::format("chicane-history-{}-{}", getpid(), testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Store, GivesBackWhatWasAdded) {
  auto store = opened();
  auto second = sample_run(2, 30);
  second.values.push_back({"counter/atomic", {WorkerKind::process, 1, {}}, "counters.left", {0, {}, {}, 3}, false});
  ASSERT_TRUE(store.add(second));
  ASSERT_TRUE(store.add(sample_run(1, 20)));
  const auto history = store.everything();
  ASSERT_TRUE(history) << history.error().message;
  EXPECT_EQ(history->runs, (std::vector{sample_run(1, 20), second})) << "by their start";
  EXPECT_EQ(files(), 1U) << "nothing is left beside it";
}

TEST_F(Store, GivesSeriesByHostScenarioParametersAndMeasure) {
  auto store = opened();
  auto elsewhere = sample_run(3, 40);
  elsewhere.host = "host-b";
  auto more_threads = sample_run(4, 50);
  more_threads.values[0].parameters.workers = 4;
  for (const auto& run : {sample_run(2, 30), sample_run(1, 20), elsewhere, more_threads}) ASSERT_TRUE(store.add(run));
  const auto all = store.series("wall_ns_per_operation");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3U);
  const auto& first = (*all)[0];
  EXPECT_EQ(first.host, "host-a");
  EXPECT_EQ(first.parameters, sample_run(1, 20).values[0].parameters);
  ASSERT_EQ(first.points.size(), 2U);
  EXPECT_EQ(first.points[0].run, "run-1");
  EXPECT_EQ(first.points[0].value, sample_run(1, 20).values[0].value);
  EXPECT_EQ(first.points[1].commit, "c0000002");
  EXPECT_EQ((*all)[1].parameters.workers, 4U);
  EXPECT_EQ((*all)[2].host, "host-b");
  EXPECT_TRUE(store.series("nonsense")->empty());
  EXPECT_EQ(*store.measures(), std::vector<std::string>{"wall_ns_per_operation"});
}

TEST_F(Store, KnowsTheLastVerdictOfEachLane) {
  auto store = opened();
  auto later = sample_run(5, 20);
  later.verdicts = {{"counter/locked", Lane::tsan, Verdict::pass}};
  ASSERT_TRUE(store.add(later));
  ASSERT_TRUE(store.add(sample_run(1, 20)));
  const auto last = store.last_verdicts();
  ASSERT_TRUE(last);
  ASSERT_EQ(last->size(), 2U);
  EXPECT_EQ((*last)[0].lane, Lane::bench);
  EXPECT_EQ((*last)[0].run, "run-1");
  EXPECT_EQ((*last)[1].verdict, Verdict::pass);
}

TEST_F(Store, SaysWhenARunIsThereAlreadyAndChangesNothing) {
  add(1);
  const auto before = bytes(file());
  auto store = opened();
  auto again = sample_run(0, 20);
  again.added = "2027-01-01T00:00:00Z";
  const auto added = store.add(again);
  ASSERT_TRUE(added);
  EXPECT_FALSE(added->is_new);
  EXPECT_EQ(added->when, "2026-12-31T00:00:00Z");
  EXPECT_EQ(added->runs, 1U);
  EXPECT_EQ(bytes(file()), before);
}

TEST_F(Store, RefusesAnotherRunOfTheSameName) {
  add(1);
  const auto before = bytes(file());
  auto store = opened();
  EXPECT_THAT(store.add(sample_run(0, 21)).error().message, HasSubstr("differs from this one; nothing was changed"));
  auto moved = sample_run(0, 20);
  moved.commit = "other";
  EXPECT_THAT(store.add(moved).error().message,
              HasSubstr("commit c0000000, and differs from this one of commit other"));
  EXPECT_EQ(bytes(file()), before);
}

TEST_F(Store, IsNotMadeByReading) {
  EXPECT_THAT(HistoryStore::open(file()).error().message, HasSubstr("there is no history yet"));
  EXPECT_FALSE(fs::exists(file()));
  const auto nowhere = HistoryStore::open_or_create(path("no/such/folder.sqlite"));
  EXPECT_THAT(nowhere.error().message, HasSubstr("is its folder there"));
}

TEST_F(Store, RefusesWhatIsNoHistoryAndLeavesItAlone) {
  write(file(), "");
  EXPECT_THAT(refusal(), HasSubstr("the file is empty"));
  write(file(), "important notes, not a history\n");
  EXPECT_THAT(refusal(), HasSubstr("no history file"));
  std::mt19937 random(1);
  std::string garbage(20'000, '\0');
  for (char& each : garbage) each = static_cast<char>(random());
  write(file(), garbage);
  EXPECT_THAT(refusal(), HasSubstr("no history file"));
  fs::remove(file());
  fs::create_directory(file());
  EXPECT_THAT(HistoryStore::open(file()).error().message, HasSubstr("this is no file"));
}

TEST_F(Store, RefusesAnotherProgramsDatabaseAndANewerHistory) {
  add(1);
  sql("PRAGMA user_version = 2");
  EXPECT_THAT(refusal(), HasSubstr("a newer Chicane wrote this history (version 2, this one knows 1)"));
  sql("PRAGMA user_version = 0");
  EXPECT_THAT(refusal(), HasSubstr("damaged"));
  sql("PRAGMA user_version = 1; PRAGMA application_id = 7");
  EXPECT_THAT(refusal(), HasSubstr("no history of Chicane (a SQLite database with application id 0x7)"));
}

TEST_F(Store, SeesThatItWasCutOff) {
  add(40);
  const auto whole = bytes(file());
  ASSERT_GT(whole.size(), 40'000U);
  // At every page's end and within pages.
  for (std::size_t size = 1; size < whole.size(); size += 2048 - size % 2) {
    write(file(), whole.substr(0, size));
    EXPECT_NE(refusal(), "opened") << size << " of " << whole.size();
  }
  write(file(), whole);
  EXPECT_EQ(HistoryStore::open(file())->runs(), 40U) << "and that it was not";
}

TEST_F(Store, SeesOverwrittenPages) {
  add(40);
  const auto whole = bytes(file());
  std::mt19937 random(2);
  int opened = 0;
  for (std::size_t page = 1; page * 4096 < whole.size(); ++page) {
    auto damaged = whole;
    for (std::size_t i = 0; i < 4096; ++i) damaged[page * 4096 + i] = static_cast<char>(random());
    write(file(), damaged);
    opened += refusal() == "opened";
  }
  EXPECT_EQ(opened, 0);
}

TEST_F(Store, SeesChangedFiguresWhenAllIsRead) {
  add(12);
  sql("UPDATE points SET median = 21.5 WHERE run = 3");
  auto store = opened();
  EXPECT_THAT(store.everything().error().message, HasSubstr("run run-2 is not what was stored"));
}

TEST_F(Store, NeverCrashesOnAFlippedByte) {
  add(6);
  const auto whole = bytes(file());
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    auto damaged = whole;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
    write(file(), damaged);
    auto store = HistoryStore::open(file());
    if (!store) continue;
    // Free space, or a value: said where all is read, or harmless.
    (void)store->series("wall_ns_per_operation");
    (void)store->last_verdicts();
    if (const auto all = store->everything(); all) {
      EXPECT_LE(all->runs.size(), 6U);
    }
  }
}

}  // namespace
}  // namespace chicane
