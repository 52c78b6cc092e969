// run.json: docs/formats.md explains its members, reports/schema/run.schema.json defines them.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "harness/model/json.h"
#include "harness/model/json_codec.h"
#include "harness/model/json_members.h"

namespace chicane {

struct Tool {
  std::string version;
  std::string revision;
};

void members(auto& codec, json::Like<Tool> auto& tool) {
  codec.required("version", tool.version);
  codec.optional("revision", tool.revision);
}
void members(auto& codec, json::Like<Source> auto& source) {
  codec.required("file", source.file);
  codec.required("first_line", source.first_line);
  codec.required("lines", source.lines);
}
void members(auto& codec, json::Like<Estimate> auto& estimate) {
  codec.required("median", estimate.median);
  codec.optional("low", estimate.low);
  codec.optional("high", estimate.high);
  codec.required("rounds", estimate.rounds);
}
void members(auto& codec, json::Like<Summary> auto& summary) {
  codec.required("scenario", summary.scenario);
  codec.required("lane", summary.lane);
  members(codec, summary.parameters);
  codec.optional("oversubscribed", summary.oversubscribed);
  codec.required("right", summary.right);
  codec.optional("why_not_ranked", summary.why_not_ranked);
  codec.optional("measures", summary.measures);
  codec.optional("counters", summary.counters);
  codec.optional("host", summary.host);
  codec.optional("build", summary.build);
}
void members(auto& codec, json::Like<Fitted> auto& fitted) {
  codec.required("value", fitted.value);
  codec.required("low", fitted.low);
  codec.required("high", fitted.high);
}
void members(auto& codec, json::Like<FitPoint> auto& point) {
  codec.required("size", point.size);
  codec.required("operations_per_second", point.operations_per_second);
  codec.optional("oversubscribed", point.oversubscribed);
}
void members(auto& codec, json::Like<Fit> auto& fit) {
  codec.required("scenario", fit.scenario);
  codec.required("worker_kind", fit.worker_kind);
  codec.required("with", fit.with);
  codec.optional("args", fit.args);
  codec.optional("host", fit.host);
  codec.optional("build", fit.build);
  codec.required("points", fit.points);
  codec.optional("why_not", fit.why_not);
  codec.optional("one_alone", fit.one_alone);
  codec.optional("contention", fit.contention);
  codec.optional("coherence", fit.coherence);
  codec.optional("peak_size", fit.peak_size);
  codec.optional("peak_operations_per_second", fit.peak_operations_per_second);
  codec.optional("why_no_peak", fit.why_no_peak);
  codec.optional("serial_share", fit.serial_share);
  codec.optional("largest_misfit", fit.largest_misfit);
}
void members(auto& codec, json::Like<VerdictDetail> auto& detail) {
  members(codec, detail.parameters);
  codec.required("verdict", detail.verdict);
  codec.optional("why", detail.why);
  codec.required("trials", detail.trials);
}
void members(auto& codec, json::Like<Confidence> auto& confidence) {
  codec.required("processes", confidence.processes);
  codec.required("operations", confidence.operations);
  codec.optional("says", confidence.says);
}
void members(auto& codec, json::Like<ScenarioVerdict> auto& verdict) {
  codec.required("scenario", verdict.scenario);
  codec.required("lane", verdict.lane);
  codec.required("verdict", verdict.verdict);
  codec.required("why", verdict.why);
  codec.required("confidence", verdict.confidence);
  codec.optional("declared", verdict.declared);
  codec.optional("undeclared", verdict.undeclared);
  codec.required("detail", verdict.detail);
}
void members(auto& codec, json::Like<Claim> auto& claim) {
  codec.required("id", claim.id);
  codec.required("language", claim.language);
  codec.required("says", claim.says);
  codec.required("figure", claim.figure);
  codec.optional("unit", claim.unit);
  codec.optional("value", claim.value);
  codec.optional("low", claim.low);
  codec.optional("high", claim.high);
  codec.required("holds_if", claim.holds_if);
  codec.required("grade", claim.grade);
  codec.optional("why", claim.why);
  codec.required("scenarios", claim.scenarios);
}
void members(auto& codec, json::Like<Choice> auto& choice) {
  codec.required("language", choice.language);
  codec.required("work", choice.work);
  codec.required("way", choice.way);
  codec.optional("scenario", choice.scenario);
  codec.optional("relative_time", choice.relative_time);
  codec.optional("time_ns", choice.time_ns);
  codec.optional("low", choice.low);
  codec.optional("high", choice.high);
  codec.optional("bytes", choice.bytes);
  codec.optional("best", choice.best);
  codec.optional("why", choice.why);
}
void members(auto& codec, json::Like<Origin> auto& origin) {
  codec.required("id", origin.id);
  codec.optional("file", origin.file);
  codec.required("started", origin.started);
  codec.optional("ended", origin.ended);
  codec.required("seed", origin.seed);
  codec.required("complete", origin.complete);
  codec.required("tool_version", origin.tool_version);
  codec.optional("tool_revision", origin.tool_revision);
  codec.required("command", origin.command);
  codec.required("hosts", origin.hosts);
}
void members(auto& codec, json::Like<Gap> auto& gap) {
  codec.required("scenario", gap.scenario);
  codec.required("lane", gap.lane);
  codec.optional("error", gap.error);
  codec.required("reason", gap.reason);
}

// The members that hold no stacks, before and after those that do (which both ways treat on their own).
void first_members(auto& codec, json::Like<Run> auto& run, json::Like<Tool> auto& tool) {
  codec.required("id", run.id);
  codec.required("started", run.started);
  codec.optional("ended", run.ended);
  codec.optional("duration_ns", run.duration_ns);
  codec.optional("outside_trials_ns", run.outside_trials_ns);
  codec.required("seed", run.seed);
  codec.required("complete", run.complete);
  codec.required("tool", tool);
  codec.required("command", run.command);
  codec.required("lanes", run.lanes);
  codec.optional("merged_from", run.merged_from);
  codec.required("notes", run.notes);
  codec.required("hosts", run.hosts);
  codec.required("builds", run.builds);
  codec.required("scenarios", run.scenarios);
}
void last_members(auto& codec, json::Like<Run> auto& run) {
  codec.required("gaps", run.gaps);
  codec.required("verdicts", run.verdicts);
  codec.required("summaries", run.summaries);
  codec.optional("fits", run.fits);
  codec.optional("claims", run.claims);
  codec.optional("choices", run.choices);
  codec.required("trials", run.trials);
  codec.required("sources", run.sources);
}

namespace {

constexpr std::string_view schema_family = "chicane.run/";
constexpr std::array<std::string_view, 27> known_members{
    "schema", "id",       "started",    "ended",   "duration_ns", "outside_trials_ns",
    "seed",   "complete", "tool",       "command", "lanes",       "notes",
    "hosts",  "builds",   "scenarios",  "gaps",    "verdicts",    "summaries",
    "fits",   "claims",   "choices",    "trials",  "sources",     "frames",
    "stacks", "findings", "merged_from"};

bool is_known(std::string_view member) { return std::ranges::find(known_members, member) != known_members.end(); }

std::string finding_id(std::size_t position) { return "f" + std::to_string(position); }

// Members one below the other, elements of arrays too: a diff, grep or editor can work with the file.
// A codec, too: what is described as a member goes out at once, so that a long list is never a whole text.
class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& out) : out_(out) {}

  void member(std::string_view name, std::string_view text) {
    begin(name);
    out_(text);
  }
  // `text_of`: an element's.
  template <typename All, typename Text>
  void elements(std::string_view name, const All& all, const Text& text_of) {
    begin(name);
    bool first = true;
    for (const auto& element : all) {
      out_(first ? "[\n    " : ",\n    ");
      out_(text_of(element));
      first = false;
    }
    out_(first ? "[]" : "\n  ]");
  }
  void unknown_member(std::string_view name, json::Node value) {
    if (!value.is_array() || value.size() == 0 || value[0].is_string()) return member(name, value.text());
    std::vector<json::Node> all;
    for (std::size_t i = 0; i < value.size(); ++i) all.push_back(value[i]);
    elements(name, all, [](json::Node element) { return element.text(); });
  }
  void end() { out_("\n}\n"); }

  template <typename T>
  void required(const char* name, const T& value) {
    member(name, json::object_text(value));
  }
  template <typename T>
  void required(const char* name, const std::vector<T>& values) {
    if constexpr (std::is_class_v<T> && !std::same_as<T, std::string>)
      elements(name, values, json::object_text<T>);
    else
      member(name, json::object_text(values));
  }
  template <typename T>
  void optional(const char* name, const T& value) {
    if (json::says_something(value)) required(name, value);
  }

 private:
  void begin(std::string_view name) {
    out_(first_ ? "{\n  " : ",\n  ");
    out_(json::object_text(name));
    out_(": ");
    first_ = false;
  }

  const std::function<void(std::string_view)>& out_;
  bool first_ = true;
};

// The ids that `from` refers to must exist: readers of a run index by them.
void check_reference(json::Path& path, const std::set<std::string>& known, const std::string& ref, const char* what) {
  if (!known.contains(ref))
    path.wrong(fmt::format("names {} '{}', which is not in this file ({} of them)", what, ref, known.size()));
}
void check_references(json::Path& path, const std::set<std::string>& known, const std::vector<std::string>& refs,
                      const char* member) {
  const json::Path::Entered entered(path, std::string_view(member));
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const json::Path::Entered at(path, i);
    check_reference(path, known, refs[i], "finding");
  }
}
void check_references(const Run& run, json::Path& path) {
  std::set<std::string> hosts, builds, findings;
  for (const auto& host : run.hosts) hosts.insert(host.id);
  for (const auto& build : run.builds) builds.insert(build.id);
  for (std::size_t i = 0; i < run.findings.size(); ++i) findings.insert(finding_id(i));
  for (std::size_t i = 0; i < run.merged_from.size(); ++i) {
    const json::Path::Entered origins(path, std::string_view("merged_from"));
    const json::Path::Entered at(path, i);
    for (const auto& host : run.merged_from[i].hosts) check_reference(path, hosts, host, "host");
  }
  const auto check_origins = [&](std::string_view member, const auto& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const json::Path::Entered list(path, member);
      const json::Path::Entered at(path, i);
      if (!all[i].host.empty()) check_reference(path, hosts, all[i].host, "host");
      if (!all[i].build.empty()) check_reference(path, builds, all[i].build, "build");
    }
  };
  check_origins("summaries", run.summaries);
  check_origins("fits", run.fits);
  for (std::size_t i = 0; i < run.trials.size(); ++i) {
    const json::Path::Entered trials(path, std::string_view("trials"));
    const json::Path::Entered at(path, i);
    const Trial& trial = run.trials[i];
    if (!trial.host.empty()) check_reference(path, hosts, trial.host, "host");
    if (!trial.build.empty()) check_reference(path, builds, trial.build, "build");
    for (const auto& seen : trial.findings) check_reference(path, findings, seen.ref, "finding");
  }
  for (std::size_t i = 0; i < run.verdicts.size(); ++i) {
    const json::Path::Entered verdicts(path, std::string_view("verdicts"));
    const json::Path::Entered at(path, i);
    check_references(path, findings, run.verdicts[i].declared, "declared");
    check_references(path, findings, run.verdicts[i].undeclared, "undeclared");
  }
}

std::string schema_of(unsigned version) { return fmt::format("{}{}", schema_family, version); }

// Every version that was ever written is read; anything else is an error that says what to do.
void check_schema(json::Node file) {
  const auto current = schema_of(run_schema_version);
  if (!file.is_object()) throw json::Malformed{"no run of Chicane: the file is no JSON object"};
  const auto found = file.find("schema");
  if (!found || !found->is_string())
    throw json::Malformed{fmt::format("no run of Chicane: there is no \"schema\": \"{}\" in it", current)};
  const auto& is = found->string();
  for (unsigned version = 1; version <= run_schema_version; ++version)
    if (is == schema_of(version)) return;
  if (is.starts_with(schema_family))
    throw json::Malformed{fmt::format(
        "schema: the file is {}, this version of Chicane reads {}: use the version that wrote it, or a newer one", is,
        run_schema_version == 1 ? current : fmt::format("{} to {}", schema_of(1), current))};
  throw json::Malformed{fmt::format("schema: '{}' is no run of Chicane, which says '{}'", is, current)};
}

json::StackShelf read_stacks(json::Node file, json::Path& path) {
  json::StackShelf shelf;
  json::Reader reader(file, path);
  reader.optional("frames", shelf.frames);
  reader.optional("stacks", shelf.stacks);
  for (std::size_t i = 0; i < shelf.stacks.size(); ++i)
    for (const std::size_t frame : shelf.stacks[i])
      if (frame >= shelf.frames.size()) {
        const json::Path::Entered stacks(path, std::string_view("stacks"));
        const json::Path::Entered at(path, i);
        path.wrong(fmt::format("names frame {}, but this file has {} of them", frame, shelf.frames.size()));
      }
  return shelf;
}

void check_finding_ids(json::Node findings, json::Path& path) {
  const json::Path::Entered entered(path, std::string_view("findings"));
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const json::Path::Entered at(path, i);
    std::string id;
    json::Reader(findings[i], path).required("id", id);
    if (id != finding_id(i)) path.wrong(fmt::format("has the id '{}', but ids are positions: '{}'", id, finding_id(i)));
  }
}

Run read_run(std::string_view text) {
  const json::Parsed parsed(text);
  const auto file = parsed.root();
  check_schema(file);
  json::Path path;
  json::StackShelf shelf = read_stacks(file, path);
  json::Reader reader(file, path, &shelf);
  Run run;
  Tool tool;
  first_members(reader, run, tool);
  run.tool_version = std::move(tool.version);
  run.tool_revision = std::move(tool.revision);
  reader.required("findings", run.findings);
  check_finding_ids(*file.find("findings"), path);
  last_members(reader, run);
  check_references(run, path);

  for (const auto& [member, value] : file.members())
    if (!is_known(member))
      run.unknown += fmt::format("{}{}:{}", run.unknown.empty() ? '{' : ',', json::object_text(member), value.text());
  if (!run.unknown.empty()) run.unknown += '}';
  return run;
}

}  // namespace

void write_json(const Run& run, const std::function<void(std::string_view)>& out) {
  json::StackStore stacks;
  const Tool tool{run.tool_version, run.tool_revision};
  Lines lines(out);
  lines.required("schema", schema_of(run_schema_version));
  first_members(lines, run, tool);
  std::size_t position = 0;
  lines.elements("findings", run.findings, [&](const Finding& finding) {
    json::Writer writer(&stacks);
    writer.object([&] {
      writer.required("id", finding_id(position++));
      members(writer, finding);
    });
    return writer.take();
  });
  last_members(lines, run);
  lines.optional("frames", stacks.frames());
  lines.optional("stacks", stacks.stacks());
  const auto unknown = json::reading([&] { return json::Parsed(run.unknown); });
  if (unknown && unknown->root().is_object())
    for (const auto& [member, value] : unknown->root().members())
      if (!is_known(member)) lines.unknown_member(member, value);
  lines.end();
}

std::string to_json(const Run& run) {
  std::string text;
  write_json(run, [&text](std::string_view part) { text += part; });
  return text;
}

Result<Run> parse_run(std::string_view text) {
  return json::reading([&] { return read_run(text); });
}

}  // namespace chicane
