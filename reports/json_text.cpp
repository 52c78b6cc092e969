#include "reports/json_text.h"

#include <cmath>

#include <fmt/format.h>

namespace chicane::reports {

std::string digits(double value) { return std::isfinite(value) ? fmt::format("{}", value) : std::string(); }

void JsonText::quote(std::string_view visible_text) {
  out_ += '"';
  for (const char c : visible_text) {
    switch (c) {
      case '"': out_ += "\\\""; break;
      case '\\': out_ += "\\\\"; break;
      case '\n': out_ += "\\n"; break;
      case '\t': out_ += "\\t"; break;
      default: out_ += c;
    }
  }
  out_ += '"';
}

void JsonText::begin(std::string_view member) {
  if (!levels_.empty()) {
    auto& level = levels_.back();
    if (!level.empty) out_ += level.in_line ? ", " : ",";
    if (!level.in_line) out_.append("\n").append(levels_.size(), ' ');
    level.empty = false;
  }
  if (member.empty()) return;
  quote(visible(member));
  out_ += ": ";
}

void JsonText::open(std::string_view member, char start, Shape shape) {
  begin(member);
  out_ += start;
  levels_.push_back({shape == Shape::line || (!levels_.empty() && levels_.back().in_line), true});
}

void JsonText::close(char end) {
  const auto level = levels_.back();
  levels_.pop_back();
  if (!level.in_line && !level.empty) out_.append("\n").append(levels_.size(), ' ');
  out_ += end;
}

JsonText::Scope JsonText::object(std::string_view member, Shape shape) {
  open(member, '{', shape);
  return {*this, '}'};
}

JsonText::Scope JsonText::array(std::string_view member, Shape shape) {
  open(member, '[', shape);
  return {*this, ']'};
}

void JsonText::put(std::string_view member, std::string_view literal) {
  begin(member);
  out_ += literal;
}

void JsonText::text(std::string_view member, std::string_view value, Layout layout) {
  begin(member);
  quote(visible(value, layout));
}

void JsonText::boolean(std::string_view member, bool value) { put(member, value ? "true" : "false"); }

void JsonText::number(std::string_view member, double value) {
  const auto text = digits(value);
  put(member, text.empty() ? std::string_view("null") : std::string_view(text));
}

}  // namespace chicane::reports
