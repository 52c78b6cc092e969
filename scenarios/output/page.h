// What workers print on: a stream buffer in memory whose every write is whole, as a file opened for appending is. What
// can be torn is a line that takes several writes. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <streambuf>
#include <string>
#include <string_view>

class Page : public std::streambuf {
 public:
  explicit Page(std::size_t bytes) : text_(bytes, '\0') {}

  std::string_view text() const { return std::string_view(text_).substr(0, std::min(end_.load(), text_.size())); }

 protected:
  std::streamsize xsputn(const char* from, std::streamsize count) override {
    const auto size = static_cast<std::size_t>(count);
    const std::size_t begin = end_.fetch_add(size);
    if (begin + size > text_.size()) return 0;
    std::copy_n(from, size, text_.begin() + static_cast<std::ptrdiff_t>(begin));
    return count;
  }
  int_type overflow(int_type character) override {
    const char one = traits_type::to_char_type(character);
    return xsputn(&one, 1) == 1 ? character : traits_type::eof();
  }

 private:
  std::string text_;
  std::atomic<std::size_t> end_{0};
};
