// Workers print numbered lines on one page, each line in several pieces, as `stream << a << b` does. The check parses
// the page: every line must be whole, and each worker's lines must be there, once and in order. How a line is printed
// is the twin's business: void print(Page&, std::uint32_t worker, std::uint64_t number).
#pragma once

#include <chicane/scenario.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/output/page.h"

// "worker 3 line 17\n": at most 40 characters.
inline constexpr std::size_t longest_line = 40;

template <typename Printer>
struct Printing {
  Page page;
  Printer printer;
  std::uint32_t workers;

  explicit Printing(const chicane::Setup& setup)
      : page(setup.workers() * setup.turns() * longest_line), workers(setup.workers()) {}

  void work(chicane::Worker& worker) {
    std::uint64_t number = 0;
    for (auto _ : worker) printer.print(page, worker.index(), number++);
  }
  void check(chicane::Check& check) const {
    std::vector<std::uint64_t> next(workers);  // each worker's next line
    std::uint64_t lines = 0;
    std::string_view left = page.text();
    for (std::size_t end; (end = left.find('\n')) != std::string_view::npos; left.remove_prefix(end + 1), ++lines) {
      const std::string_view line = left.substr(0, end);
      std::uint64_t worker = 0, number = 0;
      if (read(line, worker, number) && worker < workers && number == next[worker]++) continue;
      return check.fail_as("torn_output", "lines", "line " + std::to_string(lines) + " reads: " + std::string(line));
    }
    if (lines != check.operations() || !left.empty())
      check.fail_as("torn_output", "lines",
                    std::to_string(lines) + " whole lines, expected " + std::to_string(check.operations()));
  }

 private:
  static bool read(std::string_view line, std::uint64_t& worker, std::uint64_t& number) {
    return take(line, "worker ") && take(line, worker) && take(line, " line ") && take(line, number) && line.empty();
  }
  static bool take(std::string_view& line, std::string_view word) {
    if (!line.starts_with(word)) return false;
    line.remove_prefix(word.size());
    return true;
  }
  static bool take(std::string_view& line, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (error != std::errc()) return false;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    return true;
  }
};
