#include "reports/html/stacks.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "reports/figures.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

// A function whose name is thousands of characters long, without the arguments of its templates:
// "std::vector<…>::push_back". run.json has the whole name.
std::string readable(const std::string& function, std::size_t longest) {
  if (function.size() <= longest) return function;
  std::string text;
  int depth = 0;
  for (std::size_t i = 0; i < function.size(); ++i) {
    const bool is_operator = text.ends_with("operator") || text.ends_with("operator<") || text.ends_with("operator>");
    const bool is_arrow = function[i] == '>' && i > 0 && function[i - 1] == '-';
    if (function[i] == '<' && (depth > 0 || !is_operator)) {
      if (depth++ == 0) text += "<…>";
    } else if (function[i] == '>' && depth > 0 && !is_arrow) {
      --depth;
    } else if (depth == 0) {
      text += function[i];
    }
  }
  return depth == 0 ? text : function;
}

void write_frame(Markup& html, const Frame& frame) {
  constexpr std::size_t of_a_library = 100, of_the_user = 240;
  html.leaf("b", frame.function.empty() ? "an unknown function"
                                        : readable(frame.function, is_user_frame(frame) ? of_the_user : of_a_library));
  if (const auto position = position_of(frame); !position.empty()) html.leaf("i", position);
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

std::string Told::before(const std::string& text, std::string& anchor) {
  const auto [known, is_new] = texts_.emplace(text, texts_.size());
  anchor = fmt::format("k{}", known->second);
  return is_new ? "" : anchor;
}

const std::string& Told::ends_with(const std::string& text, const std::string& anchor) {
  return ends_.emplace(text, anchor).first->second;
}

namespace {

// Frames of libraries, folded. Those of one thread pool mostly end alike: what another list ended with is told there.
void write_library_frames(Markup& html, const Stack& stack, std::size_t at, std::size_t end, Told& told) {
  constexpr std::size_t worth_a_link = 3;        // frames
  std::vector<std::string> texts(end - at + 1);  // of all from a frame on
  for (auto i = end; i-- > at;)
    texts[i - at] = fmt::format("{}\t{}\n{}", stack[i].function, position_of(stack[i]), texts[i - at + 1]);
  const auto item = html.element("li");
  const auto title = plural(end - at, "frame") + " of libraries and harness";
  std::string anchor;
  if (const auto before = told.before("frames\n" + texts.front(), anchor); !before.empty()) {
    html.leaf("a", {{"href", "#" + before}}, title);
    return;
  }
  const auto details = html.element("details");
  html.leaf("summary", title);
  const auto inner = html.element("ol", {{"class", "stack"}, {"id", anchor}});
  for (auto i = at; i < end; ++i) {
    const auto left = end - i;
    const auto& place = left < worth_a_link ? anchor : told.ends_with(texts[i - at], anchor);
    const auto frame = html.element("li");
    if (place != anchor) {
      html.leaf("a", {{"href", "#" + place}}, fmt::format("the last {} there", plural(left, "frame")));
      return;
    }
    write_frame(html, stack[i]);
  }
}

}  // namespace

void write_stack(Markup& html, const Stack& stack, Told& told) {
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
    write_library_frames(html, stack, at, end, told);
    at = end;
  }
}

void write_source(Markup& html, const Stack& stack, const std::vector<Source>& sources, Told& told) {
  constexpr std::uint32_t around = 4;
  for (const auto& frame : stack) {
    if (!is_user_frame(frame)) continue;
    const auto* source = source_of(frame, sources);
    if (source == nullptr) continue;
    std::string anchor;
    if (const auto before = told.before(fmt::format("source\n{}:{}", frame.file, frame.line), anchor);
        !before.empty()) {
      const auto line = html.element("p", {{"class", "source"}});
      html.leaf("a", {{"href", "#" + before}}, position_of(frame));
      const std::string_view code = source->lines[frame.line - source->first_line];
      html.leaf("code", code.substr(std::min(code.find_first_not_of(" \t"), code.size())));
      return;
    }
    const auto last = source->first_line + static_cast<std::uint32_t>(source->lines.size()) - 1;
    const auto from = std::max(source->first_line, frame.line > around ? frame.line - around : 1);
    const auto to = std::min(last, frame.line + around);
    const auto figure = html.element("figure", {{"class", "source"}, {"id", anchor}});
    html.leaf("figcaption", position_of(frame));
    const auto pre = html.element("pre", {{"tabindex", "0"}});
    for (auto line = from; line <= to; ++line) {
      const bool hit = line == frame.line;
      const auto write = [&] {
        html.leaf("i", fmt::format("{}{:>4} ", hit ? "▸" : " ", line));
        html.text(source->lines[line - source->first_line], Layout::block);
        html.newline();  // within the mark, which is a block of its own
      };
      if (hit) {
        const auto mark = html.element("mark");
        write();
      } else {
        write();
      }
    }
    return;
  }
}

}  // namespace chicane::reports
