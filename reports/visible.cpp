#include "reports/visible.h"

#include <array>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

namespace chicane::reports {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Decoded {
  char32_t code = replacement;
  std::size_t bytes = 1;
};

// One code point as the Unicode Standard's table 3-7 allows it: no overlong forms, no surrogates.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return {};
  char32_t code = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3F);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, length};
}

bool hides_or_reorders(char32_t code) {
  return (code >= 0x80 && code < 0xA0) || code == 0xAD || code == 0x61C || code == 0x180E ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
         (code & 0xFFFE) == 0xFFFE || (code >= 0xE0000 && code <= 0xE007F);
}

bool is_wide(char32_t code) {
  return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
         (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
         (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
         (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x20000 && code <= 0x3FFFD);
}
bool is_combining(char32_t code) { return (code >= 0x300 && code <= 0x36F) || (code >= 0xFE00 && code <= 0xFE0F); }

// The picture of a control character: U+2400 and on; U+2421 is that of DEL.
void append_picture(std::string& out, unsigned char control) {
  out += "\xE2\x90";
  out += static_cast<char>(0x80 + (control == 0x7F ? 0x21 : control));
}

}  // namespace

std::string visible(std::string_view text, Layout layout) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7F) {
      out += text[i++];
      continue;
    }
    if (byte == '\n' || byte == '\t') {
      out += layout == Layout::block ? text[i] : ' ';
      ++i;
      continue;
    }
    if (byte < 0x80) {
      append_picture(out, byte);
      ++i;
      continue;
    }
    const auto [code, bytes] = decode(text.substr(i));
    if (hides_or_reorders(code))
      fmt::format_to(std::back_inserter(out), "[U+{:04X}]", static_cast<std::uint32_t>(code));
    else if (code == replacement)
      out += "\xEF\xBF\xBD";
    else
      out += text.substr(i, bytes);
    i += bytes;
  }
  return out;
}

std::size_t columns(std::string_view visible_text) {
  std::size_t all = 0;
  for (std::size_t i = 0; i < visible_text.size();) {
    const auto [code, bytes] = decode(visible_text.substr(i));
    all += is_combining(code) ? 0 : is_wide(code) ? 2 : 1;
    i += bytes;
  }
  return all;
}

}  // namespace chicane::reports
