#include "reports/html/stacks.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "reports/figures.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

void write_frame(Markup& html, const Frame& frame) {
  html.leaf("span", {{"class", "function"}}, frame.function.empty() ? "an unknown function" : frame.function);
  if (const auto position = position_of(frame); !position.empty()) {
    html.text(" ");
    html.leaf("span", {{"class", "position"}}, position);
  }
}

const Source* source_of(const Frame& frame, const std::vector<Source>& sources) {
  if (frame.file.empty() || frame.line == 0) return nullptr;
  const auto found = std::ranges::find_if(sources, [&](const auto& source) {
    return source.file == frame.file && frame.line >= source.first_line &&
           frame.line - source.first_line < source.lines.size();
  });
  return found == sources.end() ? nullptr : &*found;
}

}  // namespace

void write_stack(Markup& html, const Stack& stack) {
  const auto list = html.element("ol", {{"class", "stack"}});
  for (std::size_t at = 0; at < stack.size();) {
    html.newline();
    if (is_user_frame(stack[at])) {
      const auto item = html.element("li", {{"class", "user"}});
      write_frame(html, stack[at++]);
      continue;
    }
    auto end = at;
    while (end < stack.size() && !is_user_frame(stack[end])) ++end;
    const auto item = html.element("li", {{"class", "folded"}});
    const auto details = html.element("details");
    html.leaf("summary", plural(end - at, "frame") + " of libraries and harness");
    const auto inner = html.element("ol", {{"class", "stack"}});
    for (; at < end; ++at) {
      const auto frame = html.element("li");
      write_frame(html, stack[at]);
    }
  }
}

void write_source(Markup& html, const Stack& stack, const std::vector<Source>& sources) {
  constexpr std::uint32_t around = 4;
  for (const auto& frame : stack) {
    if (!is_user_frame(frame)) continue;
    const auto* source = source_of(frame, sources);
    if (source == nullptr) continue;
    const auto last = source->first_line + static_cast<std::uint32_t>(source->lines.size()) - 1;
    const auto from = std::max(source->first_line, frame.line > around ? frame.line - around : 1);
    const auto to = std::min(last, frame.line + around);
    const auto figure = html.element("figure", {{"class", "source"}});
    html.leaf("figcaption", position_of(frame));
    const auto pre = html.element("pre", {{"tabindex", "0"}});
    for (auto line = from; line <= to; ++line) {
      const bool hit = line == frame.line;
      const auto row = html.element("span", {{"class", hit ? "line hit" : "line"}});
      html.leaf("span", {{"class", "number"}}, fmt::format("{}{:>4} ", hit ? "▸" : " ", line));
      html.text(source->lines[line - source->first_line], Layout::block);
      html.newline();
    }
    return;
  }
}

}  // namespace chicane::reports
