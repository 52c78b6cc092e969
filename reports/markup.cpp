#include "reports/markup.h"

#include <algorithm>
#include <array>

namespace chicane::reports {

std::string escaped(std::string_view text, Layout layout) {
  const auto shown = visible(text, layout);
  std::string out;
  out.reserve(shown.size() + shown.size() / 8);
  for (const char c : shown) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

namespace {

// What may stand without quotes, in a value that has no '/' at its end, where it could be read as that of "<br/>".
bool is_plain(std::string_view value) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '/' || c == '#' || c == ':';
  };
  return !value.empty() && value.back() != '/' && std::ranges::all_of(value, plain);
}

// HTML's own rule: what comes next in our pages (one of the same kind, or the end of the parent) ends these. They are
// most of a long page's elements.
bool ends_by_itself(std::string_view tag) {
  constexpr std::array<std::string_view, 8> all{"td", "th", "tr", "li", "thead", "tbody", "dt", "dd"};
  return std::ranges::find(all, tag) != all.end();
}

}  // namespace

void Markup::open(std::string_view tag, Attributes attributes) {
  out_ += '<';
  out_ += tag;
  for (auto [name, value] : attributes) {
    if (name.empty()) continue;
    if (name.back() == '?') {
      if (value.empty()) continue;
      name.remove_suffix(1);
    }
    out_ += ' ';
    out_ += name;
    if (language_ == Language::html && is_plain(value)) {
      out_ += '=';
      out_ += value;
      continue;
    }
    out_ += "=\"";
    out_ += escaped(value);
    out_ += '"';
  }
}

Markup::Element Markup::element(std::string_view tag, Attributes attributes) {
  open(tag, attributes);
  out_ += '>';
  return {*this, tag};
}

Markup::Element::~Element() {
  if (markup_.language_ == Language::html && ends_by_itself(tag_)) return;
  markup_.out_ += "</";
  markup_.out_ += tag_;
  markup_.out_ += '>';
}

void Markup::leaf(std::string_view tag, Attributes attributes, std::string_view text) {
  const auto scope = element(tag, attributes);
  out_ += escaped(text);
}

void Markup::paragraph(std::string_view text, Attributes attributes) {
  open("p", attributes);
  out_ += '>';
  out_ += escaped(text);
}

void Markup::names(std::string_view text) {
  const auto shown = escaped(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    out_ += shown[i];
    const bool ends_scope = shown[i] == ':' && i > 0 && shown[i - 1] == ':';
    const bool ends_word = shown[i] == '_' && i + 1 < shown.size() && shown[i + 1] != '_';
    if (ends_scope || ends_word) out_ += "<wbr>";
  }
}

void Markup::empty(std::string_view tag, Attributes attributes) {
  open(tag, attributes);
  out_ += language_ == Language::xml ? "/>" : ">";
}

}  // namespace chicane::reports
