#include "reports/sarif/rules.h"

#include <array>

namespace chicane::reports::sarif {
namespace {

constexpr std::size_t kinds = Spelling<FindingKind>::names.size();

// In the order of FindingKind.
constexpr std::array<Rule, kinds + 1> table{{
    {"data_race", "DataRace", "Two threads access one memory location without an order between them, and one writes.",
     "The behaviour of the whole program is undefined. Protect both accesses by the same lock, make the location a "
     "std::atomic, or give it to one thread alone. The related locations are the two accesses."},
    {"wrong_result", "WrongResult", "The scenario's own check found another result than the right one.",
     "Look for updates that are lost or seen too early: a read and a write that another thread comes between. Lanes "
     "that "
     "look for races often tell which accesses those are."},
    {"forbidden_outcome", "ForbiddenOutcome",
     "A litmus scenario ended in an outcome that it forbids or does not declare.",
     "The memory order of its accesses is weaker than the algorithm needs. Strengthen it, or declare the outcome."},
    {"torn_output", "TornOutput", "Lines that several workers wrote came out mixed.",
     "Write each line with one call, or write under a lock."},
    {"deadlock", "DeadlockOfThreads", "Threads wait for one another in a circle, and none will ever go on.",
     "Take locks in one order everywhere, or take them together (std::scoped_lock). The related locations are where "
     "each "
     "thread waits."},
    {"lock_order_inversion", "LockOrderInversion",
     "Two locks are taken in both orders: with other timing it is a deadlock.",
     "Take them in one order everywhere, or together (std::scoped_lock)."},
    {"lost_wakeup", "LostWakeup", "A thread sleeps although what it waits for has happened.",
     "Change the condition and notify under the lock that the waiter holds while it looks, and wait with a predicate."},
    {"livelock", "LivelockOfThreads", "Threads go on without getting anywhere.",
     "Let one of them win: back off for different times, or take a lock instead of trying again."},
    {"hang", "ScenarioHangs", "The scenario did not end within its limit of time.",
     "The stacks tell where its threads were. If it is only slow, raise its limit."},
    {"crash", "ProcessCrashed", "A signal ended the process.",
     "The stack of the crash is in the result. The asan lane often tells which access was wrong."},
    {"uncaught_exception", "UncaughtException", "An exception left the scenario's body.",
     "Catch it in the thread that throws, or hand it over (std::exception_ptr)."},
    {"early_exit", "EarlyExit", "The process ended before the scenario did.",
     "Something called exit, or main returned while threads were at work. Join them first."},
    {"memory_error", "MemoryError", "Memory was used after it was freed, or beyond its end.",
     "Look at who owns the memory: a thread that outlives what it refers to, or an index that nobody checks."},
    {"undefined_behaviour", "UndefinedBehaviour", "UndefinedBehaviorSanitizer found an operation without a meaning.",
     "The message names it: an overflow, a bad shift, a null reference."},
    {"leak", "MemoryLeak", "Memory was allocated and can't be reached any more.",
     "Free it, or let an owner do so. Detached threads that never end keep theirs."},
    {"thread_leak", "ThreadLeak", "A thread was neither joined nor detached.", "Join it: std::jthread does by itself."},
    {"mutex_misuse", "MutexMisuse", "A lock was used against its rules.",
     "Unlocked by another thread than the one that locked it, locked twice, or destroyed while it was held."},
    {"limit_exceeded", "LimitExceeded", "The trial went beyond a limit and was ended.",
     "The result names the limit. If that is what the scenario needs, raise it."},
    {"protocol_broken", "ProtocolBroken", "The runner did not say what it has to say.",
     "The scenario wrote into the harness's memory or descriptors, or the harness has a fault."},
    {"missed", "DeclaredFindingMissed", "A finding that is declared did not show in a lane that sees it.",
     "Either the scenario was mended, and its declaration is out of date, or the detector has become blind."},
}};

// A kind that is added without a rule, or out of order, does not compile.
constexpr bool all_kinds_have_rules() {
  for (std::size_t i = 0; i < kinds; ++i)
    if (table[i].id != Spelling<FindingKind>::names[i]) return false;
  return true;
}
static_assert(all_kinds_have_rules());

}  // namespace

std::span<const Rule> rules() { return table; }
std::size_t rule_of(FindingKind kind) { return static_cast<std::size_t>(kind); }
std::size_t rule_of_missed() { return kinds; }

}  // namespace chicane::reports::sarif
