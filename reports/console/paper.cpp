#include "reports/console/paper.h"

#include <algorithm>

#include "reports/visible.h"

namespace chicane::reports {
namespace {

std::string_view code_of(Ink ink) {
  switch (ink) {
    case Ink::strong: return "\x1b[1m";
    case Ink::faint: return "\x1b[2m";
    case Ink::good: return "\x1b[32m";
    case Ink::bad: return "\x1b[1;31m";
    case Ink::warning: return "\x1b[33m";
    case Ink::plain: break;
  }
  return "";
}

// Trailing spaces would show when a line is copied.
void end_line(std::string& out) {
  while (out.ends_with(' ')) out.pop_back();
  out += '\n';
}

}  // namespace

std::string Paper::inked(std::string_view text, Ink ink) const {
  if (!style_.color || ink == Ink::plain || text.empty()) return std::string(text);
  return std::string(code_of(ink)).append(text).append("\x1b[0m");
}

void Paper::line(std::string_view text, Ink ink) {
  out_ += inked(text, ink);
  end_line(out_);
}

void Paper::paragraph(std::string_view text, std::size_t indent, std::size_t hang, Ink ink) {
  const auto shown = visible(text);
  std::string pending;
  std::size_t margin = indent, used = 0;
  const auto flush = [&] {
    if (pending.empty()) return;
    out_ += std::string(margin, ' ') + inked(pending, ink);
    end_line(out_);
    pending.clear();
    margin = indent + hang;
    used = 0;
  };
  for (std::size_t at = 0; at < shown.size();) {
    const auto end = std::min(shown.find(' ', at), shown.size());
    const auto word = std::string_view(shown).substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const auto wide = columns(word);
    if (!pending.empty() && margin + used + 1 + wide > style_.width) flush();
    if (!pending.empty()) pending += ' ', ++used;
    pending += word;
    used += wide;
  }
  flush();
}

void Paper::row(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto text = visible(cells[i].text);
    const auto wide = columns(text);
    out_ += inked(text, cells[i].ink);
    if (i + 1 == cells.size()) break;
    if (i == 0 && wide >= widths[0]) {
      end_line(out_);
      out_ += std::string(widths[0], ' ');
    } else {
      out_ += std::string(wide < widths[i] ? widths[i] - wide : 1, ' ');
    }
  }
  end_line(out_);
}

Ink ink_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return Ink::good;
    case Verdict::fail: return Ink::bad;
    case Verdict::missed:
    case Verdict::error: return Ink::warning;
    case Verdict::not_judged: break;
  }
  return Ink::faint;
}

}  // namespace chicane::reports
