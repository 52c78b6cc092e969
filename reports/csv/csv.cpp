// CSV (RFC 4180) of all measures and counters of all trials, in long form: a line a value. A spreadsheet takes a text
// that begins with =, +, - or @ for a formula, so such texts get an apostrophe before them; numbers stay as they are.
#include <string>

#include <fmt/format.h>

#include "reports/json_text.h"
#include "reports/render.h"
#include "reports/units.h"
#include "reports/visible.h"

namespace chicane {
namespace reports::csv {
namespace {

constexpr std::string_view end_of_line = "\r\n";
constexpr std::size_t part_bytes = std::size_t{1} << 16;

// Also in the wide forms that some spreadsheets read alike, and behind spaces that they drop.
bool is_formula(std::string_view text) {
  const auto from = text.find_first_not_of(' ');
  if (from == std::string_view::npos) return false;
  const auto rest = text.substr(from);
  if (std::string_view("=+-@").contains(rest.front())) return true;
  for (const std::string_view wide : {"＝", "＋", "－", "＠"})
    if (rest.starts_with(wide)) return true;
  return false;
}

std::string field(std::string_view text) {
  auto shown = visible(text);
  if (is_formula(shown)) shown.insert(0, 1, '\'');
  if (shown.find_first_of(",\"'") == std::string::npos && !shown.starts_with(' ') && !shown.ends_with(' '))
    return shown;
  std::string quoted = "\"";
  for (const char c : shown) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string words_of_args(const std::map<std::string, std::int64_t>& args) {
  std::string text;
  for (const auto& [axis, value] : args) text += fmt::format("{}{}={}", text.empty() ? "" : ";", axis, value);
  return text;
}

class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& out) : out_(out) {}
  ~Lines() { flush(); }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  void add(std::string_view start, std::string_view rest) {
    pending_.append(start).append(rest).append(end_of_line);
    if (pending_.size() >= part_bytes) flush();
  }

 private:
  void flush() {
    out_(pending_);
    pending_.clear();
  }
  const std::function<void(std::string_view)>& out_;
  std::string pending_;
};

void write_values(Lines& lines, std::string_view start, std::string_view type, const Values& values) {
  for (const auto& [name, value] : values)
    lines.add(start, fmt::format("{},{},{},{}", type, field(name), digits(value),
                                 type == "measure" ? unit_word(name) : std::string_view()));
}

}  // namespace
}  // namespace reports::csv

void write_csv(const Run& run, const std::function<void(std::string_view)>& out) {
  using namespace reports::csv;
  Lines lines(out);
  lines.add("trial,host,scenario,lane,kind,workers,args,round,calibration,status,", "type,measure,value,unit");
  for (const auto& trial : run.trials) {
    const auto start = fmt::format("{},{},{},{},{},{},{},{},{},{},", field(trial.id), field(trial.host.str()),
                                   field(trial.scenario.str()), name(trial.lane), name(trial.parameters.worker_kind),
                                   trial.parameters.workers, field(words_of_args(trial.parameters.args)), trial.round,
                                   trial.calibration ? "yes" : "no", name(trial.status));
    write_values(lines, start, "measure", trial.measures);
    write_values(lines, start, "counter", trial.counters);
    // What was measured of nothing was run all the same.
    if (trial.measures.empty() && trial.counters.empty()) lines.add(start, ",,,");
  }
}

std::string render_csv(const Run& run) {
  std::string text;
  write_csv(run, [&text](std::string_view part) { text += part; });
  return text;
}

}  // namespace chicane
