#include "harness/supervisor/progress.h"

#include <unistd.h>

#include <fmt/format.h>

namespace chicane {
namespace {

std::string words(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  if (seconds < 60) return fmt::format("{} s", seconds);
  return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
}

}  // namespace

std::string progress_line(const TrialEnded& ended) {
  const auto total = std::max(ended.total, 1u);
  return fmt::format("{:>5}/{}  {:>3} %  {} {}  about {} left", ended.done, ended.total, 100 * ended.done / total,
                     name(ended.trial.lane), ended.trial.scenario, words(ended.left));
}

Progress::Progress(std::FILE* out)
    : out_(out), terminal_(isatty(fileno(out)) == 1), last_(std::chrono::steady_clock::now()) {}

void Progress::operator()(const TrialEnded& ended) {
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::milliseconds pause(terminal_ ? 100 : 5000);
  if (now - last_ < pause) return;
  last_ = now;
  const auto line = progress_line(ended);
  if (terminal_)
    fmt::print(out_, "\r\033[K{}", line.substr(0, 79));
  else
    fmt::print(out_, "{}\n", line);
  open_line_ = terminal_;
  std::fflush(out_);
}

void Progress::finish() {
  if (open_line_) fmt::print(out_, "\r\033[K");
  std::fflush(out_);
}

}  // namespace chicane
