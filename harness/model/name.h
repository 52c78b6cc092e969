// A text that many trials share (a scenario's id, a plan's), stored once for all of them: 8 bytes instead of 32 and
// more. Reads as a const std::string; to change it is to assign another. As safe to use from several threads as a
// string.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include <boost/flyweight.hpp>
#include <fmt/format.h>

namespace chicane {

// Where the texts are kept: never destroyed, because ThreadSanitizer's runner tells of a race when all that is static
// has been.
template <typename Core>
struct ForEver : boost::flyweights::holder_marker {
  static Core& get() {
    static Core& core = *new Core;
    return core;
  }
};
struct KeptForEver : boost::flyweights::holder_marker {
  template <typename Core>
  struct apply {
    using type = ForEver<Core>;
  };
};

class Name {
 public:
  Name() = default;
  Name(std::string text) : text_(std::move(text)) {}
  Name(std::string_view text) : text_(std::string(text)) {}
  Name(const char* text) : text_(std::string(text)) {}

  const std::string& str() const { return text_.get(); }
  operator const std::string&() const { return str(); }
  operator std::string_view() const { return str(); }
  bool empty() const { return str().empty(); }

  friend bool operator==(const Name& one, const Name& other) { return one.text_ == other.text_; }
  friend auto operator<=>(const Name& one, const Name& other) { return one.str() <=> other.str(); }
  friend bool operator==(const Name& one, std::string_view other) { return one.str() == other; }
  friend bool operator==(const Name& one, const std::string& other) { return one.str() == other; }
  friend bool operator==(const Name& one, const char* other) { return one.str() == other; }

 private:
  boost::flyweight<std::string, KeptForEver> text_;
};

}  // namespace chicane

template <>
struct fmt::formatter<chicane::Name> : fmt::formatter<std::string_view> {
  auto format(const chicane::Name& name, format_context& context) const {
    return fmt::formatter<std::string_view>::format(name.str(), context);
  }
};
