// Programs as scenarios, as JSON: what is declared of them is made by hand, so whatever is not known is an error.
#include <algorithm>
#include <array>
#include <set>
#include <span>

#include <fmt/format.h>

#include "harness/model/json_codec.h"
#include "harness/model/programs.h"
#include "harness/model/scenario_id.h"

namespace chicane {

void members(auto& codec, json::Like<ProgramNeeds> auto& needs) {
  codec.required("command", needs.command);
  codec.required("otherwise", needs.otherwise);
}
void members(auto& codec, json::Like<ProgramResult> auto& result) {
  codec.required("operations", result.operations);
  codec.required("region_ns", result.region_ns);
  codec.optional("began_ns", result.began_ns);
  codec.required("right", result.right);
  codec.optional("check", result.check);
  codec.optional("why", result.why);
  codec.optional("counters", result.counters);
}

namespace {

struct Foreseen {  // a finding that must or may be shown
  FindingKind kind = FindingKind::wrong_result;
  std::string at, reason;
  bool operator==(const Foreseen&) const = default;
};
struct Declared {
  std::string id, says, operation;
  std::vector<std::string> command, tags;
  std::map<std::string, std::vector<std::int64_t>> axes;
  std::vector<Foreseen> must, may;
  std::uint64_t time_limit_ms = 0;
};
struct DeclaredFile {
  std::string schema;
  std::optional<ProgramNeeds> needs;
  std::vector<Declared> programs;
};

void members(auto& codec, json::Like<Foreseen> auto& foreseen) {
  codec.required("kind", foreseen.kind);
  codec.optional("at", foreseen.at);
  codec.optional("reason", foreseen.reason);
}
void members(auto& codec, json::Like<Declared> auto& declared) {
  codec.required("id", declared.id);
  codec.required("says", declared.says);
  codec.required("command", declared.command);
  codec.optional("operation", declared.operation);
  codec.optional("tags", declared.tags);
  codec.optional("axes", declared.axes);
  codec.optional("must", declared.must);
  codec.optional("may", declared.may);
  codec.optional("time_limit_ms", declared.time_limit_ms);
}
void members(auto& codec, json::Like<DeclaredFile> auto& file) {
  codec.required("schema", file.schema);
  codec.optional("needs", file.needs);
  codec.required("programs", file.programs);
}
constexpr const char* programs_schema = "chicane.programs/1";

// A misspelt member would be left out without a word.
void refuse_unknown(json::Node object, std::span<const std::string_view> known, const std::string& where) {
  if (!object.is_object()) return;  // said better by the reader
  for (const auto& [member, value] : object.members())
    if (std::ranges::find(known, member) == known.end())
      throw json::Malformed{fmt::format("{}unknown member '{}', known: {}", where, member, fmt::join(known, ", "))};
}

void refuse_unknown_members(json::Node file) {
  refuse_unknown(file, std::array<std::string_view, 3>{"schema", "needs", "programs"}, "");
  if (!file.is_object()) return;
  if (const auto needs = file.find("needs"))
    refuse_unknown(*needs, std::array<std::string_view, 2>{"command", "otherwise"}, "needs: ");
  const auto programs = file.find("programs");
  if (!programs || !programs->is_array()) return;
  for (std::size_t i = 0; i < programs->size(); ++i) {
    const auto program = (*programs)[i];
    const auto where = fmt::format("programs/{}", i);
    refuse_unknown(program,
                   std::array<std::string_view, 9>{"id", "says", "command", "operation", "tags", "axes", "must", "may",
                                                   "time_limit_ms"},
                   where + ": ");
    for (const auto* list : {"must", "may"}) {
      const auto all = program.is_object() ? program.find(list) : std::nullopt;
      for (std::size_t j = 0; all && all->is_array() && j < all->size(); ++j)
        refuse_unknown((*all)[j], std::array<std::string_view, 3>{"kind", "at", "reason"}, where + "/" + list + ": ");
    }
  }
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Names in braces, of an argument of the command; other braces are the program's own.
std::vector<std::string> placeholders(const std::string& argument) {
  std::vector<std::string> names;
  for (std::size_t at = argument.find('{'); at != std::string::npos; at = argument.find('{', at + 1))
    if (const auto end = argument.find('}', at); end != std::string::npos)
      if (auto inside = argument.substr(at + 1, end - at - 1); is_name(inside)) names.push_back(std::move(inside));
  return names;
}

[[noreturn]] void wrong(const Declared& declared, const std::string& what) {
  throw json::Malformed{fmt::format("program '{}': {}", declared.id, what)};
}

ExpectedFinding expected(const Declared& declared, const Foreseen& foreseen, bool must) {
  if (!must && foreseen.reason.empty())
    wrong(declared,
          fmt::format("may '{}' has no reason; say in words why the finding is tolerable", name(foreseen.kind)));
  // The one lane that it has must show it, whatever such lanes usually see.
  return {foreseen.kind, foreseen.at, {}, 1, must ? std::vector{Lane::bench} : std::vector<Lane>{}, foreseen.reason};
}

Scenario scenario_of(const Declared& declared) {
  if (!valid_scenario_id(declared.id)) wrong(declared, fmt::format("its id is invalid: {}", scenario_id_rule));
  if (declared.command.empty() || declared.command.front().empty()) wrong(declared, "its command is empty");
  constexpr std::uint64_t a_year_in_ms = 366 * 86'400'000ULL;
  if (declared.time_limit_ms > a_year_in_ms) wrong(declared, "its time_limit_ms is more than a year");
  Scenario scenario;
  scenario.id = declared.id;
  scenario.says = declared.says;
  scenario.operation = declared.operation;
  scenario.program = declared.command;
  scenario.tags = declared.tags;
  scenario.worker_kinds = {WorkerKind::thread};  // its own first one: what else it starts is its business
  scenario.exactly_workers = 1;
  scenario.roles = {{"main", 1}};
  scenario.time_limit_ns = declared.time_limit_ms * 1'000'000;
  for (const auto& [axis, values] : declared.axes) {
    if (values.empty()) wrong(declared, fmt::format("its axis '{}' has no values", axis));
    scenario.axes.push_back({axis, values});
  }
  for (const auto& argument : declared.command)
    for (const auto& placeholder : placeholders(argument))
      if (placeholder != "folder" && !declared.axes.contains(placeholder))
        wrong(declared,
              fmt::format("its command names {{{}}}, which is neither {{folder}} nor one of its axes", placeholder));
  for (const auto& must : declared.must) scenario.expectation.must.push_back(expected(declared, must, true));
  for (const auto& may : declared.may) scenario.expectation.may.push_back(expected(declared, may, false));
  for (const auto lane : {Lane::stress, Lane::tsan, Lane::asan, Lane::explore})
    scenario.expectation.not_judged.push_back({lane, "a program of its own: only its result and its time are judged"});
  return scenario;
}

}  // namespace

Result<ProgramsFile> parse_programs_file(std::string_view text) {
  return json::reading([&] {
    const json::Parsed parsed(text);
    refuse_unknown_members(parsed.root());
    json::Path path;
    DeclaredFile declared;
    json::Reader(parsed.root(), path).read(parsed.root(), declared);
    if (declared.schema != programs_schema)
      throw json::Malformed{
          fmt::format("its schema is '{}'; this version reads '{}'", declared.schema, programs_schema)};
    if (declared.needs && declared.needs->command.empty()) throw json::Malformed{"needs: its command is empty"};
    if (declared.programs.empty()) throw json::Malformed{"it declares no program"};
    ProgramsFile file;
    file.needs = std::move(declared.needs);
    std::set<std::string> ids;
    for (const auto& program : declared.programs) {
      if (!ids.insert(program.id).second) wrong(program, "there are two of this id");
      file.programs.push_back(scenario_of(program));
    }
    return file;
  });
}

std::vector<std::string> program_command(const Scenario& scenario, const std::string& folder,
                                         const std::map<std::string, std::int64_t>& args) {
  std::vector<std::string> command;
  for (const auto& argument : scenario.program) {
    std::string text;
    for (std::size_t at = 0; at < argument.size();) {
      const auto end = argument[at] == '{' ? argument.find('}', at) : std::string::npos;
      const auto placeholder = end == std::string::npos ? "" : argument.substr(at + 1, end - at - 1);
      const auto arg = args.find(placeholder);
      if (placeholder == "folder")
        text += folder;
      else if (arg != args.end())
        text += std::to_string(arg->second);
      else {
        text += argument[at++];
        continue;
      }
      at = end + 1;
    }
    command.push_back(std::move(text));
  }
  return command;
}

Result<ProgramResult> parse_program_result(std::string_view line) {
  auto result = json::parse_object<ProgramResult>(line);
  if (!result) return result;
  if (result->operations == 0) return failure("operations: there were none");
  if (result->region_ns <= 0) return failure("region_ns: it must be above 0");
  return result;
}

}  // namespace chicane
