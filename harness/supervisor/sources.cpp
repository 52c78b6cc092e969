#include "harness/supervisor/sources.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "harness/judge/fingerprint.h"
#include "harness/model/files.h"

namespace chicane {
namespace {

constexpr std::uint32_t around = 3;              // lines before and after
constexpr std::size_t line_bound_bytes = 1'000;  // of one source line that is kept

std::optional<std::vector<std::string>> lines_of(const std::string& file, const std::vector<std::string>& roots) {
  const std::filesystem::path path(file);
  std::vector<std::filesystem::path> candidates;
  if (path.is_absolute())
    candidates.push_back(path);
  else
    for (const auto& root : roots) candidates.push_back(std::filesystem::path(root) / path);
  for (const auto& candidate : candidates) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(candidate, error)) continue;
    auto text = read_file(candidate.string());
    if (!text) continue;
    std::vector<std::string> lines;
    std::istringstream stream(*text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line.substr(0, line_bound_bytes));
    return lines;
  }
  return std::nullopt;
}

void want(std::map<std::string, std::set<std::uint32_t>>& wanted, const Stack& stack) {
  const auto frame = user_frame(stack);
  if (frame && !frame->file.empty() && frame->line != 0) wanted[frame->file].insert(frame->line);
}

}  // namespace

std::vector<Source> collect_sources(const std::vector<Finding>& findings, const std::vector<std::string>& roots) {
  std::map<std::string, std::set<std::uint32_t>> wanted;
  for (const auto& finding : findings) {
    for (const auto& access : finding.evidence.accesses) want(wanted, access.stack);
    for (const auto& labelled : finding.evidence.stacks) want(wanted, labelled.stack);
    for (const auto& mutex : finding.evidence.mutexes) want(wanted, mutex.created_at);
    if (finding.evidence.picture)
      for (const auto& step : finding.evidence.picture->steps) want(wanted, step.stack);
    if (finding.evidence.location) want(wanted, finding.evidence.location->allocated_at);
  }
  std::vector<Source> sources;
  for (const auto& [file, numbers] : wanted) {
    const auto lines = lines_of(file, roots);
    if (!lines) continue;
    for (const auto number : numbers) {
      if (number > lines->size()) continue;  // the file is not the one that was compiled
      const auto first = number > around ? number - around : 1;
      const auto last = std::min<std::size_t>(number + around, lines->size());
      auto* open = !sources.empty() && sources.back().file == file ? &sources.back() : nullptr;
      if (open == nullptr || first > open->first_line + open->lines.size()) {
        sources.push_back({file, first, {}});
        open = &sources.back();
      }
      for (std::size_t line = open->first_line + open->lines.size(); line <= last; ++line)
        open->lines.push_back((*lines)[line - 1]);
    }
  }
  return sources;
}

}  // namespace chicane
