// A schedule from its beginning to its outcome.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <unistd.h>

#include "harness/explore/crash.h"
#include "harness/explore/engine.h"
#include "harness/explore/modules.h"
#include "harness/explore/real.h"
#include "harness/explore/replay.h"

namespace chicane::explore {

SwitchPoints plain_points = SwitchPoints::sync;
bool tracing = false;
Engine* engine_instance = nullptr;

namespace {

alignas(Engine) unsigned char engine_memory[sizeof(Engine)];  // never destroyed: threads may outlive static destructors
__attribute__((constructor(102))) void make_engine() {
  engine_instance = new (engine_memory) Engine;
  pthread_atfork(nullptr, [] { engine().has_forked = true; }, [] { engine().forked(); });
}

}  // namespace

void Engine::begin(Scheduler& scheduler, std::uint64_t seed, const Options& with, SharedLocations& learned, bool learn,
                   Recording& recording) {
  look_at_modules();
  options = with;
  scheduler_ = &scheduler;
  wants_ = scheduler.wants();
  shared_ = &learned;
  learn_ = learn;
  recording_ = &recording;
  recording.decisions.clear();
  if (recording.trace != nullptr) recording.trace->clear();
  tracing = recording.trace != nullptr;
  outcome_ = {};
  ending_ = Ending::returned;
  arena.reset();
  objects.clear();
  annotated_.clear();
  races.begin_schedule();
  atomics.begin_schedule(options.memory_model == MemoryModel::relaxed);
  blocks.begin_schedule();
  live = {};
  messages_.clear();
  alarm_at_ = alarm_interval_ = 0;
  alarm_set_ = {};
  thread_count_ = next_index_ = 0;
  last_ = starting_ = nullptr;
  dirty_ = others_enabled_ = preempting_ = exiting = false;
  only_spinners_ = 0;
  next_deadline_ = ~std::uint64_t{0};
  now_ns = 0;
  random_state = 0;
  last_progress_ = last_novelty_ = 0;
  has_forked = false;
  watched_from_ = options.max_steps / 4;
  races_seen_.clear();
  stacks_.clear();
  learned_now_.clear();
  std::memset(conflicts_known_, 0, sizeof conflicts_known_);
  hand_off.use_fibers(options.backend != Backend::futex && HandOff::fibers_available());
  free_slots_.assign(slots_.rbegin(), slots_.rend());
  for (Slot* slot : slots_) slot->lowest_frame = ~std::uintptr_t{0};
  plain_points = options.switch_points;
  solo = true;
  catch_crashes();
  give_crash_stack();
  running_ = true;
  scheduler.begin(seed);
}

// A child that the code under test forks is another process: it runs as it is, nothing of it is looked at.
void Engine::forked() {
  forget_pool();
  if (!running_) return;
  current = nullptr;
  running_ = program = false;
  solo = true;
  let_crashes_through();
}

// In a forked child the threads of the pool are no more.
void Engine::forget_pool() {
  slots_.clear();
  free_slots_.clear();
}

void Engine::finish_outcome(Ending ending) {
  complete_trace();
  outcome_.ending = ending;
  if (!outcome_.findings.empty() || ending != Ending::returned) {
    for (std::uint32_t i = 0; i < thread_count_; ++i) {
      const Thread& thread = *threads_[i];
      SeenThread& seen = outcome_.threads.emplace_back();
      seen.id = thread.id;
      seen.name = thread.name;
      for (std::size_t frame = thread.created_at.size(); frame-- > 0;)
        seen.created_at.push_back(thread.created_at[frame]);
      seen.finished = thread.finished;
      if (thread.finished) continue;
      seen.now = stack_of(thread, thread.pending.pc);
      for (const Object* held : thread.holds) seen.locks.push_back(held->address);
      if (thread.ready != nullptr && !thread.ready(thread)) {
        seen.waits_in = thread.pending;
        seen.waits_for = waits_for(thread);
      }
    }
  }
  if (learn_)
    for (const std::uintptr_t pc : learned_now_)
      if (shared_->add(pc)) ++outcome_.statistics.learned;
  scheduler_->end(outcome_);
  std::uint32_t longest = 1;
  for (std::uint32_t i = 0; i < thread_count_; ++i) longest = std::max(longest, threads_[i]->time);
  races.end_schedule(longest + 1);
  blocks.give_back(races.shadow());
  for (const unsigned key : keys_made_) {
    if (key < most_keys && key_destructors_[key] != nullptr) key_destructors_[key] = nullptr;
    real().pthread_key_delete(key);
  }
  keys_made_.clear();
  running_ = false;
  solo = true;
}

Outcome Engine::run(const Body& body, Scheduler& scheduler, std::uint64_t seed, const Options& with,
                    SharedLocations& learned, bool learn, Recording& recording) {
  begin(scheduler, seed, with, learned, learn, recording);
  program = false;
  body_ = &body;
  hand_off.adopt(caller_);
  Slot* slot = free_slot();
  if (slot == nullptr) {
    found(FindingKind::limit_exceeded, nullptr, 0, "the system gives no thread").name = "threads";
    outcome_.process_spent = true;
    finish_outcome(Ending::died);
    return std::move(outcome_);
  }
  new_thread(no_thread, slot);
  hand_off.prepare(*slot, body_main);
  hand_off.pass(caller_, *slot);
  if (ending_ == Ending::returned && !live.empty()) {
    outcome_.process_spent = true;  // they sleep, and would go on in the next schedule
    if (options.leftover_threads)
      found(FindingKind::thread_leak, live[0], live[0]->pending.pc, "threads are left when the body is over");
  }
  finish_outcome(ending_);
  return std::move(outcome_);
}

namespace {

void* body_thread(void* index) {
  engine().call_body_thread(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(index)));
  return nullptr;
}

}  // namespace

void Engine::call_body_thread(std::uint32_t index) const { body_->thread(body_->context, index); }

void Engine::body_main(Slot& slot) {
  Engine& self = engine();
  Thread& thread = *slot.thread;
  const Body& body = *self.body_;
  self.renew(slot);
  self.took(thread);
  const auto call = [&](void (*function)(void*)) {
    if (function == nullptr) return;
    current = &thread;
    function(body.context);
    current = nullptr;
  };
  jmp_buf leaving;
  thread.exit_jump = &leaving;
  if (_setjmp(leaving) == 0) {
    if (body.main != nullptr) {
      call(body.main);
    } else {
      call(body.fresh);
      constexpr std::size_t kept = 64;
      Thread* made[kept] = {};
      for (std::uint32_t i = 0; i < body.threads && i < kept; ++i)
        made[i] = self.create(thread, body_thread, reinterpret_cast<void*>(std::uintptr_t{i}), false, 0);
      for (std::uint32_t i = 0; i < body.threads && i < kept; ++i)
        if (made[i] != nullptr) self.join(thread, *made[i], nullptr, 0, 0);
      call(body.check);
      call(body.drop);
    }
  }
  current = nullptr;
  self.finish(thread);
  Thread* next = self.choose(thread, false);
  self.hand_off.leave(slot, next != nullptr ? *next->slot : self.caller_);
}

void Engine::end(Thread& thread, Ending ending) {
  current = nullptr;
  ending_ = ending;
  outcome_.process_spent = true;
  if (program) end_program(ending);
  hand_off.abandon(*thread.slot, caller_);
}

Outcome run_schedule(const Body& body, Scheduler& scheduler, std::uint64_t seed, const Options& options,
                     SharedLocations& learned, Recording& recording) {
  return engine().run(body, scheduler, seed, options, learned, true, recording);
}

Outcome replay_schedule(const Body& body, const Decisions& decisions, const Options& options,
                        const SharedLocations& learned, Recording& recording) {
  // A copy, for the recording's may be these.
  const Decisions wanted = decisions;  // NOLINT(performance-unnecessary-copy-initialization)
  Replay replay(wanted);
  Outcome outcome = engine().run(body, replay, 0, options, const_cast<SharedLocations&>(learned), false, recording);
  outcome.divergence = replay.divergence();
  if (outcome.divergence) outcome.ending = Ending::diverged;
  return outcome;
}

void report(FindingKind kind, const char* name, const char* message) {
  Thread* running = current;
  current = nullptr;
  if (engine().running()) engine().report(running, kind, name, message);
  current = running;
}

bool controlled() { return current != nullptr; }
bool fiber_backend_available() { return HandOff::fibers_available(); }

}  // namespace chicane::explore
