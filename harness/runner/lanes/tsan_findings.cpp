#include "harness/runner/lanes/tsan_findings.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <fmt/core.h>

extern "C" const char* __tsan_locate_address(std::uintptr_t address, char* name, std::size_t name_size,
                                             std::uintptr_t* region, std::size_t* region_size);

namespace chicane::tsan {
namespace {

// What a kind of report is, in words, and what its stacks show in order.
struct Meaning {
  std::string_view description;
  FindingKind kind;
  const char* words;
  const char* first_stack = "here";
  const char* second_stack = "and here";
};
constexpr Meaning meanings[] = {
    {"data-race", FindingKind::data_race, ""},
    {"data-race-vptr", FindingKind::data_race, "race on the virtual table pointer of an object: "},
    {"external-race", FindingKind::data_race, "race on an object of a library: "},
    {"heap-use-after-free", FindingKind::memory_error, "heap memory used after it was freed: "},
    {"heap-use-after-free-vptr", FindingKind::memory_error, "virtual call on an object after it was freed: "},
    {"thread-leak", FindingKind::thread_leak, "has ended and was neither joined nor detached"},
    {"locked-mutex-destroy", FindingKind::mutex_misuse, "a mutex was destroyed while it was locked",
     "the mutex is destroyed", "it was locked"},
    {"mutex-double-lock", FindingKind::mutex_misuse, "a thread locked a mutex that it holds already",
     "the mutex is locked again"},
    {"mutex-invalid-access", FindingKind::mutex_misuse, "a mutex was used that is not there any more",
     "the mutex is used"},
    {"mutex-bad-unlock", FindingKind::mutex_misuse, "a thread unlocked a mutex that it does not hold",
     "the mutex is unlocked"},
    {"mutex-bad-read-lock", FindingKind::mutex_misuse, "a thread asked to read under a lock that it holds for writing",
     "the lock is asked for"},
    {"mutex-bad-read-unlock", FindingKind::mutex_misuse, "a thread gave back a read lock that it does not hold",
     "the lock is given back"},
    {"mutex-cannot-be-locked", FindingKind::mutex_misuse, "a mutex was locked that cannot be locked",
     "the mutex is locked"},
    {"signal-unsafe-call", FindingKind::undefined_behaviour,
     "a signal handler called a function that is not safe in one", "the call"},
    {"errno-in-signal-handler", FindingKind::undefined_behaviour, "a signal handler changed errno", "the handler"},
    {"lock-order-inversion", FindingKind::lock_order_inversion, ""},
};

struct Global {
  std::string name;
  std::uintptr_t start = 0;
  std::size_t size_bytes = 0;
};

Global global_at(std::uintptr_t address) {
  std::array<char, 1024> name{};
  Global global;
  const char* kind = __tsan_locate_address(address, name.data(), name.size(), &global.start, &global.size_bytes);
  if (kind == nullptr || std::string_view(kind) != "global") return {};
  global.name = name.data();
  return global;
}

const Meaning* meaning_of(std::string_view description) {
  const auto* found = std::ranges::find(meanings, description, &Meaning::description);
  return found == std::end(meanings) ? nullptr : found;
}

std::string access_in_words(const Access& access, const std::vector<ThreadInfo>& threads) {
  return fmt::format("{}{} of {} byte{} by {}", access.atomic ? "atomic " : "", access.write ? "write" : "read",
                     access.size_bytes, access.size_bytes == 1 ? "" : "s", thread_in_words(threads, access.thread));
}

std::string location_in_words(const Location& location) {
  const bool ours = location.type == "state" || location.type == "environment";
  const bool undeclared = location.name.starts_with(location.type + "+");
  if (ours) return fmt::format(", on {}{}", undeclared ? "" : location.type + " member ", location.name);
  if (location.type == "heap")
    return fmt::format(", on a heap block of {} bytes at offset {}", location.size_bytes, location.offset_bytes);
  if (location.type == "stack") return ", on a thread's stack";
  if (location.type == "tls") return ", on thread-local memory";
  if (location.type == "fd") return ", on a file descriptor";
  if (!location.name.empty()) return fmt::format(", on {} {}", location.type, location.name);
  return "";
}

}  // namespace

std::optional<FindingKind> kind_of(const std::string& description) {
  const Meaning* meaning = meaning_of(description);
  return meaning == nullptr ? std::nullopt : std::optional(meaning->kind);
}

std::string thread_in_words(const std::vector<ThreadInfo>& threads, std::uint32_t id) {
  if (id == 0) return "the main thread";
  const auto thread = std::ranges::find(threads, id, &ThreadInfo::id);
  if (thread == threads.end() || thread->name.empty()) return fmt::format("thread {}", id);
  return fmt::format("thread {} \"{}\"", id, thread->name);
}

// The interface does not say which access held which mutex. The first access is the reporting thread's, whose mutexes
// are known; the others in the report are the older access's. (One held by both is held shared by both: it is then
// shown with the first only.)
void FindingMaker::add_accesses(const RawReport& report, Evidence& evidence) {
  const std::span held(report.held, report.held_count);
  for (std::uint32_t i = 0; i < report.access_count; ++i) {
    const RawAccess& raw = report.accesses[i];
    Access access{static_cast<std::uint32_t>(raw.thread),     raw.write, raw.atomic,
                  static_cast<std::uint32_t>(raw.size_bytes), {},        stack(raw.stack)};
    for (std::uint32_t k = 0; k < report.mutex_count; ++k)
      if ((i == 0) == (std::ranges::find(held, report.mutexes[k].address) != held.end()))
        access.mutexes.push_back(static_cast<std::uint32_t>(report.mutexes[k].id));
    evidence.accesses.push_back(std::move(access));
  }
}

const MemoryRegion* FindingMaker::region_of(std::uintptr_t address) const {
  for (auto region = regions_.rbegin(); region != regions_.rend(); ++region)
    if (address >= region->base && address - region->base < region->size_bytes) return &*region;
  return nullptr;
}

std::optional<Location> FindingMaker::location(const RawReport& report) {
  if (report.access_count == 0) return std::nullopt;
  const std::uintptr_t address = report.accesses[0].address;
  if (const MemoryRegion* region = region_of(address)) {
    const std::uint64_t offset = address - region->base;
    const Field* member = nullptr;  // the smallest declared one around the address
    for (const Field& field : region->fields)
      if (offset >= field.offset_bytes && offset - field.offset_bytes < field.size_bytes &&
          (member == nullptr || field.size_bytes < member->size_bytes))
        member = &field;
    return Location{region->type,
                    member != nullptr ? member->name : fmt::format("{}+{}", region->type, offset),
                    offset,
                    region->size_bytes,
                    {}};
  }
  if (report.location_count == 0) return Location{"unknown", "", 0, 0, {}};
  const RawLocation& raw = report.locations[0];
  Location location{raw.type, "", 0, 0, stack(raw.stack)};
  if (location.type == "global") {
    const Global global = global_at(address);
    location.name = global.name;
    location.size_bytes = global.size_bytes;
    if (global.start != 0) location.offset_bytes = address - global.start;
  } else if (location.type == "heap") {
    location.size_bytes = raw.block_size;
    location.offset_bytes = address - raw.block_start;
  }
  return location;
}

Finding FindingMaker::make(const RawReport& report) {
  const std::string description = report.description;
  const Meaning* meaning = meaning_of(description);
  Finding finding;
  // A newer TSan may know more; nothing it reports is fine.
  finding.kind = meaning == nullptr ? FindingKind::undefined_behaviour : meaning->kind;
  Evidence& evidence = finding.evidence;
  for (std::uint32_t i = 0; i < report.thread_count; ++i) {
    const RawThread& thread = report.threads[i];
    evidence.threads.push_back({static_cast<std::uint32_t>(thread.id), thread.name, stack(thread.stack)});
  }
  for (std::uint32_t i = 0; i < report.mutex_count; ++i) {
    const RawMutex& mutex = report.mutexes[i];
    evidence.mutexes.push_back({static_cast<std::uint32_t>(mutex.id), mutex.destroyed, stack(mutex.stack)});
  }
  add_accesses(report, evidence);
  evidence.location = location(report);
  for (std::uint32_t i = 0; i < report.stack_count; ++i) {
    const char* label = meaning == nullptr ? "here" : i == 0 ? meaning->first_stack : meaning->second_stack;
    evidence.stacks.push_back({label, stack(report.stacks[i])});
  }

  if (meaning == nullptr) {
    evidence.message = fmt::format("ThreadSanitizer reports \"{}\"", description);
  } else if (finding.kind == FindingKind::thread_leak) {
    const std::uint32_t id = evidence.threads.empty() ? 0 : evidence.threads[0].id;
    evidence.message = fmt::format("{} {}", thread_in_words(evidence.threads, id), meaning->words);
    if (!evidence.threads.empty())
      evidence.stacks.push_back({"the thread was created", evidence.threads[0].created_at});
  } else {
    evidence.message = meaning->words;
    for (std::size_t i = 0; i < evidence.accesses.size(); ++i)
      evidence.message += (i == 0 ? "" : " and ") + access_in_words(evidence.accesses[i], evidence.threads);
    if (evidence.location && !evidence.accesses.empty()) evidence.message += location_in_words(*evidence.location);
  }
  return finding;
}

}  // namespace chicane::tsan
