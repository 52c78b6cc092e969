// What a trace keeps of each step. The state after a step is looked at when the next one is taken.
#include <cstring>

#include "harness/explore/engine.h"

namespace chicane::explore {

void Engine::trace_step(Thread& thread, const Thread* before, bool preempted) {
  complete_trace();
  Step step;
  step.thread = thread.id;
  step.operation = thread.pending;
  step.operation.timeout = thread.chosen == Chosen::timeout;
  step.operation.spurious = thread.chosen == Chosen::spurious;
  step.failed = thread.chosen == Chosen::timeout;
  step.decision = static_cast<std::uint32_t>(recording_->decisions.size());
  step.switched = before != nullptr && before != &thread;
  step.preempted = step.switched && preempted;
  step.stack = stack_of(thread, thread.pending.pc);
  recording_->trace->push_back(std::move(step));
}

void Engine::complete_trace() {
  if (recording_->trace == nullptr || recording_->trace->empty()) return;
  Step& step = recording_->trace->back();
  const Thread& thread = *threads_[step.thread];
  if (step.operation.kind == OperationKind::write && !step.value_written && step.operation.size_bytes <= 8 &&
      !races.is_freed(step.operation.address)) {
    std::uint64_t value = 0;
    std::memcpy(&value, reinterpret_cast<const void*>(step.operation.address), step.operation.size_bytes);
    step.value_written = value;
  }
  step.holds.clear();
  for (const Object* held : thread.holds) step.holds.push_back(held->address);
  if (!thread.finished && thread.ready != nullptr && !thread.ready(thread)) step.waits_for = thread.pending.address;
}

void Engine::step_value(std::uint64_t read, std::uint64_t written, bool failed) {
  if (recording_->trace == nullptr || recording_->trace->empty()) return;
  Step& step = recording_->trace->back();
  const OperationKind kind = step.operation.kind;
  if (kind != OperationKind::atomic_store && kind != OperationKind::write) step.value_read = read;
  if (changes(kind) && !failed) step.value_written = written;
  step.failed = step.failed || failed;
}

}  // namespace chicane::explore
