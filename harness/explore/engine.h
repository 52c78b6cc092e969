// Runs schedules: knows the threads, asks the scheduler at each visible operation who goes on, keeps time, tells how a
// schedule ended. What operations do to objects is in sync.cpp, threads.cpp and memory.cpp; there is one engine a
// process, because there is one malloc and one pthread_create.
#pragma once

#include <csetjmp>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "harness/explore/address_table.h"
#include "harness/explore/arena.h"
#include "harness/explore/atomics.h"
#include "harness/explore/explore.h"
#include "harness/explore/hand_off.h"
#include "harness/explore/heap.h"
#include "harness/explore/objects/condition.h"
#include "harness/explore/objects/mutex.h"
#include "harness/explore/objects/once.h"
#include "harness/explore/objects/rwlock.h"
#include "harness/explore/objects/semaphore.h"
#include "harness/explore/races.h"
#include "harness/explore/thread.h"

namespace chicane::explore {

class Engine final : public RaceSink, public View {
 public:
  static constexpr std::size_t most_threads = 4096;
  // Plain accesses without any visible operation, after which one is made visible: a loop that waits for a plain
  // variable would never let anybody else come.
  static constexpr std::uint32_t most_unseen = 20'000;

  Engine() : races(arena, *this), atomics(arena, races) {}

  // -- a schedule (run.cpp)
  Outcome run(const Body& body, Scheduler& scheduler, std::uint64_t seed, const Options& options,
              SharedLocations& learned, bool learn, Recording& recording);
  [[noreturn]] void run_program(const ProgramMain& program, Scheduler& scheduler, std::uint64_t seed,
                                const Options& options, SharedLocations& learned, Recording& recording,
                                ScheduleEnded ended, void* context);
  [[noreturn]] void exit_program(Thread& thread, int code, std::uintptr_t pc);
  [[noreturn]] void end_program(Ending ending);
  void forget_pool();
  void forked();  // in the child: it runs by itself from here on
  bool has_forked = false;
  void renew(Slot& slot);
  void call_body_thread(std::uint32_t index) const;
  [[noreturn]] void end(Thread& thread, Ending ending);  // from wherever a thread stands

  // -- steps (steps.cpp)
  // The thread announces its next operation; returns when it has been picked to do it.
  void point(Thread& thread, const Operation& operation, Ready ready = nullptr, void* object = nullptr);
  void step_without_choice(Thread& thread, const Operation& operation);
  // After the operation: what it saw. `changed`: it altered what others can see.
  void saw(Thread& thread, std::uint64_t value, bool changed);
  void step_value(std::uint64_t read, std::uint64_t written, bool failed = false);  // for the trace
  std::uint32_t decide(DecisionKind kind, std::uint32_t alternatives, Thread& thread,
                       std::span<const ThreadId> waiters = {}, std::span<const std::uintptr_t> writes = {});
  // Waits of a second and more stand for "never, unless something is wrong": a test that fails when one times out is no
  // finding. They do so when nothing else can run, or when virtual time has come.
  bool may_time_out_early(std::uint64_t deadline) const {
    return options.early_timeouts && deadline != 0 && deadline < now_ns + 1'000'000'000;
  }
  void dirty() { dirty_ = true; }  // what other threads wait for may have come
  bool is_shared(std::uintptr_t pc) const { return shared_->contains(pc); }
  void learn(
      std::uintptr_t pc);  // it accesses a place where threads have met: a switch point from the next schedule on

  // -- threads (threads.cpp)
  Thread* create(Thread& parent, void* (*entry)(void*), void* argument, bool detached, std::uintptr_t pc);
  Thread* find(pthread_t handle);
  int join(Thread& thread, Thread& other, void** result, std::uint64_t deadline, std::uintptr_t pc,
           bool only_try = false);
  int detach(Thread& thread, Thread& other, std::uintptr_t pc);
  void key_deleted(unsigned key) {
    if (key < most_keys) key_destructors_[key] = nullptr;
    std::erase(keys_made_, key);
  }
  void key_made(unsigned key, void (*destructor)(void*));
  void finish(Thread& thread);  // its last step; the caller leaves the thread after it
  void release_slot(Thread& thread);

  // -- synchronisation (sync.cpp)
  int lock(Thread& thread, Mutex& mutex, OperationKind kind, std::uint64_t deadline, std::uintptr_t pc);
  int unlock(Thread& thread, Mutex& mutex, std::uintptr_t pc);
  int read_write_lock(Thread& thread, RwLock& lock, bool write, OperationKind kind, std::uint64_t deadline,
                      std::uintptr_t pc);
  int read_write_unlock(Thread& thread, RwLock& lock, std::uintptr_t pc);
  int wait(Thread& thread, Condition& condition, Mutex& mutex, std::uint64_t deadline, std::uintptr_t pc);
  void wake(Thread& sleeper);
  void notify(Thread& thread, Condition& condition, bool all, std::uintptr_t pc);
  int sem_wait(Thread& thread, Semaphore& semaphore, OperationKind kind, std::uint64_t deadline, std::uintptr_t pc);
  int sem_post(Thread& thread, Semaphore& semaphore, std::uintptr_t pc);
  int barrier_wait(Thread& thread, Barrier& barrier, std::uintptr_t pc);
  bool once_begin(Thread& thread, Once& once, std::uintptr_t pc);
  void once_end(Thread& thread, Once& once, bool done, std::uintptr_t pc);
  void destroy(Thread& thread, Object& object, bool in_use, std::uintptr_t pc);
  void acquired(Thread& thread, Object& object, const Clock& released);
  void touch(Thread& thread, const Object& object, std::uintptr_t pc);
  void released(Thread& thread, Object& object, std::uintptr_t pc);

  int futex_wait(Thread& thread, std::uintptr_t address, std::uint32_t expected, std::uint32_t bitset,
                 std::uint64_t deadline, std::uintptr_t pc);
  int futex_wake(Thread& thread, std::uintptr_t address, std::uint32_t count, std::uint32_t bitset, std::uintptr_t pc);
  int futex_requeue(Thread& thread, std::uintptr_t from, std::uint32_t wake, std::uint32_t move, std::uintptr_t to,
                    std::uintptr_t pc);

  void annotated_acquire(Thread& thread, std::uintptr_t address);
  void annotated_release(Thread& thread, std::uintptr_t address);
  void io(Thread& thread, int descriptor, short events, std::uintptr_t pc);
  int wait_for_any(Thread& thread, pollfd* asked, std::size_t count, std::uint64_t deadline, std::uintptr_t pc);
  void io_closes(Thread& thread, int descriptor, std::uintptr_t pc);
  bool wait_for_io();                                  // for real, when nobody can go on; false: nobody waits for any
  void puts_message(Thread& thread, int descriptor);   // what is written is ordered before …
  void takes_message(Thread& thread, int descriptor);  // … what is read from where it leads to

  template <typename T>
  T* object_at(const void* address, ObjectKind kind) const {
    Object* found = objects.find(reinterpret_cast<std::uintptr_t>(address));
    return found != nullptr && found->kind == kind && !found->destroyed ? static_cast<T*>(found) : nullptr;
  }
  void forget(const void* object) {
    const auto at = reinterpret_cast<std::uintptr_t>(object);
    if (objects.find(at) != nullptr) objects.put(at, nullptr);
  }
  Once* make_once(const void* address, ObjectKind kind);
  bool is_waited_for(const Object& object) const;
  // A store of the runtime itself that the code under test reads with an acquire load.
  void publish(Thread& thread, const void* byte, std::uintptr_t pc);
  template <typename T, typename... Args>
  T& make_object(const void* address, Args... args) {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    T* object = arena.make<T>(at, args...);
    objects.put(at, object);
    return *object;
  }

  // -- memory (memory.cpp)
  void allocated(Thread& thread, void* memory, std::size_t bytes, std::size_t usable, std::uintptr_t pc);
  bool release(Thread& thread, void* memory, std::size_t usable, std::uintptr_t pc);  // false: do not free it
  void visible_access(Thread& thread, std::uintptr_t address, std::size_t bytes, bool write, std::uintptr_t pc);
  void told_read(Thread& thread, std::uintptr_t address, std::uintptr_t pc, ThreadId writer, std::uintptr_t write_pc);
  void remember_stack(Thread& thread, std::uintptr_t pc);  // of an access that a trace may need later

  // -- signals and cancellation (interpose/signals.cpp)
  Handled deliver_signals(Thread& thread);
  // SIGALRM at a virtual time, and again after `interval_ns` each (0: once); at 0: never. Virtual time that was left.
  std::uint64_t set_alarm(Thread& thread, std::uint64_t at_ns, std::uint64_t interval_ns);
  Thread* takes_alarm(const Thread* ended) const;  // but the one that has ended; null: all block it
  void ring_alarm();

  // -- findings (findings.cpp)
  SeenFinding& found(FindingKind kind, Thread* thread, std::uintptr_t pc, const char* message);
  void describe_block(SeenFinding& finding, std::uintptr_t address) const;
  void misuse(Thread& thread, const Object& object, std::uintptr_t pc, const char* message);
  void report(Thread* thread, FindingKind kind, const char* name, const char* message);
  void crashed(Thread* thread, int signal, std::uintptr_t address, std::uintptr_t pc);
  [[noreturn]] void died(Thread& thread, FindingKind kind, const char* message, int signal, std::uintptr_t pc);
  Stack stack_of(const Thread& thread, std::uintptr_t pc) const;
  void cycle_from(Thread& thread);  // ends the schedule when a wait closes a cycle of owners
  ThreadId waits_for(const Thread& thread) const;
  [[noreturn]] void stuck(Thread& thread);
  [[noreturn]] void too_long(Thread& thread);

  // RaceSink
  void race(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write, bool atomic, std::uintptr_t pc,
            const EarlierAccess& earlier) override;
  void conflict(std::uint32_t earlier_location, std::uintptr_t pc) override;
  void use_after_free(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write,
                      std::uintptr_t pc) override;
  bool plain_meets_atomic(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write,
                          std::uintptr_t pc) override;
  // View
  ReadsFrom would_read(const Pending& pending) const override;
  std::uint64_t steps() const override { return outcome_.statistics.steps; }
  std::uint64_t steps(ThreadId thread) const override { return threads_[thread]->steps; }

  // -- what the parts share
  Arena arena;
  RaceDetector races;
  AtomicMemory atomics;
  AddressTable<Object> objects;
  Options options;
  HandOff hand_off;
  Blocks blocks;
  std::uint64_t random_state = 0;
  std::uint64_t now_ns = 0;  // virtual, since the schedule began
  ArenaList<Thread*> live;   // by number
  bool program = false;
  bool exiting = false;  // program: exit handlers run

  Thread& thread(ThreadId id) { return *threads_[id]; }
  std::uint32_t threads() const { return thread_count_; }
  Outcome& outcome() { return outcome_; }
  std::uint64_t read_clock() { return now_ns += 1000; }
  std::uintptr_t whole_pc(std::uint32_t location) const;  // of the 28 bits that records keep
  ThreadId who_had(ClockIndex index) const { return holders_[index]; }
  Thread* running_thread() const { return last_; }
  bool running() const { return running_; }
  bool replaying() const { return !learn_; }

 private:
  void begin(Scheduler& scheduler, std::uint64_t seed, const Options& options, SharedLocations& learned, bool learn,
             Recording& recording);
  void finish_outcome(Ending ending);
  void last_thread_ended();
  Thread& new_thread(ThreadId parent, Slot* slot);
  Slot* free_slot();
  static void thread_entry(Slot& slot);
  static void body_main(Slot& slot);
  Thread* choose(Thread& from, bool from_lives);
  Thread* offer(Thread& from, bool from_lives);
  bool is_over(bool from_lives) const;
  void trace_step(Thread& thread, const Thread* before, bool preempted);
  void update_solo();
  void run_thread_exit(Thread& thread);
  void took(Thread& thread);
  void watch(const Thread& thread, std::uint64_t value);
  void complete_trace();

  Scheduler* scheduler_ = nullptr;
  Scheduler::Wants wants_;
  SharedLocations* shared_ = nullptr;
  bool learn_ = false;
  Recording* recording_ = nullptr;
  const Body* body_ = nullptr;
  Outcome outcome_;
  bool running_ = false;
  Ending ending_ = Ending::returned;
  Slot caller_;  // who called run()
  Slot main_;    // program: the initial thread as thread 0
  ScheduleEnded ended_ = nullptr;
  void* ended_context_ = nullptr;

  Thread* threads_[most_threads] = {};
  ThreadId holders_[256] = {};
  std::uint32_t last_time_[256] = {};
  std::uint32_t thread_count_ = 0;
  std::uint32_t next_index_ = 0;
  AddressTable<Clock> annotated_;
  AddressTable<Clock> messages_;  // by what descriptors lead to: what was written there has before it
  std::uint64_t alarm_at_ = 0, alarm_interval_ = 0;  // virtual time; 0: none
  Clock alarm_set_;                                  // what comes before it
  Thread* starting_ = nullptr;                       // who made the thread that runs up to its first operation
  Thread* last_ = nullptr;                           // who took the last step
  bool dirty_ = false;
  bool others_enabled_ = false;      // as of the last look
  std::uint64_t last_progress_ = 0;  // step
  // From a quarter of the step bound on: the last step that saw what none had seen since then at its place.
  std::uint64_t watched_from_ = 0, last_novelty_ = 0;
  std::vector<Slot*> slots_;
  std::vector<Slot*> free_slots_;
  std::vector<std::uintptr_t> learned_now_;
  std::vector<std::uint64_t> races_seen_;
  std::unordered_map<std::uint64_t, Stack> stacks_;  // traced runs: of plain accesses, by thread and code location
  std::vector<Pending> offered_, blocked_;
  std::vector<Thread*> offered_threads_, blocked_threads_;
  static constexpr unsigned most_keys = 1024;  // PTHREAD_KEYS_MAX
  void (*key_destructors_[most_keys])(void*) = {};
  std::vector<unsigned> keys_made_;  // in this schedule
  std::uint64_t conflicts_known_[1024] = {};
  std::vector<ThreadId> waiters_;
  std::uint64_t next_deadline_ = ~std::uint64_t{0};
  std::uint32_t only_spinners_ = 0;
  bool preempting_ = false;  // the choice just made took control from a thread that could have gone on
};

extern Engine* engine_instance CHICANE_HIDDEN;
inline Engine& engine() { return *engine_instance; }

// One thread alone, and all that ended are joined: nothing that it does can race with anything. Looked at by each
// access.
extern bool solo CHICANE_HIDDEN;
// Which plain accesses are switch points now.
extern SwitchPoints plain_points CHICANE_HIDDEN;
extern bool tracing CHICANE_HIDDEN;  // the stack of each access is kept

}  // namespace chicane::explore
