#include <string>

#include <gmock/gmock.h>

#include "harness/elf/elf.h"

namespace chicane {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

Result<Build> build_of_sample(const std::string& name) {
  const auto facts = read_elf(CHICANE_ELF_SAMPLES + name);
  if (!facts) return std::unexpected(facts.error());
  return plugin_build(*facts);
}
std::string error_of(const std::string& name) {
  const auto build = build_of_sample(name);
  return build ? "no error" : build.error().message;
}

TEST(PluginBuild, EveryKindOfBuildIsKnownByItsNote) {
  EXPECT_EQ(build_of_sample("plain.so").value(), Build::plain);
  EXPECT_EQ(build_of_sample("tsan.so").value(), Build::tsan);
  EXPECT_EQ(build_of_sample("two_units.so").value(), Build::tsan);
  EXPECT_EQ(build_of_sample("asan.so").value(), Build::asan);
  EXPECT_EQ(build_of_sample("explore.so").value(), Build::explore);
}

TEST(PluginBuild, WhatIsNoPluginIsRefused) {
  EXPECT_THAT(error_of("no_plugin.so"), AllOf(StartsWith("is no Chicane plugin: "), HasSubstr("chicane/scenario.h")));
  EXPECT_THAT(error_of("no_entry.so"), AllOf(StartsWith("is no Chicane plugin: "), HasSubstr("chicane_plugin_entry")));
  ElfFacts executable;
  executable.chicane_notes = {{1, 0}};
  EXPECT_THAT(plugin_build(executable).error().message, HasSubstr("no shared library"));
}

TEST(PluginBuild, UnitsThatDisagreeAreRefused) {
  EXPECT_THAT(error_of("mixed.so"), AllOf(HasSubstr("of its 2 units 1 of 2 say plain, 1 of 2 say tsan"),
                                          HasSubstr("compile all of them with the same flags")));
  EXPECT_THAT(error_of("two_abis.so"), AllOf(HasSubstr("1 of 2 say ABI 0, 1 of 2 say ABI 1"), HasSubstr("headers")));
}

TEST(PluginBuild, ANoteThatTheCodeBeliesIsRefused) {
  EXPECT_THAT(error_of("says_tsan.so"),
              AllOf(HasSubstr("says that it is a tsan build"), HasSubstr("__tsan_init"), HasSubstr("-fsanitize=")));
  EXPECT_THAT(error_of("partly_tsan.so"), AllOf(HasSubstr("says that it is a plain build"), HasSubstr("__tsan_init")));
  EXPECT_THAT(error_of("unknown_build.so"), HasSubstr("of unknown kind 9"));
}

TEST(PluginBuild, AnotherAbiIsRefusedWithBothNumbers) {
  EXPECT_THAT(error_of("old_abi.so"),
              AllOf(HasSubstr("is too old"), HasSubstr("ABI 0"), HasSubstr("speaks 1"), HasSubstr("build it again")));
  EXPECT_THAT(error_of("new_abi.so"), AllOf(HasSubstr("is too new"), HasSubstr("ABI 7"), HasSubstr("speaks 1"),
                                            HasSubstr("use a newer Chicane")));
}

}  // namespace
}  // namespace chicane
