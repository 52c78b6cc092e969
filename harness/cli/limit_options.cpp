#include "harness/cli/limit_options.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace chicane {
namespace {

std::optional<std::uint64_t> parse_count(const std::string& text) {
  if (text == "none") return 0;
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || value == 0) return std::nullopt;
  return value;
}

}  // namespace

void add_limit_options(CLI::App& command, LimitOptions& options) {
  const auto usual = default_limits();
  const auto add = [&](const char* option, std::string& text, const std::string& what, const char* type,
                       const std::string& value) {
    command.add_option(option, text, fmt::format("{} (default: {})", what, value))->type_name(type);
  };
  add("--limit-memory", options.memory, "Resident memory of one trial, in all its processes; or none", "SIZE",
      bytes_text(usual.memory_bytes));
  add("--limit-output", options.output, "What one trial may write to stdout and stderr; or none", "SIZE",
      bytes_text(usual.output_bytes));
  add("--limit-processes", options.processes, "Processes of one trial at once; or none", "N",
      std::to_string(usual.processes));
  add("--limit-threads", options.threads, "Threads of one trial at once, in all its processes; or none", "N",
      std::to_string(usual.threads));
  add("--limit-files", options.files, "File descriptors of one trial at once, in all its processes; or none", "N",
      std::to_string(usual.files));
}

Result<ResourceLimits> parse_limits(const LimitOptions& options) {
  auto limits = default_limits();
  for (const auto& [option, text, limit] : {std::tuple{"--limit-memory", &options.memory, &limits.memory_bytes},
                                            {"--limit-output", &options.output, &limits.output_bytes}})
    if (!text->empty()) {
      const auto bytes = parse_bytes(*text);
      if (!bytes) return failure(fmt::format("{} {}: no size; write e.g. 512MiB, 4GiB or none", option, *text));
      *limit = *bytes;
    }
  for (const auto& [option, text, limit] : {std::tuple{"--limit-processes", &options.processes, &limits.processes},
                                            {"--limit-threads", &options.threads, &limits.threads},
                                            {"--limit-files", &options.files, &limits.files}})
    if (!text->empty()) {
      const auto count = parse_count(*text);
      if (!count) return failure(fmt::format("{} {}: no number; write e.g. 1000 or none", option, *text));
      *limit = *count;
    }
  return limits;
}

}  // namespace chicane
