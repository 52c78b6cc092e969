// Reads and writes the model's types as JSON. Each type is described once, by members(codec, value), for both ways, so
// that what is written is what is read. The only place that includes the JSON library; internal to this folder.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/model/error.h"
#include "harness/model/finding.h"
#include "harness/model/name.h"
#include "harness/model/values.h"
#include "harness/model/words.h"

namespace chicane::json {

using Written = nlohmann::ordered_json;  // keeps the order in which members are described
using Parsed = nlohmann::json;           // looks members up fast, whatever the file holds

// `T` or `const T`: one description serves the reader and the writer.
template <typename Given, typename T>
concept Like = std::same_as<std::remove_const_t<Given>, T>;
}  // namespace chicane::json

namespace chicane {
// Here because the codec itself writes and reads stacks.
void members(auto& codec, json::Like<Frame> auto& frame) {
  codec.optional("function", frame.function);
  codec.optional("file", frame.file);
  codec.optional("line", frame.line);
  codec.optional("column", frame.column);
  codec.optional("module", frame.module);
}
}  // namespace chicane

namespace chicane::json {

template <typename T>
concept Spelled = std::is_enum_v<T> && requires { Spelling<T>::names; };

// Text of a value on one line. Bytes that are no UTF-8 (a scenario's output may hold any) become U+FFFD; NaN and
// infinity become null.
std::string text_of(const Written& value);

// A wrong text; leaves this folder as an Error only.
struct Malformed {
  std::string message;
};

// Frames and stacks of a whole run, each stored once.
class StackStore {
 public:
  std::size_t index_of(const Stack& stack);
  const std::vector<Frame>& frames() const { return frames_; }
  const std::vector<std::vector<std::size_t>>& stacks() const { return stacks_; }

 private:
  struct Before {  // Frame has no order of its own
    bool operator()(const Frame& a, const Frame& b) const;
  };
  std::vector<Frame> frames_;
  std::map<Frame, std::size_t, Before> frame_index_;
  std::vector<std::vector<std::size_t>> stacks_;
  std::map<std::vector<std::size_t>, std::size_t> stack_index_;
};

class Writer {
 public:
  // `stacks`: where stacks are stored and referred to; null: they are written where they stand.
  explicit Writer(StackStore* stacks = nullptr, Written object = Written::object())
      : object_(std::move(object)), stacks_(stacks) {}

  template <typename T>
  void required(const char* member, const T& value) {
    object_[member] = value_of(value);
  }
  template <typename T>
  void optional(const char* member, const T& value, const std::type_identity_t<T>& absent = T{}) {
    if (!(value == absent)) required(member, value);
  }
  Written take() { return std::move(object_); }

  template <typename T>
  Written value_of(const T& value) const {
    if constexpr (std::is_arithmetic_v<T> || std::same_as<T, std::string>)
      return value;
    else if constexpr (Spelled<T>)
      return std::string(name(value));
    else
      return composed(value);
  }

 private:
  template <typename T>
  Written composed(const std::optional<T>& value) const {
    return value ? value_of(*value) : Written(nullptr);
  }
  template <typename T>
  Written composed(const std::vector<T>& values) const {
    Written array = Written::array();
    for (const auto& value : values) array.push_back(value_of(value));
    return array;
  }
  template <typename T>
  Written composed(const std::map<std::string, T>& values) const {
    Written object = Written::object();
    for (const auto& [key, value] : values) object[key] = value_of(value);
    return object;
  }
  Written composed(const Name& value) const { return value.str(); }
  Written composed(const Values& values) const {
    Written object = Written::object();
    for (const auto& [key, value] : values) object[key] = value;
    return object;
  }
  Written composed(const Stack& stack) const {
    if (stacks_ != nullptr) return stacks_->index_of(stack);
    return composed<Frame>(stack);
  }
  template <typename T>
  Written composed(const T& value) const {
    Writer writer(stacks_);
    members(writer, value);
    return writer.take();
  }

  Written object_;
  StackStore* stacks_;
};

// Where in a text its reader is: "trials/12/lane".
class Path {
 public:
  using Step = std::variant<std::string_view, std::size_t>;
  class Entered {
   public:
    Entered(Path& path, Step step) : path_(path) { path_.steps_.push_back(step); }
    ~Entered() { path_.steps_.pop_back(); }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

   private:
    Path& path_;
  };
  [[noreturn]] void wrong(const std::string& what) const;  // throws Malformed
  [[noreturn]] void wrong_type(const char* expected, const Parsed& found) const;

 private:
  std::vector<Step> steps_;
};

// The stacks of a run that is being read.
class StackShelf {
 public:
  std::vector<Frame> frames;
  std::vector<std::vector<std::size_t>> stacks;

  Stack at(std::size_t index, const Path& path);

 private:
  // A small file may refer to one long stack often; its expansion is bounded.
  std::size_t bytes_left_ = std::size_t{1} << 30;
};

class Reader {
 public:
  Reader(const Parsed& object, Path& path, StackShelf* shelf = nullptr) : object_(object), path_(path), shelf_(shelf) {
    if (!object_.is_object()) path_.wrong_type("an object", object_);
  }

  template <typename T>
  void required(const char* member, T& value) {
    const auto found = object_.find(member);
    const Path::Entered entered(path_, std::string_view(member));
    if (found == object_.end()) path_.wrong("is missing");
    read(*found, value);
  }
  template <typename T>
  void optional(const char* member, T& value, const std::type_identity_t<T>& absent = T{}) {
    const auto found = object_.find(member);
    if (found == object_.end() || found->is_null()) {
      value = absent;
      return;
    }
    const Path::Entered entered(path_, std::string_view(member));
    read(*found, value);
  }

  template <typename T>
  void read(const Parsed& from, T& value) {
    if constexpr (Spelled<T>)
      read_word(from, value);
    else if constexpr (std::integral<T> && !std::same_as<T, bool>)
      read_integer(from, value);
    else
      read_value(from, value);
  }

 private:
  template <Spelled T>
  void read_word(const Parsed& from, T& value) {
    std::string text;
    read_value(from, text);
    const auto found = word<T>(text);
    if (!found) path_.wrong(fmt::format("unknown value '{}', known: {}", text, fmt::join(Spelling<T>::names, ", ")));
    value = *found;
  }
  template <std::integral T>
  void read_integer(const Parsed& from, T& value) {
    if (!from.is_number_integer()) path_.wrong_type("a whole number", from);
    const bool fits = from.is_number_unsigned() ? std::in_range<T>(from.get<std::uint64_t>())
                                                : std::in_range<T>(from.get<std::int64_t>());
    if (!fits)
      path_.wrong(fmt::format("{} is out of range ({} to {})", from.dump(), std::numeric_limits<T>::min(),
                              std::numeric_limits<T>::max()));
    value = from.get<T>();
  }
  void read_value(const Parsed& from, bool& value) {
    if (!from.is_boolean()) path_.wrong_type("true or false", from);
    value = from.get<bool>();
  }
  void read_value(const Parsed& from, double& value) {
    if (!from.is_null() && !from.is_number()) path_.wrong_type("a number", from);
    // No number is not 0.
    value = from.is_null() ? std::numeric_limits<double>::quiet_NaN() : from.get<double>();
  }
  void read_value(const Parsed& from, std::string& value) {
    if (!from.is_string()) path_.wrong_type("a string", from);
    value = from.get_ref<const std::string&>();
  }
  void read_value(const Parsed& from, Name& value) {
    std::string text;
    read_value(from, text);
    value = text;
  }
  template <typename T>
  void read_value(const Parsed& from, std::optional<T>& value) {
    value.reset();
    if (!from.is_null()) read(from, value.emplace());
  }
  template <typename T>
  void read_value(const Parsed& from, std::vector<T>& values) {
    if (!from.is_array()) path_.wrong_type("an array", from);
    values.clear();
    values.reserve(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      const Path::Entered entered(path_, i);
      read(from[i], values.emplace_back());
    }
  }
  template <typename T>
  void read_value(const Parsed& from, std::map<std::string, T>& values) {
    if (!from.is_object()) path_.wrong_type("an object", from);
    values.clear();
    for (const auto& [key, item] : from.get_ref<const Parsed::object_t&>()) {
      if (item.is_null()) continue;  // NaN when it was written: no value
      const Path::Entered entered(path_, std::string_view(key));
      read(item, values[key]);
    }
  }
  void read_value(const Parsed& from, Values& values) {
    std::map<std::string, double> read_ones;
    read_value(from, read_ones);
    values = read_ones;
  }
  void read_value(const Parsed& from, Stack& stack) {
    if (shelf_ == nullptr) return read_value<Frame>(from, stack);
    std::size_t index = 0;
    read_integer(from, index);
    stack = shelf_->at(index, path_);
  }
  template <typename T>
  void read_value(const Parsed& from, T& value) {
    Reader reader(from, path_, shelf_);
    members(reader, value);
  }

  const Parsed& object_;
  Path& path_;
  StackShelf* shelf_;
};

// The text as a value; throws Malformed for what is no JSON (with the byte), or nests deeper than any of our files.
Parsed parse(std::string_view text);

// Runs `read`, which may throw, and returns its value or what was wrong with the text.
template <typename Read>
auto reading(const Read& read) -> Result<decltype(read())> {
  try {
    return read();
  } catch (const Malformed& malformed) {
    return failure(malformed.message);
  } catch (const std::exception& error) {  // out of memory, or a number the library can't hold
    return failure(error.what());
  }
}

// A type whose whole text is one object, with stacks where they stand.
template <typename T>
std::string object_text(const T& value) {
  return text_of(Writer().value_of(value));
}
template <typename T>
Result<T> parse_object(std::string_view text) {
  return reading([&] {
    const Parsed parsed = parse(text);
    Path path;
    T value;
    Reader(parsed, path).read(parsed, value);
    return value;
  });
}

}  // namespace chicane::json
