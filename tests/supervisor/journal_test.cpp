#include "harness/supervisor/journal.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "harness/model/files.h"

namespace chicane {
namespace {

using testing::HasSubstr;
using testing::Not;

class JournalOnDisk : public testing::Test {
 protected:
  JournalOnDisk() : folder_(std::filesystem::temp_directory_path() / ("chicane-journal-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    header_.run = "r1";
    header_.seed = 7;
    header_.plan = "p";
    header_.builds = {{"b0", "counter", Build::plain, "aa", "", ""}, {"b1", "counter", Build::tsan, "bb", "", ""}};
  }
  ~JournalOnDisk() override { std::filesystem::remove_all(folder_); }

  std::string folder() const { return folder_.string(); }
  std::string text() const { return read_file(journal_path(folder())).value(); }
  static Trial trial(std::uint32_t round, TrialStatus status = TrialStatus::completed) {
    Trial made;
    made.plan = "p0";
    made.scenario = "a/x";
    made.round = round;
    made.status = status;
    return made;
  }
  std::string difference(const std::function<void(JournalHeader&)>& change) const {
    auto now = header_;
    change(now);
    const auto same = check_same_run(header_, now);
    return same ? std::string() : same.error().message;
  }

  std::filesystem::path folder_;
  JournalHeader header_;
};

TEST_F(JournalOnDisk, GoesOnWhereItWasTorn) {
  {
    auto journal = Journal::create(folder(), header_);
    ASSERT_TRUE(journal) << journal.error().message;
    for (std::uint32_t round = 0; round < 3; ++round) ASSERT_TRUE(journal->add(trial(round), {}));
  }
  const auto whole = text();
  std::ofstream(journal_path(folder()), std::ios::app) << "{\"trial\":{\"plan\":\"p0\",\"rou";
  JournalContents contents;
  {
    auto again = Journal::resume(folder(), contents);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(contents.header, header_);
    EXPECT_EQ(contents.trials.size(), 3u);
    EXPECT_TRUE(contents.torn);
    EXPECT_EQ(text(), whole);
    ASSERT_TRUE(again->add(trial(3), {}));
  }
  ASSERT_TRUE(Journal::resume(folder(), contents));
  EXPECT_EQ(contents.trials.size(), 4u);
  EXPECT_FALSE(contents.torn);
}

TEST_F(JournalOnDisk, AFindingIsWrittenWithItsFirstTrialThatEnded) {
  std::vector<Finding> findings(2);
  findings[0].fingerprint = "zero";
  findings[1].fingerprint = "one";
  auto stopped = trial(0, TrialStatus::stopped), next = trial(1), last = trial(2);
  stopped.findings = {{"f0", 1}};
  next.findings = {{"f1", 1}};
  last.findings = {{"f0", 1}, {"f1", 2}};
  {
    auto journal = Journal::create(folder(), header_);
    for (const auto& one : {stopped, next, last}) ASSERT_TRUE(journal->add(one, findings));
  }
  JournalContents contents;
  const auto again = Journal::resume(folder(), contents);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(contents.trials.size(), 2u);  // a stopped one has not been run
  ASSERT_EQ(contents.findings.size(), 2u);
  EXPECT_EQ(contents.findings[0].fingerprint, "one");
  EXPECT_EQ(contents.trials[1].findings, (std::vector<SeenFinding>{{"f1", 1}, {"f0", 2}}));
}

TEST_F(JournalOnDisk, HasOneWriter) {
  auto journal = Journal::create(folder(), header_);
  ASSERT_TRUE(journal->add(trial(0), {}));
  const auto before = text();
  const auto second = Journal::create(folder(), header_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another chicane"));
  JournalContents contents;
  EXPECT_FALSE(Journal::resume(folder(), contents));
  EXPECT_EQ(text(), before);
}

TEST_F(JournalOnDisk, ANewRunReplacesTheOldOne) {
  ASSERT_TRUE(Journal::create(folder(), header_)->add(trial(0), {}));
  header_.run = "r2";
  ASSERT_TRUE(Journal::create(folder(), header_));
  JournalContents contents;
  ASSERT_TRUE(Journal::resume(folder(), contents));
  EXPECT_EQ(contents.header.run, "r2");
  EXPECT_TRUE(contents.trials.empty());
}

TEST_F(JournalOnDisk, AFullDiskIsAnErrorThatLeavesWholeLines) {
  auto journal = Journal::create(folder(), header_);
  ASSERT_TRUE(journal->add(trial(0), {}));
  const auto before = text();
  // A limit on the file's size stops a write in the middle, as a full disk does.
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit limit{before.size() + 10, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &limit);
  const auto added = journal->add(trial(1), {});
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message, HasSubstr(journal_path(folder())));
  EXPECT_EQ(text(), before);
}

TEST_F(JournalOnDisk, NothingToResumeIsAClearError) {
  JournalContents contents;
  const auto journal = Journal::resume(folder(), contents);
  ASSERT_FALSE(journal);
  EXPECT_THAT(journal.error().message, HasSubstr("no run to resume"));
}

TEST_F(JournalOnDisk, AnotherRunIsRefusedWithEveryDifference) {
  EXPECT_EQ(difference([](JournalHeader&) {}), "");
  EXPECT_THAT(difference([](JournalHeader& now) { now.seed = 8; }), HasSubstr("seed: it was 7, and is 8 now"));
  EXPECT_THAT(difference([](JournalHeader& now) { now.plan = "q"; }), HasSubstr("plan: "));
  EXPECT_THAT(difference([](JournalHeader& now) { now.host = "q"; }), HasSubstr("host: "));
  EXPECT_THAT(difference([](JournalHeader& now) { now.tool_revision = "q"; }), HasSubstr("tool: "));
  EXPECT_THAT(difference([](JournalHeader& now) { now.builds[1].build_id = "cc"; }),
              HasSubstr("counter (tsan) had the build id bb, and has cc now"));
  EXPECT_THAT(difference([](JournalHeader& now) { now.builds[1].build_id.clear(); }), HasSubstr("has no build id"));
  EXPECT_THAT(difference([](JournalHeader& now) { now.builds.pop_back(); }), HasSubstr("(tsan) is not there any more"));
  EXPECT_THAT(difference([](JournalHeader& now) { now.builds.push_back({"b2", "new", Build::plain, "x", "", ""}); }),
              HasSubstr("new (plain) was not there"));
  const auto both = difference([](JournalHeader& now) { now.seed = 8, now.plan = "q"; });
  EXPECT_THAT(both, HasSubstr("seed: "));
  EXPECT_THAT(both, HasSubstr("plan: "));
}

TEST(PlanDigest, IsOfWhatIsRunAndNotOfWhereItLies) {
  Campaign campaign;
  campaign.plans.resize(2);
  campaign.plans[0].request.scenario = "a/x";
  const auto digest = plan_digest(campaign);
  const auto changed = [&](const std::function<void(Plan&)>& change) {
    auto other = campaign;
    change(other.plans[0]);
    return plan_digest(other) != digest;
  };
  EXPECT_FALSE(changed([](Plan& plan) { plan.request.plugin = "/elsewhere/x.so"; }));
  EXPECT_FALSE(changed([](Plan& plan) { plan.runner = "/elsewhere/chicane-runner"; }));
  EXPECT_TRUE(changed([](Plan& plan) { plan.request.parameters.workers = 3; }));
  EXPECT_TRUE(changed([](Plan& plan) { plan.request.budget_ns = 3; }));
  EXPECT_TRUE(changed([](Plan& plan) { plan.request.cpus = {3}; }));
  EXPECT_TRUE(changed([](Plan& plan) { plan.repetitions = 9; }));
  EXPECT_TRUE(changed([](Plan& plan) { plan.budget = std::chrono::seconds(1); }));
  EXPECT_TRUE(changed([](Plan& plan) { plan.build = "b7"; }));
}

}  // namespace
}  // namespace chicane
