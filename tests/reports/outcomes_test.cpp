// Outcomes of litmus scenarios, in words.
#include "reports/outcomes.h"

#include <gtest/gtest.h>

namespace chicane::reports {
namespace {

TEST(Outcomes, AShareIsPercentUntilItIsOneInMany) {
  EXPECT_EQ(share_in_words(0, 100), "0");
  EXPECT_EQ(share_in_words(1'234, 2'468), "1,234 (50 %)");
  EXPECT_EQ(share_in_words(414'624, 210'000'000), "414,624 (0.2 %)");
  EXPECT_EQ(share_in_words(1, 10'000), "1 (0.01 %)");
  EXPECT_EQ(share_in_words(39, 458'000'000), "39 (1 in 12,000,000)");
  EXPECT_EQ(share_in_words(1, 10'001), "1 (1 in 10,000)");
}

TEST(Outcomes, AllIsAHundredPercentAndAlmostAllIsNot) {
  EXPECT_EQ(share_in_words(7, 7), "7 (100 %)");
  EXPECT_EQ(share_in_words(999'999, 1'000'000), "999,999 (over 99 %)");
  EXPECT_EQ(share_in_words(994, 1'000), "994 (99 %)");
}

TEST(Outcomes, ARateHasThreeDigits) {
  const auto column = [](double rate) {
    OutcomeTable::Column made;
    made.placement = Placement::free, made.turns_per_second = rate, made.migrations = 3;
    return words_of(made);
  };
  EXPECT_EQ(column(509'669'557), "free (510 M turns a second, 3 migrations)");
  EXPECT_EQ(column(57), "free (57.0 turns a second, 3 migrations)");
}

}  // namespace
}  // namespace chicane::reports
