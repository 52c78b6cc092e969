#include "reports/sarif/locations.h"

#include <algorithm>

#include "harness/judge/fingerprint.h"
#include "reports/source_root.h"

namespace chicane::reports::sarif {
namespace {

constexpr std::size_t longest_path = 4096;  // Linux' PATH_MAX

}  // namespace

void write_message(JsonText& json, std::string_view member, std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (c == '{' || c == '}') escaped += c;
    if (c == '(' && escaped.ends_with(']')) escaped += ' ';
    escaped += c;
  }
  const auto message = json.object(member, JsonText::Shape::line);
  json.text("text", escaped, Layout::block);
}

Locations::Locations(const Run& run, std::string_view root) : root_(root) {
  for (const auto& source : run.sources) sources_[source.file].push_back(&source);
}

const Frame* Locations::shown(const Stack& stack) {
  const auto found = std::ranges::find_if(stack, is_user_frame);
  return found != stack.end() ? &*found : stack.empty() ? nullptr : &stack.front();
}

const std::string* Locations::source_line(std::string_view file, std::uint32_t line) const {
  const auto found = sources_.find(file);
  if (found == sources_.end()) return nullptr;
  for (const auto* source : found->second)
    if (line >= source->first_line && line - source->first_line < source->lines.size())
      return &source->lines[line - source->first_line];
  return nullptr;
}

void Locations::write_physical(JsonText& json, std::string_view file, std::uint32_t line, std::uint32_t column) const {
  // No file has such a name, and readers take no longer ones (.NET's Uri ends at 65,519 characters).
  if (file.empty() || file.size() > longest_path) return;
  const auto physical = json.object("physicalLocation", JsonText::Shape::line);
  {
    const auto path = below_root(file, root_);
    const auto artifact = json.object("artifactLocation");
    json.text("uri", file_uri(path));
    // What leads out of the tree is below no root, even though nobody knows where it is.
    if (!is_absolute(path) && path != ".." && !path.starts_with("../")) json.text("uriBaseId", root_id);
  }
  if (line == 0) return;
  const auto region = json.object("region");
  json.number("startLine", line);
  if (column != 0) json.number("startColumn", column);
  if (const auto* text = source_line(file, line)) {
    const auto snippet = json.object("snippet");
    json.text("text", *text, Layout::block);
  }
}

void Locations::write_frame(JsonText& json, const Frame& frame, std::string_view message) const {
  write_physical(json, frame.file, frame.line, frame.column);
  if (!frame.function.empty()) {
    const auto logical = json.array("logicalLocations", JsonText::Shape::line);
    const auto function = json.object();
    json.text("fullyQualifiedName", normalized_function(frame.function));
    json.text("decoratedName", frame.function);
    json.text("kind", "function");
  }
  if (!message.empty()) write_message(json, "message", message);
}

void Locations::write_scenario(JsonText& json, const Scenario& scenario) const {
  const auto at = source_line_of(scenario.source);
  write_physical(json, at.file, at.line, 0);
  const auto logical = json.array("logicalLocations", JsonText::Shape::line);
  const auto itself = json.object();
  json.text("fullyQualifiedName", scenario.id);
  json.text("kind", "module");
}

}  // namespace chicane::reports::sarif
