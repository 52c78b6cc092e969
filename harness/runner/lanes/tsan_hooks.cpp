// The hooks that TSan calls. Compiled without instrumentation and without calls to memcpy and the like, which TSan
// intercepts: both could make a report inside a report, with the run-time's locks held.
#include <unistd.h>

#include <sanitizer/tsan_interface.h>
#include <sys/syscall.h>

#include "harness/runner/lanes/tsan_lock_recorder.h"
#include "harness/runner/lanes/tsan_raw.h"

namespace chicane::tsan {
namespace {

constexpr std::size_t most_reports = 512;
constexpr std::size_t address_capacity = 1 << 19;
constexpr std::size_t deepest = 256;  // TSan keeps no more frames

struct Bank {
  RawReport reports[most_reports];
  std::uintptr_t addresses[address_capacity];
  std::size_t report_count, address_count;
};
Bank banks[2];
void* scratch[deepest];  // hooks are called one at a time: TSan holds its report lock

// Guards which bank is written, and that bank.
constinit bool bank_locked = false;
struct BankGuard {
  BankGuard() {
    while (__atomic_test_and_set(&bank_locked, __ATOMIC_ACQUIRE)) syscall(SYS_sched_yield);
  }
  ~BankGuard() { __atomic_clear(&bank_locked, __ATOMIC_RELEASE); }
  BankGuard(const BankGuard&) = delete;
};
Bank* written = &banks[0];
std::size_t report_capacity = most_reports;
std::uint64_t dropped = 0;
bool pending = false;  // atomic
void (*exit_callback)() = nullptr;

void clear_scratch() {
  for (void* volatile& slot : scratch) slot = nullptr;  // volatile: or the compiler makes it a call to memset
}

// TSan says neither how deep a stack is nor ends it with a zero.
RawStack keep_scratch() {
  Bank& bank = *written;
  RawStack stack{static_cast<std::uint32_t>(bank.address_count), 0};
  for (void* address : scratch) {
    if (address == nullptr || bank.address_count == address_capacity) break;
    bank.addresses[bank.address_count++] = reinterpret_cast<std::uintptr_t>(address);
    ++stack.count;
  }
  return stack;
}

RawStack keep(const std::uintptr_t* stack, std::uint32_t count) {
  Bank& bank = *written;
  RawStack kept{static_cast<std::uint32_t>(bank.address_count), 0};
  for (; kept.count < count && bank.address_count < address_capacity; ++kept.count)
    bank.addresses[bank.address_count++] = stack[kept.count];
  return kept;
}

std::uint32_t at_most(int count, std::size_t limit) {
  return count < 0 ? 0 : static_cast<std::uint32_t>(static_cast<std::size_t>(count) < limit ? count : limit);
}

void copy_accesses(void* report, RawReport& raw) {
  for (std::uint32_t i = 0; i < raw.access_count; ++i) {
    RawAccess& access = raw.accesses[i];
    void* address = nullptr;
    int write = 0, atomic = 0;
    clear_scratch();
    __tsan_get_report_mop(report, i, &access.thread, &address, &access.size_bytes, &write, &atomic, scratch, deepest);
    access.address = reinterpret_cast<std::uintptr_t>(address);
    access.write = write != 0;
    access.atomic = atomic != 0;
    access.stack = keep_scratch();
  }
}

void copy_locations(void* report, RawReport& raw) {
  for (std::uint32_t i = 0; i < raw.location_count; ++i) {
    RawLocation& location = raw.locations[i];
    void* global = nullptr;
    void* start = nullptr;
    unsigned long size = 0;
    int suppressable = 0;
    clear_scratch();
    __tsan_get_report_loc(report, i, &location.type, &global, &start, &size, &location.thread, &location.descriptor,
                          &suppressable, scratch, deepest);
    location.global_start = reinterpret_cast<std::uintptr_t>(global);
    location.block_start = reinterpret_cast<std::uintptr_t>(start);
    location.block_size = size;
    location.stack = keep_scratch();
  }
}

void copy_mutexes(void* report, RawReport& raw) {
  for (std::uint32_t i = 0; i < raw.mutex_count; ++i) {
    RawMutex& mutex = raw.mutexes[i];
    void* address = nullptr;
    int destroyed = 0;
    clear_scratch();
    __tsan_get_report_mutex(report, i, &mutex.id, &address, &destroyed, scratch, deepest);
    mutex.address = reinterpret_cast<std::uintptr_t>(address);
    mutex.destroyed = destroyed != 0;
    mutex.stack = keep_scratch();
  }
}

void copy_threads(void* report, RawReport& raw) {
  for (std::uint32_t i = 0; i < raw.thread_count; ++i) {
    RawThread& thread = raw.threads[i];
    std::uint64_t os_id = 0;
    int running = 0;
    const char* name = nullptr;
    clear_scratch();
    __tsan_get_report_thread(report, i, &thread.id, &os_id, &running, &name, &thread.parent, scratch, deepest);
    std::size_t length = 0;
    for (; name != nullptr && name[length] != 0 && length + 1 < sizeof thread.name; ++length)
      thread.name[length] = name[length];
    thread.name[length] = 0;
    std::uintptr_t created_at[max_stack];
    const std::uint32_t depth = creation_stack(os_id, created_at);
    thread.stack = depth > 0 ? keep(created_at, depth) : keep_scratch();
  }
}

void copy_report(void* report) {
  const BankGuard guard;
  Bank& bank = *written;
  __atomic_store_n(&pending, true, __ATOMIC_RELEASE);
  if (bank.report_count >= report_capacity || bank.address_count == address_capacity) {
    ++dropped;
    return;
  }
  RawReport& raw = bank.reports[bank.report_count];
  int stack_count = 0, access_count = 0, location_count = 0, mutex_count = 0, thread_count = 0, id_count = 0;
  __tsan_get_report_data(report, &raw.description, &raw.count, &stack_count, &access_count, &location_count,
                         &mutex_count, &thread_count, &id_count, scratch, deepest);
  raw.access_count = at_most(access_count, RawReport::max_accesses);
  raw.location_count = at_most(location_count, RawReport::max_locations);
  raw.mutex_count = at_most(mutex_count, RawReport::max_mutexes);
  raw.thread_count = at_most(thread_count, RawReport::max_threads);
  raw.stack_count = at_most(stack_count, RawReport::max_stacks);
  copy_accesses(report, raw);
  copy_locations(report, raw);
  copy_mutexes(report, raw);
  copy_threads(report, raw);
  for (std::uint32_t i = 0; i < raw.stack_count; ++i) {
    clear_scratch();
    __tsan_get_report_stack(report, i, scratch, deepest);
    raw.stacks[i] = keep_scratch();
  }
  raw.held_count = held_by_this_thread(raw.held, RawReport::max_held);
  ++bank.report_count;
}

}  // namespace

RawReports take_raw_reports() {
  const BankGuard guard;
  Bank& full = *written;
  written = &full == &banks[0] ? &banks[1] : &banks[0];
  written->report_count = written->address_count = 0;
  __atomic_store_n(&pending, false, __ATOMIC_RELEASE);
  return {full.reports, full.report_count, full.addresses, dropped};
}

bool raw_reports_pending() { return __atomic_load_n(&pending, __ATOMIC_ACQUIRE); }

void set_report_capacity(std::size_t reports) {
  const BankGuard guard;
  report_capacity = reports < most_reports ? reports : most_reports;
}

void set_exit_callback(void (*callback)()) { __atomic_store_n(&exit_callback, callback, __ATOMIC_RELEASE); }

}  // namespace chicane::tsan

namespace __tsan {
struct ReportDesc;
// Both are weak in the run-time, to be replaced by programs that embed it. Unlike __tsan_on_report this one comes
// before the report is printed: true keeps it off the scenario's stderr and out of the exit status.
bool OnReport(const ReportDesc* report, bool suppressed);
bool OnReport(const ReportDesc* report, bool suppressed) {
  if (!suppressed) chicane::tsan::copy_report(const_cast<ReportDesc*>(report));
  return true;
}
// After the search for leaked threads. __tsan_on_finalize would do too, but is looked up among exported symbols.
bool OnFinalize(bool failed);
bool OnFinalize(bool failed) {
  if (auto* callback = __atomic_load_n(&chicane::tsan::exit_callback, __ATOMIC_ACQUIRE)) callback();
  return failed;
}
}  // namespace __tsan

// Called only by a run-time whose OnReport is not ours.
extern "C" __attribute__((visibility("default"))) void __tsan_on_report(void* report);
extern "C" void __tsan_on_report(void* report) { chicane::tsan::copy_report(report); }

// TSAN_OPTIONS from outside come after these and win.
//  history_size=7          to name the older access: 0 loses up to 40 % of the reports, 2 and more none, and 7 measured
//                          no slower and no bigger than 2
//  atexit_sleep_ms=0       TSan would wait a second at the end of every process
//  second_deadlock_stack=1 both locks of a lock-order edge
//  handle_*=0              a crash stays a signal, which the supervisor sees; TSan would turn it into an exit
//  die_after_fork=0        the thread that sends reports would make every fork one of many threads, whose child TSan
//                          kills when it starts a thread
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() {
#define CHICANE_TSAN_OPTIONS                                                                        \
  "history_size=7:atexit_sleep_ms=0:second_deadlock_stack=1:report_thread_leaks=1:halt_on_error=0:" \
  "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0:die_after_fork=0"
  // Debian's versioned name first: the plain one may be another version's. Too early for the C library's wrappers.
  if (syscall(SYS_access, "/usr/bin/llvm-symbolizer-19", X_OK) == 0)
    return CHICANE_TSAN_OPTIONS ":external_symbolizer_path=/usr/bin/llvm-symbolizer-19";
  return CHICANE_TSAN_OPTIONS;
#undef CHICANE_TSAN_OPTIONS
}
