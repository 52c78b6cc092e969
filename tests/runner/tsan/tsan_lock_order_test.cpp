// Which of the real ThreadSanitizer's lock-order reports become findings. The samples show both orders one after the
// other, so that none of them blocks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runner/tsan/collect.h"

namespace chicane {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* left_out = "can't block";

TEST(TsanLockOrder, OppositeOrdersOfTwoThreadsAreFound) {
  const Finding inversion = only(collect("inversion_by_two_threads"));
  EXPECT_EQ(inversion.kind, FindingKind::lock_order_inversion);
  EXPECT_THAT(inversion.evidence.message, HasSubstr("asks for M1 while it holds M0"));
  EXPECT_THAT(inversion.evidence.message, HasSubstr("asks for M0 while it holds M1"));
  EXPECT_EQ(inversion.fingerprint.size(), 16u);
}

TEST(TsanLockOrder, TheEvidenceHasBothStacksThreadsAndMutexes) {
  const Finding inversion = only(collect("inversion_of_two_functions"));
  ASSERT_THAT(inversion.evidence.stacks, SizeIs(2));
  for (const auto& [label, stack] : inversion.evidence.stacks) {
    EXPECT_THAT(label, HasSubstr("asks for M"));
    EXPECT_THAT(stack, Not(Contains(Field(&Frame::file, HasSubstr("tsan_")))));
    EXPECT_THAT(stack, Contains(Field(&Frame::file, "tests/runner/tsan/samples.cpp")));
    EXPECT_THAT(stack, Contains(Field(&Frame::line, testing::Gt(0u))));
  }
  const std::string both =
      functions(inversion.evidence.stacks[0].stack) + functions(inversion.evidence.stacks[1].stack);
  EXPECT_THAT(both, HasSubstr("take_a_then_b"));
  EXPECT_THAT(both, HasSubstr("take_b_then_a"));
  EXPECT_THAT(inversion.evidence.threads, SizeIs(2));
  for (const auto& thread : inversion.evidence.threads)
    EXPECT_THAT(functions(thread.created_at), HasSubstr("inversion_of_two_functions"));
  ASSERT_THAT(inversion.evidence.mutexes, SizeIs(2));
  EXPECT_THAT(functions(inversion.evidence.mutexes[0].created_at), HasSubstr("inversion_of_two_functions"));
}

// TSan reports these three as well: each must have been left out, not have gone unseen.
class CannotBlock : public testing::TestWithParam<const char*> {};
TEST_P(CannotBlock, IsNoFindingAndTheNotesSaySo) {
  const Collected all = collect(GetParam());
  EXPECT_THAT(all.findings, IsEmpty());
  EXPECT_THAT(all.notes, ElementsAre(HasSubstr(left_out)));
}
INSTANTIATE_TEST_SUITE_P(TsanLockOrder, CannotBlock,
                         testing::Values("inversion_by_one_thread", "inversion_under_outer_lock",
                                         "inversion_ordered_by_join"),
                         [](const auto& name) { return std::string(name.param); });

// TSan itself reports these, or not; they must not become findings.
class NoInversion : public testing::TestWithParam<const char*> {};
TEST_P(NoInversion, IsNoFinding) { EXPECT_THAT(collect(GetParam()).findings, IsEmpty()); }
INSTANTIATE_TEST_SUITE_P(TsanLockOrder, NoInversion,
                         testing::Values("inversion_with_try_lock", "inversion_of_readers",
                                         "inversion_on_reused_addresses"),
                         [](const auto& name) { return std::string(name.param); });

class Inversion : public testing::TestWithParam<const char*> {};
TEST_P(Inversion, IsFound) { EXPECT_EQ(only(collect(GetParam())).kind, FindingKind::lock_order_inversion); }
INSTANTIATE_TEST_SUITE_P(TsanLockOrder, Inversion,
                         testing::Values("inversion_first_by_one_thread_then_by_two",
                                         "inversion_of_readers_and_writers", "inversion_by_wait",
                                         "inversion_after_many_threads"),
                         [](const auto& name) { return std::string(name.param); });

TEST(TsanLockOrder, ACircleOfThreeIsFoundWhole) {
  const Finding circle = only(collect("circle_of_three"));
  EXPECT_EQ(circle.kind, FindingKind::lock_order_inversion);
  EXPECT_THAT(circle.evidence.mutexes, SizeIs(3));
  EXPECT_THAT(circle.evidence.stacks, SizeIs(3));
}

TEST(TsanLockOrder, ACycleThatBecomesRealAfterItWasLeftOutIsStillFoundAndToldOnce) {
  const Collected early = collect("inversion_by_main_thread_on_globals");
  EXPECT_THAT(early.findings, IsEmpty());
  const Collected late = collect("inversion_by_two_threads_on_globals");
  ASSERT_THAT(late.findings, SizeIs(1));
  EXPECT_EQ(late.findings[0].finding.kind, FindingKind::lock_order_inversion);
  const Collected again = collect("inversion_by_two_threads_on_globals");
  EXPECT_THAT(again.findings, IsEmpty());
}

}  // namespace
}  // namespace chicane
