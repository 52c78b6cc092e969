#include "reports/picture.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "reports/figures.h"
#include "reports/places.h"
#include "reports/visible.h"

namespace chicane {
namespace reports {

std::string words_of(const PictureStep& step) {
  std::string text = step.does;
  const bool changes = !step.reads.empty() && !step.writes.empty();
  if (!step.object.empty()) text += " " + step.object;
  if (changes)
    text += fmt::format(": {} → {}", step.reads, step.writes);
  else if (!step.reads.empty())
    text += ": " + step.reads;
  else if (!step.writes.empty())
    text += " ← " + step.writes;
  if (!step.note.empty()) text += fmt::format(" ({})", step.note);
  return text;
}

std::string state_of(const PictureStep& step) {
  std::string text;
  for (const auto& lock : step.holds) text += (text.empty() ? "holds " : ", ") + lock;
  if (!step.waits_for.empty() && step.object != step.waits_for)
    text += (text.empty() ? "waits for " : ", waits for ") + step.waits_for;
  return text;
}

std::string source_line(const PictureStep& step, const std::vector<Source>& sources) {
  if (step.stack.empty()) return {};
  const auto& frame = step.stack.front();
  for (const auto& source : sources)
    if (source.file == frame.file && frame.line >= source.first_line &&
        frame.line - source.first_line < source.lines.size()) {
      const std::string_view line = source.lines[frame.line - source.first_line];
      const auto from = line.find_first_not_of(" \t");
      return from == std::string_view::npos ? std::string() : std::string(line.substr(from));
    }
  return {};
}

std::string schedule_name(const Run& run, std::size_t finding) {
  const auto& found = run.findings[finding];
  if (found.evidence.schedule.empty()) return {};
  const auto id = fmt::format("f{}", finding);
  std::string scenario = "unknown";
  for (const auto& trial : run.trials)
    if (std::ranges::find(trial.findings, id, &SeenFinding::ref) != trial.findings.end()) {
      scenario = trial.scenario;
      break;
    }
  std::ranges::replace(scenario, '/', '-');
  return fmt::format("{}-{}-{}.schedule", scenario, name(found.kind), found.fingerprint.substr(0, 8));
}

std::string column_title(const Evidence& evidence, std::uint32_t thread) {
  return capitalized(thread_name(evidence, thread));
}

namespace {

constexpr std::size_t narrowest_column = 26;
constexpr std::size_t gutter = 2;

// A place's own line, so that the file's folder, the same in all steps, may go.
std::string short_place(const PictureStep& step) {
  if (step.stack.empty()) return {};
  const auto& frame = step.stack.front();
  const auto slash = frame.file.rfind('/');
  const auto file = slash == std::string::npos ? frame.file : frame.file.substr(slash + 1);
  const auto function = normalized_function(frame.function);
  return frame.line == 0 ? function : fmt::format("{} {}:{}", function, file, frame.line);
}

// In lines of at most `width` columns, broken at spaces where there are any.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  const auto end_line = [&] {
    lines.push_back(std::move(line));
    line.clear();
  };
  std::size_t at = 0;
  while (at < text.size()) {
    auto end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    std::string word = text.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && columns(line) + 1 + columns(word) > width) end_line();
    if (!line.empty()) line += ' ';
    while (columns(word) > width && line.empty()) {  // cut where it must be, between characters
      std::size_t cut = 0, taken = 0;
      while (cut < word.size() && taken < width) {
        ++cut;
        while (cut < word.size() && (static_cast<unsigned char>(word[cut]) & 0xc0) == 0x80) ++cut;
        taken = columns(std::string_view(word).substr(0, cut));
      }
      line = word.substr(0, cut);
      word.erase(0, cut);
      end_line();
    }
    line += word;
  }
  if (!line.empty()) end_line();
  return lines;
}

class Table {
 public:
  Table(const Evidence& evidence, const std::vector<Source>& sources, std::size_t width)
      : evidence_(evidence), picture_(*evidence.picture), sources_(sources) {
    const auto threads = std::max<std::size_t>(picture_.threads.size(), 1);
    const auto fitting = width > gutter ? (width - gutter) / threads : 0;
    side_by_side_ = fitting >= narrowest_column;
    column_ = side_by_side_ ? fitting : std::max<std::size_t>(width > 8 ? width - 8 : 20, 20);
  }

  std::string take() {
    if (side_by_side_) {
      std::vector<std::string> titles;
      for (const auto thread : picture_.threads) titles.push_back(column_title(evidence_, thread));
      std::string line(gutter, ' '), rule = line;
      for (const auto& title : titles) {
        line += padded(title);
        rule += padded(std::string(std::min(column_ - 2, std::size_t{24}), '-'));
      }
      out_ += trimmed(line) + "\n" + trimmed(rule) + "\n";
    }
    for (const auto& step : picture_.steps) write(step);
    return std::move(out_);
  }

 private:
  void write(const PictureStep& step) {
    if (step.left_out != 0) out_ += fmt::format("  … {} not shown\n", plural(step.left_out, "step"));
    if (step.matters && step.switched) out_ += "  ── here another thread goes on ──\n";
    std::vector<std::string> lines = wrapped(visible(words_of(step)), column_ - 2);
    const auto add = [&](const std::string& text, const char* mark) {
      for (auto& line : wrapped(text, column_ - 4)) lines.push_back(mark + std::move(line));
    };
    add(visible(short_place(step)), "  ");
    if (const auto source = visible(source_line(step, sources_)); !source.empty()) add(source, "│ ");
    if (const auto state = visible(state_of(step)); !state.empty()) add("[" + state + "]", "  ");
    const auto at =
        static_cast<std::size_t>(std::ranges::find(picture_.threads, step.thread) - picture_.threads.begin());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string line = i == 0 && step.matters ? "▶ " : "  ";
      if (side_by_side_)
        line += std::string(at * column_, ' ');
      else
        line += i == 0 ? fmt::format("{:<6}", fmt::format("T{}", step.thread)) : std::string(6, ' ');
      out_ += trimmed(line + lines[i]) + "\n";
    }
  }
  std::string padded(const std::string& text) const {
    std::string cell = wrapped(visible(text), column_ - 2).empty() ? "" : wrapped(visible(text), column_ - 2).front();
    const auto taken = columns(cell);
    return cell + std::string(column_ > taken ? column_ - taken : 1, ' ');
  }
  static std::string trimmed(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  }

  const Evidence& evidence_;
  const Picture& picture_;
  const std::vector<Source>& sources_;
  bool side_by_side_ = true;
  std::size_t column_ = 0;
  std::string out_;
};

}  // namespace
}  // namespace reports

std::string render_picture(const Finding& finding, const std::vector<Source>& sources, unsigned width) {
  if (!finding.evidence.picture || finding.evidence.picture->steps.empty()) return {};
  return reports::Table(finding.evidence, sources, width).take();
}

}  // namespace chicane
