#include "harness/judge/fingerprint.h"

#include <gtest/gtest.h>

namespace chicane {
namespace {

Frame frame(std::string function, std::string file = "", std::string module = "counter.so") {
  return {std::move(function), std::move(file), 12, 3, std::move(module)};
}

const Frame user = frame("Queue::pop()", "scenarios/queue/plain.cpp");

Finding race(const Stack& first, const Stack& second, const std::string& location = "head") {
  Finding finding;
  finding.kind = FindingKind::data_race;
  Access a, b;
  a.stack = first;
  b.stack = second;
  finding.evidence.accesses = {a, b};
  finding.evidence.location = Location{"state", location, 8, 16, {}};
  return finding;
}

TEST(UserFrame, IsWhatSomebodyWrote) {
  for (const Frame& each : {
           user,
           frame("UnlockedCounter::work(chicane::v1::Worker&)", "scenarios/counter/unlocked.cpp"),
           frame("mine::Queue::pop()", "/home/me/chicane/queue.h"),
           frame("Queue::pop()", ""),  // compiled without -g
           frame("main::$_0::operator()() const", "/tmp/outside/plugin.cpp"),
           frame("standard::f()", "/tmp/outside/plugin.cpp"),
           frame("malloc_pool::take()", ""),
           frame("work", "/tmp/outside/plugin.c"),
       })
    EXPECT_TRUE(is_user_frame(each)) << each.function << " " << each.file;
}

TEST(UserFrame, IsNoLibrarysOrHarnesss) {
  for (const Frame& each : {
           frame("void std::__invoke_impl<void, Q>(std::__invoke_other, Q&&)", "/usr/include/c++/12/bits/invoke.h"),
           frame("std::thread::_Invoker<std::tuple<main::$_0> >::operator()()"),
           frame("std::hash<Key>::operator()(Key) const", "/opt/gcc/include/c++/13/functional"),
           frame("__gnu_cxx::__exchange_and_add(int*, int)"),
           frame("__cxxabiv1::__terminate(void (*)())"),
           frame("int chicane::v1::internal::Bridge<Q>::work<&Q::work>(void*, void*, chicane_worker*)",
                 "harness/api/chicane/scenario.h"),
           frame("chicane::v1::Worker::Turns::operator++()", "/usr/local/include/chicane/scenario.h"),
           frame("chicane::v1::Check::fail(char const*)"),
           frame("_ZN7chicane2v18internal6BridgeI1QE4workITnDaXadL_ZNS3_4workEvEEEEiPv"),
           frame("_ZNSt5tupleIJZ4mainE3$_3EEC2Ev"),
           frame("chicane::run_trial(chicane::TrialRequest const&)", "harness/runner/trial.cpp", "chicane-runner"),
           frame("main", "", "chicane-runner"),
           frame("__tsan_write8"),
           frame("___interceptor_memcpy", "", "chicane-runner"),
           frame("__interceptor_pthread_mutex_lock"),
           frame("__sanitizer_print_stack_trace"),
           frame("__asan_memcpy", "/build/llvm/compiler-rt/lib/asan/asan_interceptors.cpp"),
           frame("operator new(unsigned long)", "", "chicane-runner"),
           frame("operator new(unsigned long)"),
           frame("start_thread", "./nptl/pthread_create.c", "libc.so.6"),
           frame("start_thread", "", ""),
           frame("clone3", "", "libc.so.6"),
           frame("__libc_start_call_main", "", ""),
           frame("pthread_mutex_lock"),
           frame("tbb::detail::d1::task_arena::execute()", "/usr/include/oneapi/tbb/task_arena.h"),
           frame("tbb::detail::r1::arena::process(tbb::detail::r1::thread_data&)", "", "libtbb.so.12"),
           frame("void tbb::detail::d1::run<F>(F const&)", "/home/me/.cache/tbb/include/oneapi/tbb/arena.h"),
           frame("inline_helper()", "/usr/lib/llvm-19/lib/clang/19/include/immintrin.h"),
           frame("std::thread::_Invoker<std::tuple<main::$_0>>::_M_invoke<0ul>(std::_Index_tuple<0ul>)",
                 "/usr/lib/gcc/x86_64-linux-gnu/12/../../../../include/c++/12/bits/std_thread.h"),
           frame("__libc_start_call_main", "csu/../sysdeps/nptl/libc_start_call_main.h"),
           frame("pthread_create", "<null>"),
           frame("<null>", "<null>"),
           frame("", ""),
       })
    EXPECT_FALSE(is_user_frame(each)) << each.function << " " << each.file;
}

TEST(UserFrame, IsTheInnermostOfAStack) {
  const Stack stack{frame("__tsan_memcpy"), frame("std::vector<int>::push_back(int&&)"), user,
                    frame("Queue::run()", "scenarios/queue/plain.cpp")};
  ASSERT_TRUE(user_frame(stack).has_value());
  EXPECT_EQ(user_frame(stack)->function, "Queue::pop()");
  EXPECT_FALSE(user_frame({frame("start_thread"), frame("clone3")}).has_value());
  EXPECT_FALSE(user_frame({}).has_value());
}

TEST(Fingerprint, HasSixteenHexDigitsThatNeverChange) {
  // Stored in files and policies: a change of the formula must be seen here.
  EXPECT_EQ(fingerprint(race({user}, {user})), "3a20f24384272786");
}

TEST(Fingerprint, KnowsNoLinesAndNoOrderOfAccesses) {
  Frame moved = user;
  moved.line = 99;
  moved.file = "/elsewhere/plain.cpp";
  const Frame other = frame("Queue::push(int)", "scenarios/queue/plain.cpp");
  EXPECT_EQ(fingerprint(race({user}, {other})), fingerprint(race({other}, {moved})));
}

TEST(Fingerprint, IsTheSameFromBothDemanglersAndBuilds) {
  const auto with = [](const char* name) { return fingerprint(race({frame(name, "a.cpp")}, {user})); };
  EXPECT_EQ(with("main::$_0::operator()() const"), with("main::{lambda()#1}::operator()() const"));
  EXPECT_EQ(with("Box<std::vector<int> >::pop(int)"), with("Box<std::vector<int>>::pop(int) [clone .cold]"));
}

TEST(Fingerprint, DiffersByKindFunctionLocationAndName) {
  const Finding base = race({user}, {user});
  const Finding elsewhere = race({user}, {frame("Queue::size()", "a.cpp")});
  const Finding on_tail = race({user}, {user}, "tail");
  Finding named = base, of_kind = base;
  named.name = "total";
  of_kind.kind = FindingKind::wrong_result;
  for (const Finding& other : {elsewhere, on_tail, named, of_kind}) EXPECT_NE(fingerprint(base), fingerprint(other));
}

TEST(Fingerprint, OfALockOrderCycleDoesNotDependOnItsFirstEdge) {
  Finding cycle;
  cycle.kind = FindingKind::lock_order_inversion;
  const auto at = [](const char* function) { return LabelledStack{"", {frame(function, "a.cpp")}}; };
  cycle.evidence.stacks = {at("f()"), at("f()"), at("g()"), at("g()")};
  Finding rotated = cycle;
  rotated.evidence.stacks = {at("g()"), at("g()"), at("f()"), at("f()")};
  EXPECT_EQ(fingerprint(cycle), fingerprint(rotated));
  rotated.evidence.stacks[0] = at("h()");
  EXPECT_NE(fingerprint(cycle), fingerprint(rotated));
}

TEST(Fingerprint, TellsRacesInsideOfLibrariesApart) {
  const Stack malloc_stack{frame("malloc")}, free_stack{frame("free")};
  EXPECT_NE(fingerprint(race(malloc_stack, malloc_stack)), fingerprint(race(free_stack, free_stack)));
}

}  // namespace
}  // namespace chicane
