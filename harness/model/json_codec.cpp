#include "harness/model/json_codec.h"

#include <algorithm>
#include <tuple>

namespace chicane::json {
namespace {

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

std::string text_of(const Written& value) { return value.dump(-1, ' ', false, Written::error_handler_t::replace); }

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

void Path::wrong_type(const char* expected, const Parsed& found) const {
  wrong(fmt::format("expected {}, found {}", expected, found.is_number_float() ? "a fraction" : found.type_name()));
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

Parsed parse(std::string_view text) {
  refuse_deep_nesting(text);
  try {
    return Parsed::parse(text);
  } catch (const Parsed::parse_error& error) {
    if (error.byte > text.size())
      throw Malformed{
          fmt::format("the text ends at byte {} in the middle of a value: it is not complete "
                      "(was its writer interrupted?)",
                      text.size())};
    throw Malformed{fmt::format("byte {}: no JSON: {}", error.byte, plain_words(error.what()))};
  } catch (const Parsed::exception& error) {
    throw Malformed{plain_words(error.what())};
  }
}

}  // namespace chicane::json
