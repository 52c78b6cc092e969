#include "harness/supervisor/host.h"

#include <gtest/gtest.h>

namespace chicane {
namespace {

TEST(Host, ThisHostHasACpuMemoryAndAKernel) {
  const auto host = read_host();
  EXPECT_GE(host.cores, 1u);
  EXPECT_GT(host.memory_bytes, 0u);
  EXPECT_FALSE(host.kernel.empty());
  EXPECT_EQ(host.fingerprint.size(), 16u);
}

TEST(Host, WhatCanNotBeReadIsAbsent) {
  const auto host = read_host("/nowhere/");
  EXPECT_TRUE(host.cpu.empty());
  EXPECT_TRUE(host.caches.empty());
  EXPECT_FALSE(host.governor);
  EXPECT_FALSE(host.aslr);
  EXPECT_FALSE(load_now("/nowhere/").cpu_pressure_some_percent);
}

TEST(HostFingerprint, ChangesWithWhatTimingsDependOnAndWithNothingElse) {
  Host host;
  host.cpu = "a cpu";
  host.cores = 2;
  host.memory_bytes = 8ull << 30;
  const auto before = host_fingerprint(host);
  auto same = host;
  same.memory_bytes += 1 << 20;  // kernels reserve a little more or less
  same.before.load_1min = 3;
  EXPECT_EQ(host_fingerprint(same), before);
  auto other = host;
  other.cores = 4;
  EXPECT_NE(host_fingerprint(other), before);
}

TEST(HostLoad, IsTheShareOfTheTimeBetweenTwoSamples) {
  LoadSample begin, end;
  begin.when = {};
  end.when = begin.when + std::chrono::seconds(2);
  begin.pressure_us = 1'000'000;
  end.pressure_us = 1'500'000;
  begin.all_ticks = 100, begin.steal_ticks = 0;
  end.all_ticks = 300, end.steal_ticks = 2;
  const auto load = load_between(begin, end);
  EXPECT_DOUBLE_EQ(load.cpu_pressure_some_percent.value(), 25);
  EXPECT_DOUBLE_EQ(load.steal_percent.value(), 1);
}

}  // namespace
}  // namespace chicane
