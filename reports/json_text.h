// JSON built from scoped objects and arrays: what is opened is closed, every text is escaped, and a number that is none
// is null. Texts are made visible() first, so that what comes out is valid UTF-8 in which nothing is hidden.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reports/visible.h"

namespace chicane::reports {

class JsonText {
 public:
  enum class Shape { lines, line };  // members one below the other, or all in one line
  // Open until the scope's end.
  class Scope {
   public:
    Scope(JsonText& json, char end) : json_(json), end_(end) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { json_.close(end_); }

   private:
    JsonText& json_;
    char end_;
  };

  // With a member's name within an object, without one within an array and for the whole. Within a line all is one.
  [[nodiscard]] Scope object(std::string_view member = {}, Shape shape = Shape::lines);
  [[nodiscard]] Scope array(std::string_view member, Shape shape = Shape::lines);
  void text(std::string_view member, std::string_view value, Layout layout = Layout::line);
  void boolean(std::string_view member, bool value);
  void number(std::string_view member, std::integral auto value) { put(member, std::to_string(value)); }
  void number(std::string_view member, double value);

  std::string take() && { return std::move(out_); }

 private:
  struct Level {
    bool in_line = false;
    bool empty = true;
  };
  void begin(std::string_view member);
  void open(std::string_view member, char start, Shape shape);
  void close(char end);
  void put(std::string_view member, std::string_view literal);
  void quote(std::string_view visible_text);

  std::string out_;
  std::vector<Level> levels_;
};

// The shortest digits that read as the same number again; empty: it is none.
std::string digits(double value);

}  // namespace chicane::reports
