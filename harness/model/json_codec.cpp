#include "harness/model/json_codec.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chicane::json {

struct Parsed::Value {
  nlohmann::json root;  // looks members up fast, whatever the file holds
};

namespace {

const nlohmann::json& of(const void* value) { return *static_cast<const nlohmann::json*>(value); }

// Deeper than any of our files; far below what the library's recursive functions can take.
constexpr std::size_t deepest = 100;

void refuse_deep_nesting(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > deepest)
        throw Malformed{fmt::format("byte {}: nested deeper than {} levels: no file of Chicane is", i + 1, deepest)};
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
}

// The library's sentence without its name and number: "syntax error while parsing value - invalid literal; …".
std::string plain_words(std::string what) {
  if (const auto end = what.find("] "); what.starts_with('[') && end != std::string::npos) what.erase(0, end + 2);
  if (const auto at = what.find(": "); what.starts_with("parse error") && at != std::string::npos)
    what.erase(0, at + 2);
  return what;
}

}  // namespace

bool Writer::open(char bracket) {
  text_ += bracket;
  return std::exchange(first_, true);
}
void Writer::close(char bracket, bool outer) {
  text_ += bracket;
  first_ = outer;
}
void Writer::begin_element() {
  if (!std::exchange(first_, false)) text_ += ',';
}
void Writer::begin_member(std::string_view member) {
  begin_element();
  plain(member);
  text_ += ':';
}
void Writer::null() { text_ += "null"; }
void Writer::plain(double value) { text_ += nlohmann::json(value).dump(); }
void Writer::plain(std::string_view value) {
  const auto stands_for_itself = [](char c) { return c >= ' ' && c != '"' && c != '\\' && c <= '~'; };
  if (std::ranges::all_of(value, stands_for_itself))
    text_.append(1, '"').append(value).append(1, '"');
  else
    text_ += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}
void Writer::number(std::int64_t value) { fmt::format_to(std::back_inserter(text_), "{}", value); }
void Writer::number(std::uint64_t value) { fmt::format_to(std::back_inserter(text_), "{}", value); }
void Writer::composed(const Values& values) {
  object([&] {
    for (const auto& [key, value] : values) required(key, value);
  });
}

bool Node::is_null() const { return of(value_).is_null(); }
bool Node::is_object() const { return of(value_).is_object(); }
bool Node::is_array() const { return of(value_).is_array(); }
bool Node::is_string() const { return of(value_).is_string(); }
bool Node::is_whole() const { return of(value_).is_number_integer(); }
const char* Node::kind() const { return of(value_).is_number_float() ? "a fraction" : of(value_).type_name(); }
std::string Node::text() const { return of(value_).dump(); }
std::optional<Node> Node::find(std::string_view member) const {
  const auto found = of(value_).find(member);
  return found == of(value_).end() ? std::nullopt : std::optional(Node(&*found));
}
std::vector<std::pair<std::string_view, Node>> Node::members() const {
  std::vector<std::pair<std::string_view, Node>> all;
  all.reserve(of(value_).size());
  for (const auto& [member, value] : of(value_).get_ref<const nlohmann::json::object_t&>())
    all.emplace_back(member, Node(&value));
  return all;
}
std::size_t Node::size() const { return of(value_).size(); }
Node Node::operator[](std::size_t position) const { return Node(&of(value_)[position]); }
std::optional<bool> Node::boolean() const {
  return of(value_).is_boolean() ? std::optional(of(value_).get<bool>()) : std::nullopt;
}
std::optional<double> Node::number() const {
  return of(value_).is_number() ? std::optional(of(value_).get<double>()) : std::nullopt;
}
const std::string& Node::string() const { return of(value_).get_ref<const std::string&>(); }
std::optional<std::int64_t> Node::signed_whole() const {
  if (!is_whole() || (of(value_).is_number_unsigned() && !std::in_range<std::int64_t>(of(value_).get<std::uint64_t>())))
    return std::nullopt;
  return of(value_).get<std::int64_t>();
}
std::optional<std::uint64_t> Node::unsigned_whole() const {
  if (!is_whole() || (!of(value_).is_number_unsigned() && of(value_).get<std::int64_t>() < 0)) return std::nullopt;
  return of(value_).get<std::uint64_t>();
}

bool StackStore::Before::operator()(const Frame& a, const Frame& b) const {
  return std::tie(a.function, a.file, a.line, a.column, a.module) <
         std::tie(b.function, b.file, b.line, b.column, b.module);
}

std::size_t StackStore::index_of(const Stack& stack) {
  std::vector<std::size_t> indexes;
  indexes.reserve(stack.size());
  for (const auto& frame : stack) {
    const auto [at, is_new] = frame_index_.try_emplace(frame, frames_.size());
    if (is_new) frames_.push_back(frame);
    indexes.push_back(at->second);
  }
  const auto [at, is_new] = stack_index_.try_emplace(indexes, stacks_.size());
  if (is_new) stacks_.push_back(std::move(indexes));
  return at->second;
}

void Path::wrong(const std::string& what) const {
  std::string path;
  for (const auto& step : steps_) {
    if (!path.empty()) path += '/';
    if (const auto* member = std::get_if<std::string_view>(&step))
      path += *member;
    else
      path += std::to_string(std::get<std::size_t>(step));
  }
  throw Malformed{path.empty() ? what : path + ": " + what};
}

void Path::wrong_type(const char* expected, const Node& found) const {
  wrong(fmt::format("expected {}, found {}", expected, found.kind()));
}

void Path::wrong_word(const std::string& found, std::span<const std::string_view> known) const {
  wrong(fmt::format("unknown value '{}', known: {}", found, fmt::join(known, ", ")));
}

Stack StackShelf::at(std::size_t index, const Path& path) {
  if (index >= stacks.size())
    path.wrong(fmt::format("names stack {}, but this file has {} of them", index, stacks.size()));
  Stack stack;
  stack.reserve(std::min(stacks[index].size(), bytes_left_ / sizeof(Frame)));
  for (const std::size_t frame_index : stacks[index]) {
    const Frame& frame = frames[frame_index];  // checked when the table was read
    const std::size_t bytes = sizeof(Frame) + frame.function.size() + frame.file.size() + frame.module.size();
    if (bytes > bytes_left_) path.wrong("the stacks of this file are larger than 1 GiB when written out");
    bytes_left_ -= bytes;
    stack.push_back(frame);
  }
  return stack;
}

Node Reader::existing(const char* member) const {
  const auto found = object_.find(member);
  if (!found) path_.wrong("is missing");
  return *found;
}
std::int64_t Reader::whole(Node from, std::int64_t least, std::int64_t most) const {
  if (!from.is_whole()) path_.wrong_type("a whole number", from);
  const auto value = from.signed_whole();
  if (!value || *value < least || *value > most)
    path_.wrong(fmt::format("{} is out of range ({} to {})", from.text(), least, most));
  return *value;
}
std::uint64_t Reader::whole(Node from, std::uint64_t most) const {
  if (!from.is_whole()) path_.wrong_type("a whole number", from);
  const auto value = from.unsigned_whole();
  if (!value || *value > most) path_.wrong(fmt::format("{} is out of range (0 to {})", from.text(), most));
  return *value;
}
const std::string& Reader::string(Node from) const {
  if (!from.is_string()) path_.wrong_type("a string", from);
  return from.string();
}
void Reader::must_be_array(Node from) const {
  if (!from.is_array()) path_.wrong_type("an array", from);
}
std::vector<std::pair<std::string_view, Node>> Reader::members_of(Node from) const {
  if (!from.is_object()) path_.wrong_type("an object", from);
  return from.members();
}
void Reader::read_value(Node from, bool& value) {
  const auto read = from.boolean();
  if (!read) path_.wrong_type("true or false", from);
  value = *read;
}
void Reader::read_value(Node from, double& value) {
  const auto read = from.number();
  if (!read && !from.is_null()) path_.wrong_type("a number", from);
  value = read.value_or(std::numeric_limits<double>::quiet_NaN());  // no number is not 0
}
void Reader::read_value(Node from, Values& values) {
  std::map<std::string, double> read_ones;
  read_value(from, read_ones);
  values = read_ones;
}

Parsed::Parsed(std::string_view text) {
  refuse_deep_nesting(text);
  try {
    value_ = std::make_unique<Value>(nlohmann::json::parse(text));
  } catch (const nlohmann::json::parse_error& error) {
    if (error.byte > text.size())
      throw Malformed{
          fmt::format("the text ends at byte {} in the middle of a value: it is not complete "
                      "(was its writer interrupted?)",
                      text.size())};
    throw Malformed{fmt::format("byte {}: no JSON: {}", error.byte, plain_words(error.what()))};
  } catch (const nlohmann::json::exception& error) {
    throw Malformed{plain_words(error.what())};
  }
}
Parsed::Parsed(Parsed&&) noexcept = default;
Parsed& Parsed::operator=(Parsed&&) noexcept = default;
Parsed::~Parsed() = default;
Node Parsed::root() const { return Node(&value_->root); }

}  // namespace chicane::json
