// Reads and writes the model's types as JSON. Each type is described once, by members(codec, value), for both ways, so
// that what is written is what is read. Internal to this folder. The JSON library stays in json_codec.cpp, and what
// depends on no type does too: a hundred described types would compile it all a hundred times.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/finding.h"
#include "harness/model/name.h"
#include "harness/model/values.h"
#include "harness/model/words.h"

namespace chicane::json {

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

// An optional member is left out where it says nothing.
template <typename T>
bool says_something(const T& value) {
  if constexpr (requires { value.has_value(); })
    return value.has_value();
  else if constexpr (requires { value.empty(); })
    return !value.empty();
  else
    return !(value == T{});
}

template <typename T>
concept Spelled = std::is_enum_v<T> && requires { Spelling<T>::names; };

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

// Appends values to one line of text, members in the order in which they are described. Bytes that are no UTF-8 (a
// scenario's output may hold any) become U+FFFD; NaN and infinity become null. What writes a member, and what reads one
// below, is one function for each type and never inlined: half the code, and half the time to compile it.
class Writer {
 public:
  // `stacks`: where stacks are stored and referred to; null: they are written where they stand.
  explicit Writer(StackStore* stacks = nullptr) : stacks_(stacks) {}

  template <typename T>
  [[gnu::noinline]] void required(std::string_view member, const T& value) {
    begin_member(member);
    this->value(value);
  }
  template <typename T>
  [[gnu::noinline]] void optional(std::string_view member, const T& value) {
    if (says_something(value)) required(member, value);
  }
  template <std::integral T>
  void optional(std::string_view member, T value, std::type_identity_t<T> absent) {
    if (value != absent) required(member, value);
  }
  template <typename T>
  void value(const T& value) {
    if constexpr (Spelled<T>)
      plain(name(value));
    else if constexpr (std::integral<T> && !std::same_as<T, bool>)
      whole(value);
    else if constexpr (std::is_arithmetic_v<T> || std::convertible_to<T, std::string_view>)
      plain(value);
    else
      composed(value);
  }
  // An object whose members `write` writes.
  template <typename Write>
  void object(const Write& write) {
    const bool outer = open('{');
    write();
    close('}', outer);
  }
  std::string take() { return std::move(text_); }

 private:
  bool open(char bracket);  // returns what close() needs
  void close(char bracket, bool outer);
  void begin_element();
  void begin_member(std::string_view member);
  void null();
  void plain(std::same_as<bool> auto value) { text_ += value ? "true" : "false"; }  // no pointer
  void plain(double value);
  void plain(std::string_view value);
  void whole(std::signed_integral auto value) { number(std::int64_t{value}); }
  void whole(std::unsigned_integral auto value) { number(std::uint64_t{value}); }
  void number(std::int64_t value);
  void number(std::uint64_t value);

  template <typename T>
  void composed(const std::optional<T>& value) {
    if (value)
      this->value(*value);
    else
      null();
  }
  template <typename T>
  void composed(const std::vector<T>& values) {
    const bool outer = open('[');
    for (const auto& value : values) {
      begin_element();
      this->value(value);
    }
    close(']', outer);
  }
  template <typename T>
  void composed(const std::map<std::string, T>& values) {
    object([&] {
      for (const auto& [key, value] : values) required(key, value);
    });
  }
  void composed(const Name& value) { plain(value.str()); }
  void composed(const Values& values);
  void composed(const Stack& stack) {
    if (stacks_ != nullptr)
      value(stacks_->index_of(stack));
    else
      composed<Frame>(stack);
  }
  template <typename T>
  void composed(const T& value) {
    object([&] { members(*this, value); });
  }

  std::string text_;
  StackStore* stacks_;
  bool first_ = true;  // no element or member of the innermost array or object yet
};

// A value of a parsed text; not to be used after its Parsed has ended.
class Node {
 public:
  explicit Node(const void* value) : value_(value) {}

  bool is_null() const;
  bool is_object() const;
  bool is_array() const;
  bool is_string() const;
  const char* kind() const;                                        // in words: "a fraction"
  std::string text() const;                                        // as JSON, on one line
  std::optional<Node> find(std::string_view member) const;         // of an object
  std::vector<std::pair<std::string_view, Node>> members() const;  // of an object, by name
  std::size_t size() const;                                        // of an array
  Node operator[](std::size_t position) const;                     // of an array
  std::optional<bool> boolean() const;
  std::optional<double> number() const;
  const std::string& string() const;                 // of a string
  std::optional<std::int64_t> signed_whole() const;  // of what is no whole number, or does not fit: none
  std::optional<std::uint64_t> unsigned_whole() const;
  bool is_whole() const;

 private:
  const void* value_;
};

// The text as a value; throws Malformed for what is no JSON (with the byte), or nests deeper than any of our files.
class Parsed {
 public:
  explicit Parsed(std::string_view text);
  Parsed(Parsed&&) noexcept;
  Parsed& operator=(Parsed&&) noexcept;
  ~Parsed();
  Node root() const;

 private:
  struct Value;
  std::unique_ptr<Value> value_;
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
  [[noreturn]] void wrong_type(const char* expected, const Node& found) const;
  [[noreturn]] void wrong_word(const std::string& found, std::span<const std::string_view> known) const;

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
  Reader(Node object, Path& path, StackShelf* shelf = nullptr) : object_(object), path_(path), shelf_(shelf) {
    if (!object_.is_object()) path_.wrong_type("an object", object_);
  }

  template <typename T>
  [[gnu::noinline]] void required(const char* member, T& value) {
    const Path::Entered entered(path_, std::string_view(member));
    read(existing(member), value);
  }
  template <typename T>
  [[gnu::noinline]] void optional(const char* member, T& value) {
    if (!read_if_there(member, value)) value = T{};
  }
  template <std::integral T>
  void optional(const char* member, T& value, std::type_identity_t<T> absent) {
    if (!read_if_there(member, value)) value = absent;
  }

  template <typename T>
  void read(Node from, T& value) {
    if constexpr (Spelled<T>)
      read_word(from, value);
    else if constexpr (std::signed_integral<T>)
      value = static_cast<T>(whole(from, std::int64_t{std::numeric_limits<T>::min()}, std::numeric_limits<T>::max()));
    else if constexpr (std::unsigned_integral<T> && !std::same_as<T, bool>)
      value = static_cast<T>(whole(from, std::uint64_t{std::numeric_limits<T>::max()}));
    else
      read_value(from, value);
  }

 private:
  template <typename T>
  bool read_if_there(const char* member, T& value) {
    const auto found = object_.find(member);
    if (!found || found->is_null()) return false;
    const Path::Entered entered(path_, std::string_view(member));
    read(*found, value);
    return true;
  }
  Node existing(const char* member) const;
  std::int64_t whole(Node from, std::int64_t least, std::int64_t most) const;
  std::uint64_t whole(Node from, std::uint64_t most) const;
  const std::string& string(Node from) const;
  void must_be_array(Node from) const;
  std::vector<std::pair<std::string_view, Node>> members_of(Node from) const;

  template <Spelled T>
  void read_word(Node from, T& value) {
    const auto& text = string(from);
    const auto found = word<T>(text);
    if (!found) path_.wrong_word(text, Spelling<T>::names);
    value = *found;
  }
  void read_value(Node from, bool& value);
  void read_value(Node from, double& value);
  void read_value(Node from, std::string& value) { value = string(from); }
  void read_value(Node from, Name& value) { value = string(from); }
  template <typename T>
  void read_value(Node from, std::optional<T>& value) {
    value.reset();
    if (!from.is_null()) read(from, value.emplace());
  }
  template <typename T>
  void read_value(Node from, std::vector<T>& values) {
    must_be_array(from);
    const auto size = from.size();
    values.clear();
    values.reserve(size);
    for (std::size_t i = 0; i < size; ++i) {
      const Path::Entered entered(path_, i);
      read(from[i], values.emplace_back());
    }
  }
  template <typename T>
  void read_value(Node from, std::map<std::string, T>& values) {
    values.clear();
    for (const auto& [key, item] : members_of(from)) {
      if (item.is_null()) continue;  // NaN when it was written: no value
      const Path::Entered entered(path_, key);
      read(item, values[std::string(key)]);
    }
  }
  void read_value(Node from, Values& values);
  void read_value(Node from, Stack& stack) {
    if (shelf_ == nullptr) return read_value<Frame>(from, stack);
    std::size_t index = 0;
    read(from, index);
    stack = shelf_->at(index, path_);
  }
  template <typename T>
  void read_value(Node from, T& value) {
    Reader reader(from, path_, shelf_);
    members(reader, value);
  }

  Node object_;
  Path& path_;
  StackShelf* shelf_;
};

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
  Writer writer;
  writer.value(value);
  return writer.take();
}
template <typename T>
Result<T> parse_object(std::string_view text) {
  return reading([&] {
    const Parsed parsed(text);
    Path path;
    T value;
    Reader(parsed.root(), path).read(parsed.root(), value);
    return value;
  });
}

}  // namespace chicane::json
