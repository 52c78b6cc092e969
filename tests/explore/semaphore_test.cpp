// std::counting_semaphore of libstdc++ 12 can sleep for ever: a waiter looks at the count, 2, finds no token while
// others have both, spins, and goes to sleep because the count is 2 again: nobody wakes it. The schedule is led there
// step by step, to see that it is told as what it is.
#include <string_view>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "harness/explore/explore.h"
#include "tests/explore/cases/case.h"

namespace chicane::explore {
namespace {

class Leads final : public Scheduler {
 public:
  void begin(std::uint64_t) override {}
  std::uint32_t pick_thread(const ThreadChoice& choice) override {
    constexpr ThreadId waiter = 1, first = 2, second = 3;
    const auto may_run = [&](ThreadId thread) {
      for (const Pending& pending : choice.enabled)
        if (pending.thread == thread) {
          const OperationKind kind = pending.operation.kind;
          // Those who hold a token keep it until the waiter stands before its sleep.
          if (thread != waiter)
            return looked_ && (rmws_[thread] == 0 || at_sleep_ || kind != OperationKind::atomic_rmw);
          if (kind == OperationKind::futex_wait) at_sleep_ = true;
          return !looked_ || (rmws_[first] > 0 && rmws_[second] > 0 && !at_sleep_);
        }
      return false;
    };
    for (const ThreadId thread : {waiter, first, second})
      if (may_run(thread)) return index_of(choice, thread);
    // The waiter may just have come to its sleep: then it is the others' turn.
    for (const ThreadId thread : {first, second})
      if (may_run(thread)) return index_of(choice, thread);
    return 0;
  }
  void performed(ThreadId thread, const Operation& operation) override {
    if (thread == 1 && operation.kind == OperationKind::atomic_load) looked_ = true;
    if (thread < 4 && operation.kind == OperationKind::atomic_rmw) ++rmws_[thread];
  }

 private:
  static std::uint32_t index_of(const ThreadChoice& choice, ThreadId thread) {
    for (std::uint32_t i = 0; i < choice.enabled.size(); ++i)
      if (choice.enabled[i].thread == thread) return i;
    return 0;
  }
  bool looked_ = false, at_sleep_ = false;
  int rmws_[4] = {};
};

TEST(SemaphoreOfLibstdcxx12, SleepsForEverAndIsToldAsALostWakeUp) {
  const Case* entry = first_case;
  while (entry != nullptr && entry->name != std::string_view("semaphore_of_two_can_sleep_for_ever"))
    entry = entry->next;
  ASSERT_NE(entry, nullptr);
  const pid_t child = fork();  // the schedule leaves a thread asleep
  if (child == 0) {
    Body body;
    body.context = reinterpret_cast<void*>(entry->run);
    body.main = [](void* run) { reinterpret_cast<void (*)()>(run)(); };
    Leads scheduler;
    SharedLocations learned;
    Recording recording;
    const Outcome outcome = run_schedule(body, scheduler, 1, {}, learned, recording);
    if (outcome.findings.size() != 1) _exit(1);
    if (outcome.findings[0].kind != FindingKind::lost_wakeup) _exit(2);
    if (outcome.ending != Ending::stuck || !outcome.process_spent) _exit(3);
    if (outcome.findings[0].thread != 1 || outcome.threads.size() != 4) _exit(4);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "exit code " << WEXITSTATUS(status);
}

}  // namespace
}  // namespace chicane::explore
