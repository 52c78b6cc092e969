#include "reports/markup.h"

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
  markup_.out_ += "</";
  markup_.out_ += tag_;
  markup_.out_ += '>';
}

void Markup::leaf(std::string_view tag, Attributes attributes, std::string_view text) {
  const auto scope = element(tag, attributes);
  out_ += escaped(text);
}

void Markup::empty(std::string_view tag, Attributes attributes) {
  open(tag, attributes);
  out_ += language_ == Language::xml ? "/>" : ">";
}

}  // namespace chicane::reports
