#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "harness/model/journal.h"
#include "harness/model/json_codec.h"
#include "harness/model/json_members.h"

namespace chicane {
namespace {
constexpr std::string_view schema = "chicane.journal/1";
}

void members(auto& codec, json::Like<JournalHeader> auto& header) {
  codec.required("run", header.run);
  codec.required("started", header.started);
  codec.required("seed", header.seed);
  codec.required("tool_version", header.tool_version);
  codec.optional("tool_revision", header.tool_revision);
  codec.required("command", header.command);
  codec.required("host", header.host);
  codec.required("builds", header.builds);
  codec.required("plan", header.plan);
  codec.required("repetitions", header.repetitions);
}
void members(auto& codec, json::Like<JournalFinding> auto& found) {
  codec.required("id", found.id);
  codec.required("finding", found.finding);
}
void members(auto& codec, json::Like<JournalLine> auto& line) {
  codec.required("trial", line.trial);
  codec.optional("found", line.found);
}

namespace {

struct Named {  // the member that says which format it is
  std::string schema;
};
void members(auto& codec, json::Like<Named> auto& named) { codec.optional("schema", named.schema); }

// Puts trials and findings together, with positions of their own as ids.
class Collector {
 public:
  explicit Collector(JournalContents& contents) : contents_(contents) {}

  Result<void> add(JournalLine line) {
    auto& trial = line.trial;
    // As a resumed run will have them: readers of its run.json index by these.
    if (!trial.host.empty() && trial.host != "h0")
      return failure(fmt::format("names host '{}', but a journal's trials are of one, 'h0'", trial.host));
    if (!trial.build.empty() && !has_build(trial.build))
      return failure(fmt::format("names build '{}', which the first line does not have", trial.build));
    if (!seen_.insert({trial.plan, trial.round, trial.calibration}).second)
      return failure(fmt::format("{}{} of {} ({}) is there a second time",
                                 trial.calibration ? "the calibration, round " : "round ", trial.round, trial.plan,
                                 trial.scenario));
    for (auto& [id, finding] : line.found) {
      if (!positions_.try_emplace(id, "f" + std::to_string(contents_.findings.size())).second)
        return failure(fmt::format("finding {} is there a second time", id));
      contents_.findings.push_back(std::move(finding));
    }
    for (auto& reference : trial.findings) {
      const auto known = positions_.find(reference.ref);
      if (known == positions_.end())
        return failure(fmt::format("refers to finding {}, which no line up to here has", reference.ref));
      reference.ref = known->second;
    }
    trial.id = "t" + std::to_string(contents_.trials.size());
    contents_.trials.push_back(std::move(trial));
    return {};
  }

 private:
  bool has_build(const std::string& id) const {
    return std::ranges::any_of(contents_.header.builds, [&](const BuildFact& build) { return build.id == id; });
  }

  JournalContents& contents_;
  std::map<std::string, std::string> positions_;  // id in the file, id here
  std::set<std::tuple<std::string, std::uint32_t, bool>> seen_;
};

Result<JournalHeader> parse_header(std::string_view line) {
  const auto named = json::parse_object<Named>(line);
  if (!named || named->schema.empty())
    return failure(fmt::format("no journal of Chicane: its first line has no \"schema\": \"{}\"", schema));
  if (named->schema != schema)
    return failure(fmt::format("the journal is {}, this version of Chicane reads {}", named->schema, schema));
  return json::parse_object<JournalHeader>(line);
}

}  // namespace

std::string to_json(const JournalHeader& header) {
  json::Writer writer;
  writer.object([&] {
    writer.required("schema", schema);
    members(writer, header);
  });
  return writer.take();
}
std::string to_json(const JournalLine& line) { return json::object_text(line); }

Result<JournalContents> parse_journal(std::string_view text) {
  JournalContents contents;
  Collector collector(contents);
  std::size_t start = 0;
  for (std::size_t number = 1; start < text.size(); ++number) {
    const auto newline = text.find('\n', start);
    if (newline == std::string_view::npos) {
      contents.torn = true;
      break;
    }
    const auto line = text.substr(start, newline - start);
    start = newline + 1;
    if (number == 1) {
      auto header = parse_header(line);
      if (!header) return std::unexpected(std::move(header.error()).within("line 1"));
      contents.header = std::move(*header);
    } else {
      auto parsed = json::parse_object<JournalLine>(line);
      auto added = parsed ? collector.add(std::move(*parsed)) : Result<void>(std::unexpected(parsed.error()));
      if (!added) return std::unexpected(std::move(added.error()).within(fmt::format("line {}", number)));
    }
    contents.whole_bytes = start;
  }
  if (contents.whole_bytes == 0) return failure("the journal has no whole line: nothing was run yet");
  return contents;
}

}  // namespace chicane
