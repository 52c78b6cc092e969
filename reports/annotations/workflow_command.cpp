#include "reports/annotations/workflow_command.h"

#include <fmt/format.h>

#include "reports/visible.h"

namespace chicane::reports {
namespace {

constexpr std::size_t most_of_a_message = 2'000;  // bytes

enum class In { message, property };

std::string escaped_command(std::string_view text, In in) {
  const auto shown = visible(text.substr(0, most_of_a_message), Layout::block);
  std::string out;
  for (const char c : shown) {
    const bool parts = c == '%' || c == '\n' || (in == In::property && (c == ':' || c == ','));
    if (parts)
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string workflow_command(std::string_view level, const SourceLine& at, std::string_view title,
                             std::string_view message) {
  auto line = fmt::format("::{} ", level);
  if (!at.file.empty()) line += fmt::format("file={},", escaped_command(at.file, In::property));
  if (!at.file.empty() && at.line != 0) line += fmt::format("line={},", at.line);
  return line +
         fmt::format("title={}::{}\n", escaped_command(title, In::property), escaped_command(message, In::message));
}

}  // namespace chicane::reports
