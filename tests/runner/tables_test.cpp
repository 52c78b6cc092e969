#include "harness/runner/tables.h"

#include <gtest/gtest.h>

#include "tests/runner/subjects.h"

namespace chicane {
namespace {

// A subject's table, to be spoilt.
chicane_scenario table() {
  auto copy = subject("atomic").table;
  return copy;
}
std::string refusal(const chicane_scenario& scenario) {
  const auto read = read_scenario(&scenario);
  return read ? "" : read.error().message;
}

TEST(Tables, AShorterTableOfAnOlderPluginReadsAsZeroBeyondItsEnd) {
  auto scenario = table();
  EXPECT_EQ(read_scenario(&scenario)->scenario.items_per_operation, 3u);
  scenario.struct_size = offsetof(chicane_scenario, items_per_operation);
  const auto read = read_scenario(&scenario);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->scenario.items_per_operation, 0u);
}

TEST(Tables, ALongerTableOfANewerPluginIsReadAsFarAsItIsKnown) {
  struct Newer {
    chicane_scenario known;
    std::uint64_t news = 77;
  } newer{table()};
  newer.known.struct_size = sizeof newer;
  EXPECT_TRUE(read_scenario(&newer.known));
}

TEST(Tables, IdsAreFamilyAndName) {
  for (const auto* good : {"a/b", "counter/un-locked", "0/9"}) EXPECT_TRUE(valid_scenario_id(good)) << good;
  for (const auto* bad : {"", "a", "/b", "a/", "A/b", "a/b/c", "-a/b", "a/-b", "a b/c", "a_b/c"})
    EXPECT_FALSE(valid_scenario_id(bad)) << bad;
  EXPECT_TRUE(valid_scenario_id("a/" + std::string(98, 'b')));
  EXPECT_FALSE(valid_scenario_id("a/" + std::string(99, 'b')));
}

TEST(Tables, FindingsHaveADefaultForTheirFewestWorkers) {
  const auto& expectation = subject("expects").scenario.expectation;
  ASSERT_EQ(expectation.must.size(), 2u);
  EXPECT_EQ(expectation.must[0].min_workers, 2u);
  EXPECT_EQ(expectation.must[0].field->size_bytes, sizeof(long));
  EXPECT_EQ(expectation.must[1].min_workers, 1u);
  EXPECT_EQ(expectation.must[1].lanes, (std::vector{Lane::bench, Lane::tsan}));
  EXPECT_EQ(expectation.may[0].min_workers, 7u);
  EXPECT_EQ(expectation.may[0].reason, "seven at once");
  EXPECT_EQ(expectation.not_judged[0].lane, Lane::explore);
  EXPECT_EQ(subject("drives-alone").scenario.expectation.must[0].min_workers, 1u);
}

TEST(Tables, ContradictionsInWorkersAreRefused) {
  auto scenario = table();
  scenario.min_workers = 0;
  EXPECT_NE(refusal(scenario).find("min_workers is 0"), std::string::npos);
  scenario = table();
  scenario.multiple_of = 2, scenario.exactly = 3;
  EXPECT_NE(refusal(scenario).find("contradicts"), std::string::npos);
  scenario = table();
  scenario.worker_kinds = 4;
  EXPECT_NE(refusal(scenario).find("worker kinds are 0x4"), std::string::npos);
  scenario = subject("roles").table;
  EXPECT_EQ(refusal(scenario), "");
  scenario.exactly = 1;
  EXPECT_NE(refusal(scenario).find("its roles need 2 workers"), std::string::npos);
}

TEST(Tables, MembersOutsideTheStateAreRefused) {
  auto scenario = table();
  chicane_expected outside{};
  outside.struct_size = sizeof outside;
  outside.kind = "data_race";
  outside.field = "beyond";
  outside.field_offset = scenario.state_size;
  outside.field_size = 1;
  const chicane_expected* const list[] = {&outside};
  scenario.must = list, scenario.must_count = 1;
  EXPECT_NE(refusal(scenario).find("member 'beyond'"), std::string::npos);
}

TEST(Tables, MissingFunctionsAreRefused) {
  auto scenario = table();
  scenario.construct = nullptr;
  EXPECT_NE(refusal(scenario).find("no construct"), std::string::npos);
  scenario = table();
  scenario.role_count = 0;
  EXPECT_NE(refusal(scenario).find("it has no role"), std::string::npos);
}

}  // namespace
}  // namespace chicane
