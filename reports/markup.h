// HTML and XML built from scoped elements: what is opened is closed, and every text and attribute is escaped. In HTML
// end tags and quotes are left out where the standard allows it: pages of many thousand cells are a third shorter.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "reports/visible.h"

namespace chicane::reports {

// Text as it may stand in HTML 5 and XML 1.0, in an element or in quotes; made visible() first.
std::string escaped(std::string_view text, Layout layout = Layout::line);

class Markup {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  enum class Language { html, xml };
  explicit Markup(Language language) : language_(language) {}

  // Open until the scope's end.
  class Element {
   public:
    Element(Markup& markup, std::string_view tag) : markup_(markup), tag_(tag) {}
    Element(const Element&) = delete;
    Element& operator=(const Element&) = delete;
    ~Element();

   private:
    Markup& markup_;
    std::string_view tag_;
  };
  // Tags and names of attributes are literals. An attribute with an empty name is left out; so is one whose name ends
  // with '?' and whose value is empty.
  [[nodiscard]] Element element(std::string_view tag, Attributes attributes = {});
  void leaf(std::string_view tag, Attributes attributes, std::string_view text);
  void leaf(std::string_view tag, std::string_view text) { leaf(tag, {}, text); }
  void empty(std::string_view tag, Attributes attributes);  // <meta …>, <property …/>
  // In HTML, at the end of a cell or before another paragraph, either of which ends it.
  void paragraph(std::string_view text, Attributes attributes = {});
  void text(std::string_view text, Layout layout = Layout::line) { out_ += escaped(text, layout); }
  // HTML text with names of code: where it is narrow they break behind "::" and "_" rather than within a word.
  void names(std::string_view text);
  void newline() { out_ += '\n'; }
  // As it is: only for what this project wrote itself.
  void raw(std::string_view trusted) { out_ += trusted; }

  std::string take() && { return std::move(out_); }

 private:
  void open(std::string_view tag, Attributes attributes);
  Language language_;
  std::string out_;
};

}  // namespace chicane::reports
