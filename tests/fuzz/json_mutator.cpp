// Mutations that keep most of a JSON text (or lines of it) JSON: mutated byte by byte, hardly one input in a thousand
// gets past the parser, and what reads its values is hardly ever asked. Half of the mutations stay libFuzzer's own.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed);

namespace {

struct Span {
  std::size_t begin, end;
};

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return std::min(at + 1, text.size());
}

bool is_scalar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

// Every value of the text, nested ones too; a member's name is left out, so that its value goes where it belongs.
std::vector<Span> values(std::string_view text) {
  std::vector<Span> all;
  std::vector<std::size_t> open;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const auto end = end_of_string(text, at);
      const auto next = text.find_first_not_of(" \n", end);
      if (next == std::string_view::npos || text[next] != ':') all.push_back({at, end});
      at = end;
    } else if (is_scalar(c)) {
      const auto begin = at;
      while (at < text.size() && is_scalar(text[at])) ++at;
      all.push_back({begin, at});
    } else {
      if (c == '{' || c == '[') open.push_back(at);
      if ((c == '}' || c == ']') && !open.empty()) {
        all.push_back({open.back(), at + 1});
        open.pop_back();
      }
      ++at;
    }
  }
  return all;
}

std::string member_name(std::string_view text, std::size_t value) {  // with its quotes and colon; empty: has none
  const auto colon = text.find_last_not_of(" \n", value == 0 ? 0 : value - 1);
  if (value == 0 || colon == std::string_view::npos || text[colon] != ':' || colon < 2) return {};
  const auto begin = text.rfind('"', colon - 2);
  return begin == std::string_view::npos ? std::string() : std::string(text.substr(begin, value - begin));
}

// What readers may trip over.
constexpr std::array<std::string_view, 24> words{"0",
                                                 "-1",
                                                 "1",
                                                 "4294967295",
                                                 "4294967296",
                                                 "9223372036854775807",
                                                 "18446744073709551615",
                                                 "-9223372036854775808",
                                                 "1e308",
                                                 "0.1",
                                                 "null",
                                                 "true",
                                                 "\"\"",
                                                 "\"f0\"",
                                                 "\"f18446744073709551616\"",
                                                 "\"\\u0000\"",
                                                 "[]",
                                                 "{}",
                                                 "[0]",
                                                 "\"h0\"",
                                                 "\"data_race\"",
                                                 "\"tsan\"",
                                                 "\"\\ud83d\\ude00\"",
                                                 "\"</script>\""};

using Random = std::minstd_rand;

std::size_t below(Random& random, std::size_t count) { return random() % count; }

std::string mutate(std::string text, Random& random) {
  const auto all = values(text);
  if (all.empty()) return text;
  const auto [begin, end] = all[below(random, all.size())];
  const auto [other, other_end] = all[below(random, all.size())];
  const std::string copy = text.substr(other, other_end - other);
  switch (below(random, 6)) {
    case 0: return text.replace(begin, end - begin, words[below(random, words.size())]);
    case 1: return text.replace(begin, end - begin, copy);
    case 2: return text.insert(end, "," + member_name(text, begin) + text.substr(begin, end - begin));  // once more
    case 3: {                                                                                           // without it
      const auto name = member_name(text, begin).size();
      const auto comma = text.find_first_not_of(" \n", end);
      const bool has_comma = comma != std::string::npos && text[comma] == ',';
      return text.erase(begin - name, (has_comma ? comma + 1 : end) - (begin - name));
    }
    case 4: {  // a line once more, for files of lines
      const auto first = text.rfind('\n', begin);
      const auto start = first == std::string::npos ? 0 : first + 1;
      const auto stop = text.find('\n', begin);
      return stop == std::string::npos ? text : text.insert(stop + 1, text.substr(start, stop + 1 - start));
    }
    default: return text.substr(0, text.find('\n', begin) == std::string::npos ? end : text.find('\n', begin) + 1);
  }
}

}  // namespace

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  Random random(seed);
  if (below(random, 2) == 0) return LLVMFuzzerMutate(data, size, most);
  std::string text(reinterpret_cast<const char*>(data), size);
  for (auto times = 1 + below(random, 3); times != 0; --times) text = mutate(std::move(text), random);
  const auto length = std::min(text.size(), most);
  std::memcpy(data, text.data(), length);
  return length;
}
