#include "harness/runner/lanes/asan_reports.h"

#include <mutex>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#include <sys/mman.h>

#include "harness/runner/lanes/asan_findings.h"
#include "harness/runner/lanes/asan_raw.h"
#include "harness/runner/lanes/tracing.h"

namespace chicane {
namespace {

struct Collection {
  std::mutex mutex;
  AsanSink sink;
  Symbols symbols;
  std::size_t taken = 0;  // of the undefined behaviours
  std::uint64_t dropped = 0;
  int log = -1;  // file in memory; what sanitizers print
  off_t log_read = 0;
};

// Never destroyed: errors come until the process has gone.
Collection& collection() {
  static auto* all = new Collection;
  return *all;
}

std::string read_log(Collection& own) {
  std::string text;
  char buffer[4096];
  for (ssize_t size; (size = pread(own.log, buffer, sizeof buffer, own.log_read)) > 0; own.log_read += size)
    text.append(buffer, static_cast<std::size_t>(size));
  return text;
}

bool tell_undefined_behaviour(Collection& own) {
  const auto raw = asan::undefined_behaviours();
  const bool any = own.taken < raw.count;
  for (; own.taken < raw.count; ++own.taken) own.sink.found(asan::make_finding(raw.all[own.taken], own.symbols));
  if (raw.dropped > std::exchange(own.dropped, raw.dropped))
    fmt::print(stderr, "chicane: {} more places of undefined behaviour than there is room for ({} were kept)\n",
               raw.dropped, raw.count);
  return any;
}

// A sanitizer is about to end the process, with its report's locks free again.
void tell_last() {
  Collection& own = collection();
  const std::lock_guard lock(own.mutex);
  const auto* error = asan::memory_error();
  tell_undefined_behaviour(own);
  if (error != nullptr) {
    own.sink.found(asan::make_finding(*error, own.symbols));
    own.sink.ends(fmt::format("AddressSanitizer ended the process at its first error ({})", error->description));
    return;
  }
  const auto raw = asan::undefined_behaviours();
  if (raw.count != 0 && asan::ends_the_process(raw.all[raw.count - 1])) {
    own.sink.ends(fmt::format("UndefinedBehaviorSanitizer ended the process, which can't go on ({})",
                              raw.all[raw.count - 1].kind));
    return;
  }
  own.log_read = 0;
  fmt::print(stderr, "chicane: a sanitizer ended the process without a finding; it said:\n{}", read_log(own));
  std::fflush(stderr);
}

}  // namespace

void collect_asan_reports(AsanSink sink) {
  Collection& own = collection();
  own.sink = std::move(sink);
  own.log = memfd_create("sanitizers", MFD_CLOEXEC);
  if (own.log >= 0) __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(own.log)));
  __sanitizer_set_death_callback(tell_last);
}

bool take_undefined_behaviour() {
  Collection& own = collection();
  const std::lock_guard lock(own.mutex);
  return tell_undefined_behaviour(own);
}

std::string find_leaks() {
  Collection& own = collection();
  if (auto why = why_no_tracing(); !why.empty()) return "LeakSanitizer stops all threads by tracing them, and " + why;
  {
    const std::lock_guard lock(own.mutex);
    read_log(own);  // of before
  }
  // Not under the lock: where it may not trace, it ends the process.
  if (__lsan_do_recoverable_leak_check() == 0) return {};
  const std::lock_guard lock(own.mutex);
  for (const auto& leak : parse_leak_log(read_log(own))) own.sink.found(asan::make_finding(leak, own.symbols));
  return {};
}

}  // namespace chicane
