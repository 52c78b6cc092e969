// What processes of one search say to each other: values as bytes, in messages on a descriptor. Both ends are of one
// build; not a file format.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "harness/explore/decision.h"
#include "harness/explore/outcome.h"
#include "harness/explore/schedulers/bytes.h"
#include "harness/explore/trace.h"

namespace chicane::explore::wire {

// `T` or `const T`: one description serves both ways.
template <typename Given, typename T>
concept Of = std::is_same_v<std::remove_const_t<Given>, T>;

template <typename T>
concept Plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class Writer {
 public:
  template <typename... Ts>
  void operator()(const Ts&... values) {
    (put(values), ...);
  }
  std::vector<std::byte> take() { return bytes_.take(); }

 private:
  template <Plain T>
  void put(const T& value) {
    bytes_.value(value);
  }
  void put(const std::string& text) { bytes_.text(text); }
  void put(std::chrono::nanoseconds time) { put(std::int64_t{time.count()}); }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    if constexpr (Plain<T> || std::is_same_v<T, std::byte>) {
      bytes_.list(std::span<const T>(values));
    } else {
      put(std::uint64_t{values.size()});
      for (const auto& value : values) put(value);
    }
  }
  template <typename T>
  void put(const std::map<std::string, T>& values) {
    put(std::uint64_t{values.size()});
    for (const auto& [key, value] : values) put(key), put(value);
  }
  template <typename T>
  void put(const T& value) {
    fields(*this, value);
  }
  ByteWriter bytes_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <typename... Ts>
  void operator()(Ts&... values) {
    (get(values), ...);
  }
  bool complete() const { return bytes_.complete(); }

 private:
  template <Plain T>
  void get(T& value) {
    bytes_.value(value);
  }
  void get(std::string& text) { bytes_.text(text); }
  void get(std::chrono::nanoseconds& time) {
    std::int64_t count = 0;
    get(count);
    time = std::chrono::nanoseconds(count);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    value.reset();
    if (there && bytes_.ok()) get(value.emplace());
  }
  template <typename T>
  void get(std::vector<T>& values) {
    if constexpr (Plain<T> || std::is_same_v<T, std::byte>) {
      bytes_.list(values);
    } else {
      std::uint64_t count = 0;
      get(count);
      values.clear();
      for (std::uint64_t i = 0; i < count && bytes_.ok(); ++i) get(values.emplace_back());
    }
  }
  template <typename T>
  void get(std::map<std::string, T>& values) {
    std::uint64_t count = 0;
    get(count);
    values.clear();
    for (std::uint64_t i = 0; i < count && bytes_.ok(); ++i) {
      std::string key;
      get(key);
      get(values[key]);
    }
  }
  template <typename T>
  void get(T& value) {
    fields(*this, value);
  }
  ByteReader bytes_;
};

template <typename T>
std::vector<std::byte> encoded(const T& value) {
  Writer writer;
  writer(value);
  return writer.take();
}
template <typename T>
bool decode(std::span<const std::byte> bytes, T& value) {
  Reader reader(bytes);
  reader(value);
  return reader.complete();
}

struct Message {
  std::uint32_t kind = 0;
  std::vector<std::byte> bytes;
};
// False: the other end is gone.
bool send(int descriptor, std::uint32_t kind, std::span<const std::byte> bytes);
// Cuts whole messages off the front of what has been received.
std::vector<Message> take_messages(std::vector<std::byte>& received);

}  // namespace chicane::explore::wire

namespace chicane::explore {

// Each type's members, for both ways.
void fields(auto& archive, wire::Of<Operation> auto& value) {
  archive(value.kind, value.order, value.size_bytes, value.yields, value.timeout, value.spurious, value.address,
          value.pc);
}
void fields(auto& archive, wire::Of<Decision> auto& value) { archive(value.kind, value.chosen, value.alternatives); }
void fields(auto& archive, wire::Of<SeenAccess> auto& value) {
  archive(value.thread, value.write, value.atomic, value.size_bytes, value.address, value.locks, value.stack);
}
void fields(auto& archive, wire::Of<SeenThread> auto& value) {
  archive(value.id, value.name, value.created_at, value.now, value.finished, value.locks, value.waits_in,
          value.waits_for);
}
void fields(auto& archive, wire::Of<SeenBlock> auto& value) {
  archive(value.type, value.start, value.size_bytes, value.allocated_at, value.freed_at, value.owner);
}
void fields(auto& archive, wire::Of<SeenFinding> auto& value) {
  archive(value.kind, value.name, value.message, value.thread, value.stack, value.accesses, value.cycle, value.block,
          value.signal, value.exit_code, value.object, value.step, value.doubtful);
}
void fields(auto& archive, wire::Of<ScheduleStatistics> auto& value) {
  archive(value.steps, value.decisions, value.switches, value.preemptions, value.threads, value.most_enabled,
          value.accesses, value.spins, value.uncontrolled, value.learned);
}
void fields(auto& archive, wire::Of<Divergence> auto& value) { archive(value.decision, value.step, value.message); }
void fields(auto& archive, wire::Of<Outcome> auto& value) {
  archive(value.ending, value.findings, value.threads, value.exit_code, value.divergence, value.statistics,
          value.process_spent);
}
void fields(auto& archive, wire::Of<Step> auto& value) {
  archive(value.thread, value.operation, value.value_read, value.value_written, value.decision, value.switched,
          value.preempted, value.failed, value.read_from, value.stack, value.holds, value.waits_for);
}

}  // namespace chicane::explore
