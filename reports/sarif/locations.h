// Places in source as SARIF says them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/model/run.h"
#include "reports/json_text.h"

namespace chicane::reports::sarif {

inline constexpr std::string_view root_id = "SRCROOT";

// A message of the format: "{0}" is a placeholder there and "[a](b)" a link, so both are written as text.
void write_message(JsonText& json, std::string_view member, std::string_view text);

class Locations {
 public:
  Locations(const Run& run, std::string_view root);

  std::string_view root() const { return root_; }
  // Members of an open `location`. `message` may be empty.
  void write_frame(JsonText& json, const Frame& frame, std::string_view message) const;
  void write_scenario(JsonText& json, const Scenario& scenario) const;
  // The frame that a reader means: the innermost of the user's code, else the innermost of all.
  static const Frame* shown(const Stack& stack);

 private:
  void write_physical(JsonText& json, std::string_view file, std::uint32_t line, std::uint32_t column) const;
  const std::string* source_line(std::string_view file, std::uint32_t line) const;

  std::string root_;
  std::unordered_map<std::string_view, std::vector<const Source*>> sources_;
};

}  // namespace chicane::reports::sarif
