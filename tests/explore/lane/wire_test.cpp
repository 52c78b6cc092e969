#include "harness/explore/search/wire.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "harness/explore/search/program_protocol.h"

namespace chicane::explore {
namespace {

Sighting sample() {
  Sighting sighting;
  auto& finding = sighting.outcome.findings.emplace_back();
  finding.kind = FindingKind::deadlock;
  finding.message = "stuck";
  finding.accesses.push_back({1, true, false, 4, 0x10, {0x20, 0x30}, {1, 2, 3}});
  finding.cycle = {1, 2};
  finding.block = SeenBlock{"heap", 0x100, 64, {7}, {}, 2};
  finding.signal = 11;
  sighting.outcome.threads.push_back({2, "worker", {5}, {6}, false, {0x20}, Operation{.kind = OperationKind::lock}, 1});
  sighting.outcome.exit_code = 3;
  sighting.outcome.divergence = Divergence{4, 5, "there"};
  sighting.outcome.ending = Ending::stuck;
  sighting.outcome.process_spent = true;
  sighting.which = 0;
  sighting.decisions = {{DecisionKind::waiter, 1, 3}};
  sighting.learned = {9, 8};
  sighting.options.memory_model = MemoryModel::relaxed;
  auto& step = sighting.trace.emplace_back();
  step.operation = {.kind = OperationKind::atomic_rmw, .order = MemoryOrder::acq_rel, .size_bytes = 8, .address = 0x40};
  step.value_read = 1;
  step.waits_for = 0x50;
  step.holds = {0x20};
  sighting.strategy = "pos";
  return sighting;
}

TEST(Wire, WhatIsSentIsWhatIsReceived) {
  const auto bytes = wire::encoded(sample());
  Sighting received;
  ASSERT_TRUE(wire::decode(bytes, received));
  EXPECT_EQ(wire::encoded(received), bytes);
  EXPECT_EQ(received.trace, sample().trace);
  EXPECT_EQ(received.decisions, sample().decisions);
  EXPECT_EQ(received.outcome.findings.front().accesses.front().stack, (Stack{1, 2, 3}));
  EXPECT_EQ(received.outcome.threads.front().waits_in->kind, OperationKind::lock);
}

TEST(Wire, CutOrLengthenedBytesAreNoValue) {
  auto bytes = wire::encoded(sample());
  Sighting received;
  for (const std::size_t size : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1})
    EXPECT_FALSE(wire::decode(std::span(bytes).first(size), received)) << size;
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(wire::decode(bytes, received));
}

TEST(Wire, MessagesComeOffTheStreamWholeAndInOrder) {
  std::vector<std::byte> stream;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::vector<std::byte> first(3, std::byte{1}), second;
  ASSERT_TRUE(wire::send(ends[1], 7, first));
  ASSERT_TRUE(wire::send(ends[1], 8, second));
  std::vector<std::byte> all(100);
  const auto bytes = read(ends[0], all.data(), all.size());
  close(ends[0]);
  close(ends[1]);
  ASSERT_GT(bytes, 0);
  all.resize(static_cast<std::size_t>(bytes));
  std::vector<wire::Message> messages;
  for (const auto byte : all) {  // as slowly as a pipe may give them
    stream.push_back(byte);
    for (auto& message : wire::take_messages(stream)) messages.push_back(std::move(message));
  }
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].kind, 7u);
  EXPECT_EQ(messages[0].bytes, first);
  EXPECT_EQ(messages[1].kind, 8u);
  EXPECT_TRUE(stream.empty());
}

}  // namespace
}  // namespace chicane::explore
