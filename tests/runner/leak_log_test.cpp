// LeakSanitizer's text, which is all that it tells.
#include "harness/runner/lanes/leak_log.h"

#include <gmock/gmock.h>

namespace chicane {
namespace {

using testing::ElementsAre;

TEST(LeakLog, EveryGroupIsOneLeakWithItsReturnAddresses) {
  const auto leaks = parse_leak_log(
      "\n=================================================================\n"
      "==12==ERROR: LeakSanitizer: detected memory leaks\n"
      "\n"
      "Direct leak of 24 byte(s) in 3 object(s) allocated from:\n"
      "    #0 0x10 in malloc (/bin/a+0x10)\n"
      "    #1 0xfF in f() a.cpp:3:5\n"
      "\n"
      "Indirect leak of 8 byte(s) in 1 object(s) allocated from:\n"
      "    #0 0x20 in malloc (/bin/a+0x20)\n"
      "\n"
      "SUMMARY: AddressSanitizer: 32 byte(s) leaked in 4 allocation(s).\n");
  ASSERT_EQ(leaks.size(), 2u);
  EXPECT_TRUE(leaks[0].direct);
  EXPECT_EQ(leaks[0].bytes, 24u);
  EXPECT_EQ(leaks[0].objects, 3u);
  EXPECT_THAT(leaks[0].allocated_at, ElementsAre(0x11, 0x100));
  EXPECT_FALSE(leaks[1].direct);
  EXPECT_THAT(leaks[1].allocated_at, ElementsAre(0x21));
}

TEST(LeakLog, OtherTextIsNoLeak) {
  EXPECT_TRUE(parse_leak_log("").empty());
  EXPECT_TRUE(parse_leak_log("Direct leak of many byte(s)\n    #0 0x1 in f\nleak of 1 byte(s) in 1 object(s)").empty());
}

TEST(LeakLog, FramesOfAnotherReportBelongToNoLeak) {
  const auto leaks = parse_leak_log(
      "Direct leak of 1 byte(s) in 1 object(s) allocated from:\n    #0 0x1 in f\n\nWRITE of size 4\n    #0 0x5 in g\n");
  ASSERT_EQ(leaks.size(), 1u);
  EXPECT_THAT(leaks[0].allocated_at, ElementsAre(2));
}

}  // namespace
}  // namespace chicane
