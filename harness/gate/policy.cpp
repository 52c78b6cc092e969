#include "harness/gate/policy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <numeric>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "harness/gate/measures.h"
#include "harness/supervisor/glob.h"

namespace chicane {
namespace {

// Levenshtein, Soviet Physics Doklady 10, 1966.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

struct Wrong {
  std::string message;
};

class PolicyReader {
 public:
  explicit PolicyReader(std::string file) : file_(std::move(file)) {}

  Policy read(const toml::table& table) {
    known(table, "", {"margin", "alpha", "detect", "must_judge", "measures", "scenario", "waive"});
    Policy policy;
    policy.margin = share(table, "margin");
    policy.alpha = share(table, "alpha");
    policy.detect = share(table, "detect");
    for (const auto& text : texts(table, "must_judge")) {
      const auto lane = word<Lane>(text);
      if (!lane)
        wrong(table, fmt::format("unknown lane '{}'; there are: {}", text, fmt::join(Spelling<Lane>::names, ", ")));
      policy.must_judge.push_back(*lane);
    }
    if (const auto* node = table.get("measures")) {
      const auto* measures = node->as_table();
      if (measures == nullptr) wrong(*node, "'measures' is a table, e.g. peak_resident_bytes = \"10%\"");
      for (const auto& [key, value] : *measures) {
        check_measure(value, key.str(), false);
        policy.measures[std::string(key.str())] = *share(*measures, key.str());
      }
    }
    each(table, "scenario", [&](const toml::table& one) { policy.rules.push_back(rule(one)); });
    each(table, "waive", [&](const toml::table& one) { policy.waivers.push_back(waiver(one)); });
    return policy;
  }

 private:
  [[noreturn]] void wrong(const toml::node& at, const std::string& what) const {
    throw Wrong{fmt::format("{}:{}: {}", file_, at.source().begin.line, what)};
  }

  void known(const toml::table& table, const std::string& of, std::initializer_list<std::string_view> names) const {
    for (const auto& [key, value] : table) {
      const std::string_view own = key.str();
      if (std::ranges::find(names, own) != names.end()) continue;
      const auto nearest = std::ranges::min(names, {}, [&](std::string_view name) { return distance(name, own); });
      wrong(value, fmt::format("unknown key '{}'{}; did you mean '{}'? (known: {})", own, of, nearest,
                               fmt::join(names, ", ")));
    }
  }
  void check_measure(const toml::node& at, std::string_view measure, bool time_too) const {
    static constexpr std::initializer_list<std::string_view> all{
        "peak_resident_bytes", "latency_p50_ns", "latency_p90_ns", "latency_p99_ns", "latency_p99_9_ns", "time"};
    if (measure == "time" ? time_too : std::ranges::find(all, measure) != all.end()) return;
    const auto nearest = std::ranges::min(all, {}, [&](std::string_view name) { return distance(name, measure); });
    wrong(at, fmt::format("the measure '{}' is not compared; {}", measure,
                          measure == time_measure || measure == "time"
                              ? "the margin of time is 'margin'"
                              : fmt::format("did you mean '{}'? (known: {})", nearest, fmt::join(all, ", "))));
  }
  std::string text(const toml::table& table, std::string_view key) const {
    const auto* node = table.get(key);
    if (node == nullptr) return {};
    const auto* value = node->as_string();
    if (value == nullptr) wrong(*node, fmt::format("'{}' is a text in quotes", key));
    return value->get();
  }
  std::vector<std::string> texts(const toml::table& table, std::string_view key) const {
    std::vector<std::string> values;
    const auto* node = table.get(key);
    if (node == nullptr) return values;
    const auto* list = node->as_array();
    if (list == nullptr) wrong(*node, fmt::format("'{}' is a list of texts, e.g. [\"tsan\"]", key));
    for (const auto& item : *list) {
      const auto* value = item.as_string();
      if (value == nullptr) wrong(item, fmt::format("'{}' is a list of texts in quotes", key));
      values.push_back(value->get());
    }
    return values;
  }
  std::optional<double> share(const toml::table& table, std::string_view key) const {
    const auto* node = table.get(key);
    if (node == nullptr) return std::nullopt;
    const auto value = parse_share(text(table, key));
    if (!value) wrong(*node, fmt::format("'{}': {}", key, value.error().message));
    return *value;
  }
  template <typename Take>
  void each(const toml::table& table, std::string_view key, Take take) const {
    const auto* node = table.get(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr || !list->is_homogeneous(toml::node_type::table))
      wrong(*node, fmt::format("write [[{}]] above each one", key));
    for (const auto& one : *list) take(*one.as_table());
  }
  ScenarioRule rule(const toml::table& one) const {
    known(one, " of [[scenario]]", {"id", "margin", "detect", "ignore", "reason"});
    ScenarioRule rule{text(one, "id"), share(one, "margin"), share(one, "detect"), texts(one, "ignore"),
                      text(one, "reason")};
    if (rule.glob.empty()) wrong(one, "[[scenario]] has no 'id' (an id or a glob, e.g. \"queue/*\")");
    if (!rule.ignore.empty() && rule.reason.empty()) wrong(one, "what is ignored needs a 'reason'");
    for (auto& measure : rule.ignore) {
      check_measure(one, measure, true);
      if (measure == "time") measure = time_measure;
    }
    return rule;
  }
  Waiver waiver(const toml::table& one) const {
    known(one, " of [[waive]]", {"scenario", "kind", "fingerprint", "reason", "until"});
    Waiver waiver;
    waiver.scenario = text(one, "scenario");
    waiver.fingerprint = text(one, "fingerprint");
    waiver.reason = text(one, "reason");
    if (const auto kind = text(one, "kind"); !kind.empty()) {
      waiver.kind = word<FindingKind>(kind);
      if (!waiver.kind)
        wrong(*one.get("kind"), fmt::format("unknown kind of finding '{}'; there are: {}", kind,
                                            fmt::join(Spelling<FindingKind>::names, ", ")));
    }
    const auto* until = one.get("until");
    const auto* date = until == nullptr ? nullptr : until->as_date();
    if (date == nullptr) wrong(one, "a [[waive]] has a date on which it ends: until = 2026-12-31 (without quotes)");
    waiver.until = fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day);
    if (waiver.reason.empty()) wrong(one, "a [[waive]] has a 'reason'");
    if (waiver.fingerprint.empty() && (waiver.scenario.empty() || !waiver.kind))
      wrong(one, "a [[waive]] names a 'fingerprint', or a 'scenario' and a 'kind'");
    if (waiver.scenario.empty()) waiver.scenario = "*";
    return waiver;
  }

  std::string file_;
};

std::string in_words(const Waiver& waiver) {
  std::string what = waiver.scenario;
  if (waiver.kind) what += fmt::format(" {}", name(*waiver.kind));
  if (!waiver.fingerprint.empty()) what += fmt::format(" {}", waiver.fingerprint);
  return what;
}

}  // namespace

Result<double> parse_share(const std::string& text) {
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest + 1 != end || *rest != '%' || !(value > 0) || value > 1000)
    return failure(fmt::format("'{}' is no share; write it like 2% or 0.5%", text));
  return value / 100;
}

Result<Policy> parse_policy(const std::string& text, const std::string& file) {
  try {
    return PolicyReader(file).read(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    return failure(fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  } catch (const Wrong& error) {
    return failure(error.message);
  }
}

void apply(const Policy& policy, GateSubject& subject) {
  for (const auto& [measure, margin] : policy.measures) subject.other_margins[measure] = margin;
  for (const auto& rule : policy.rules) {
    if (!matches_glob(rule.glob, subject.scenario)) continue;
    subject.margin = rule.margin.value_or(subject.margin);
    subject.detect = rule.detect.value_or(subject.detect);
    // What is within the margin never fails, so there is nothing to detect there.
    if (subject.detect <= subject.margin) subject.detect = subject.margin * detect_in_margins;
    for (const auto& measure : rule.ignore) subject.other_margins.erase(measure), subject.ignored.insert(measure);
  }
}

std::vector<std::string> waive(const Policy& policy, const std::string& today, std::vector<GateFinding>& findings) {
  std::vector<std::string> notes;
  for (const auto& waiver : policy.waivers) {
    const bool holds = today <= waiver.until;  // both are written year first
    std::size_t used = 0;
    for (auto& finding : findings) {
      if (!matches_glob(waiver.scenario, finding.scenario) || (waiver.kind && *waiver.kind != finding.kind) ||
          (!waiver.fingerprint.empty() && waiver.fingerprint != finding.fingerprint))
        continue;
      ++used;
      if (holds) finding.waived = fmt::format("{} (until {})", waiver.reason, waiver.until);
    }
    if (used == 0)
      notes.push_back(fmt::format("the waiver of {} was not needed: nothing of it was found", in_words(waiver)));
    else if (!holds)
      notes.push_back(
          fmt::format("the waiver of {} ended on {}: what it covered counts again", in_words(waiver), waiver.until));
    else
      notes.push_back(fmt::format("{} waived until {}: {}", in_words(waiver), waiver.until, waiver.reason));
  }
  return notes;
}

}  // namespace chicane
