// What one trial may use besides time, over all its processes, and what it means that it used more. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chicane {

enum class Resource : std::uint8_t { memory, output, processes, threads, files };

// The word in Evidence::limit: "memory", "output", …
std::string_view name(Resource resource);

struct ResourceLimits {            // 0: no limit
  std::uint64_t memory_bytes = 0;  // resident; what processes share counts in each of them
  std::uint64_t output_bytes = 0;  // stdout and stderr together
  std::uint64_t processes = 0;     // alive at once
  std::uint64_t threads = 0;       // of all processes, with their first ones
  std::uint64_t files = 0;         // open descriptors of all processes
  std::uint64_t of(Resource resource) const;
  bool any() const { return (memory_bytes | output_bytes | processes | threads | files) != 0; }
};

// Half of the memory that this process may use (the host's, or its control group's); the others leave room for
// everything that a scenario does on purpose, such as 10,000 threads.
ResourceLimits default_limits();

struct LimitHit {
  Resource resource = Resource::memory;
  std::uint64_t limit = 0;
  std::uint64_t reached = 0;  // when it was seen; it may have been more
  bool ended = false;         // the trial was ended for it; else its end came first
  bool operator==(const LimitHit&) const = default;
};

// "used 5.2 GiB of memory; its limit is 4 GiB (--limit-memory)"
std::string in_words(const LimitHit& hit);

// "4GiB", "512MiB", "100kB", "65536" -> bytes; "none" -> 0. Nothing: no size.
std::optional<std::uint64_t> parse_bytes(std::string_view text);
// "4GiB" where that is exact, else bytes; "none" of 0.
std::string bytes_text(std::uint64_t bytes);

}  // namespace chicane
