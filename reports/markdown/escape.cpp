#include "reports/markdown/escape.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/visible.h"

namespace chicane::reports::markdown {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80) != 0;
}

enum class Within { prose, code };

// What could begin, end or part a construct of CommonMark, of GitHub's tables, or of its formulas and emoji. A
// reference to a character is never one (CommonMark 0.30, 6.2), whereas backslashes don't hold everywhere.
bool is_active(std::string_view text, std::size_t i, Within within) {
  const char before = i == 0 ? ' ' : text[i - 1], after = i + 1 < text.size() ? text[i + 1] : ' ';
  switch (text[i]) {
    case '_': return !is_word(before) || !is_word(after);  // within a word it is none
    case ':':                                              // https://, and in prose :smile:
      return after == '/' ||
             (within == Within::prose && after != ' ' && after != ':' && !(is_digit(before) && is_digit(after)));
    case '.':  // www.…, 1. …
      if (i >= 3 && (text.substr(i - 3, 3) == "www" || text.substr(i - 3, 3) == "WWW")) return true;
      [[fallthrough]];
    case ')': return i > 0 && after == ' ' && std::ranges::all_of(text.substr(0, i), is_digit);
    case '-':
    case '+':
    case '=': return i == 0;  // an item of a list
    default: return std::string_view("\\`*[]<>&|~$@#\"'").contains(text[i]);
  }
}

std::string escaped_text(std::string_view shown, Within within) {
  std::string out;
  out.reserve(shown.size() + shown.size() / 4);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    if (!is_active(shown, i, within)) {
      out += c;
      continue;
    }
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += fmt::format("&#{};", static_cast<int>(c));
    }
    // Names and issues are looked for in what is shown; a space of no width parts them from their sign.
    const bool could_call = (c == '@' || c == '#') && i + 1 < shown.size() && is_word(shown[i + 1]);
    if (could_call && within == Within::prose) out += "&#8203;";
  }
  return out;
}

}  // namespace

std::string clipped(std::string_view text, std::size_t most) {
  // A byte may become nine ("[U+E0001]"), never less than one; so no more than this needs a look.
  auto shown = visible(text.substr(0, most + 8));
  if (shown.size() <= most && text.size() <= most + 8) return shown;
  auto end = std::min(most, shown.size());
  while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0) == 0x80) --end;
  shown.resize(end);
  return shown + "…";
}

std::string prose(std::string_view text, std::size_t most) { return escaped_text(clipped(text, most), Within::prose); }

std::string code(std::string_view text, std::size_t most) {
  return "<code>" + escaped_text(clipped(text, most), Within::code) + "</code>";
}

std::string fenced(std::string_view text, std::string_view language, std::size_t most) {
  const auto shown = clipped(text, most);
  std::size_t longest = 0, run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fmt::format("{}{}\n{}\n{}\n", fence, language, shown, fence);
}

}  // namespace chicane::reports::markdown
