// What a runner says, and small files of the same kind. The first byte says which: lines of a trial, a plugin's
// description, a request, the facts of a tree, a file that declares programs, a program's result.
#include <vector>

#include "harness/judge/fingerprint.h"
#include "harness/model/journal.h"
#include "harness/model/json.h"
#include "harness/model/programs.h"
#include "harness/model/scenario_id.h"
#include "harness/supervisor/plan.h"
#include "harness/supervisor/trial_process.h"
#include "tests/fuzz/require.h"

using namespace chicane;
using fuzz::require;

namespace {

void check_event(std::string_view line) {
  const auto event = parse_runner_event(line);
  if (!event) return require(!event.error().message.empty(), "an error says something");
  const auto written = to_json(*event);
  const auto again = parse_runner_event(written);
  require(again.has_value() && to_json(*again) == written, "an event is written as it is read");
}

// Whatever a runner's lines and end are: a trial that the journal can hold.
void check_trial(std::string_view text) {
  TrialRequest request;
  request.scenario = "a/b";
  ProcessOutcome process;
  if (!text.empty()) {
    const auto how = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    if (how >= 200)
      process.signal = how - 200 + 1;
    else
      process.exit_code = how < 160 ? 0 : how;
    process.timed_out = how % 16 == 1;
    process.stopped = how % 16 == 2;
    process.result_flood = how % 16 == 3;
    process.stderr_tail = text.substr(0, 40);
  }
  std::vector<RunnerLine> lines;
  while (!text.empty()) {
    const bool whole = text.find('\n') != std::string_view::npos;
    lines.push_back({std::string(fuzz::take_until(text, '\n')), whole});
    check_event(lines.back().text);
  }
  auto outcome = interpret(request, lines, process, {});
  require(outcome.trial.scenario == request.scenario && outcome.trial.lane == request.lane,
          "a trial is the one asked for");
  require(outcome.trial.status == TrialStatus::completed || !outcome.trial.status_detail.empty(),
          "an odd end is explained");

  JournalHeader header;
  JournalLine line{outcome.trial, {}};
  line.trial.plan = "p0";
  for (const auto& [finding, count] : outcome.findings) {
    require(finding.fingerprint == fingerprint(finding), "a fingerprint is of the finding itself");
    const auto id = "f" + std::to_string(line.found.size());
    line.found.push_back({id, finding});
    line.trial.findings.push_back({id, count});
  }
  const auto written = to_json(line);
  const auto read = parse_journal(to_json(header) + '\n' + written + '\n');
  require(read.has_value() && read->trials.size() == 1, "the journal takes every trial");
  JournalLine again{read->trials[0], {}};
  for (const auto& finding : read->findings) again.found.push_back({"f" + std::to_string(again.found.size()), finding});
  again.trial.id.clear();
  require(to_json(again) == written, "the journal keeps a trial as it was");
}

void check_description(std::string_view text) {
  const auto description = parse_plugin_description(text);
  if (!description) return require(!description.error().message.empty(), "an error says something");
  const auto written = to_json(*description);
  const auto again = parse_plugin_description(written);
  require(again.has_value() && *again == *description, "a description reads equal");

  LoadedPlugin plugin{*description, {}};
  for (const bool quick : {false, true}) {
    RunOptions options;
    options.quick = quick;
    options.lanes = {Lane::bench, Lane::stress, Lane::tsan, Lane::asan};
    const auto campaign = plan_campaign({plugin}, {}, options, {0, 1});
    if (!campaign) return require(!campaign.error().message.empty(), "an error says something");
    for (const auto& plan : campaign->plans) require(plan.request.parameters.workers != 0, "somebody works");
    if (campaign->plans.empty()) continue;
    const auto& last = campaign->plans.back().request;
    const auto read = parse_trial_request(to_json(last));
    require(read.has_value() && *read == last, "what is planned can be asked for");
  }
}

void check_request(std::string_view text) {
  const auto request = parse_trial_request(text);
  if (!request) return require(!request.error().message.empty(), "an error says something");
  const auto again = parse_trial_request(to_json(*request));
  require(again.has_value() && *again == *request, "a request reads equal");
}

void check_programs(std::string_view text) {
  const auto file = parse_programs_file(text);
  if (!file) return require(!file.error().message.empty(), "an error says something");
  require(!file->programs.empty(), "a file declares something");
  for (const auto& program : file->programs) {
    require(valid_scenario_id(program.id) && !program.program.empty(), "what is declared can be run");
    std::map<std::string, std::int64_t> args;
    for (const auto& axis : program.axes) args[axis.name] = axis.values.front();
    require(program_command(program, "/f", args).size() == program.program.size(), "an argument stays one");
  }
}

void check_result(std::string_view line) {
  const auto result = parse_program_result(line);
  if (!result) return require(!result.error().message.empty(), "an error says something");
  require(result->operations != 0 && result->region_ns > 0, "a result can be divided by");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  if (text.empty()) return -1;
  const char what = text.front();
  text.remove_prefix(1);
  switch (what) {
    case 'l': check_trial(text); return 0;
    case 'd': check_description(text); return 0;
    case 'r': check_request(text); return 0;
    case 'p': check_programs(text); return 0;
    case 's': check_result(text); return 0;
    case 't':
      if (const auto facts = parse_tree_facts(text); !facts)
        require(!facts.error().message.empty(), "an error says something");
      return 0;
    default: return -1;  // not worth keeping
  }
}
