// Text laid out for a terminal of a given width. One owner, one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/words.h"
#include "reports/render.h"

namespace chicane::reports {

enum class Ink { plain, strong, faint, good, bad, warning };

struct Cell {
  std::string text;
  Ink ink = Ink::plain;
};

class Paper {
 public:
  explicit Paper(const ConsoleStyle& style) : style_(style) {}

  void line(std::string_view text = {}, Ink ink = Ink::plain);
  // Broken at spaces, so that no line is wider than the paper; a longer word (a path to copy) stays whole.
  // Further lines are indented by `hang` more.
  void paragraph(std::string_view text, std::size_t indent = 0, std::size_t hang = 0, Ink ink = Ink::plain);
  // Cells in columns: the first is the row's name. A name too wide for its column has a line of its own.
  void row(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths);
  std::string inked(std::string_view text, Ink ink) const;

  std::size_t width() const { return style_.width; }
  std::string take() && { return std::move(out_); }

 private:
  ConsoleStyle style_;
  std::string out_;
};

Ink ink_of(Verdict verdict);

}  // namespace chicane::reports
