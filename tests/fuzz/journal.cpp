// journal.jsonl: what is read goes into a run that can be judged, written and read; and a journal that was cut anywhere
// says no more than the whole one.
#include "harness/model/journal.h"

#include "harness/judge/judge.h"
#include "harness/model/json.h"
#include "harness/supervisor/journal.h"
#include "tests/fuzz/require.h"

using namespace chicane;
using fuzz::require;

namespace {

// As a resumed run takes it over.
Run resumed(const JournalContents& contents) {
  Run run;
  run.id = contents.header.run;
  run.started = contents.header.started;
  run.command = contents.header.command;
  run.builds = contents.header.builds;
  Host host;
  host.id = "h0";
  run.hosts = {host};
  run.lanes = {Lane::bench, Lane::stress, Lane::tsan, Lane::asan};
  run.trials = contents.trials;
  run.findings = contents.findings;
  for (const auto& trial : run.trials) {
    Scenario scenario;
    scenario.id = trial.scenario;
    run.scenarios.push_back(std::move(scenario));
    if (run.scenarios.size() == 8) break;
  }
  run.verdicts = judge(run);
  return run;
}

std::string written(const JournalContents& contents) {
  std::string text = to_json(contents.header) + '\n';
  std::size_t findings = 0;
  for (const auto& trial : contents.trials) {
    JournalLine line{trial, {}};
    for (const auto& seen : trial.findings)
      for (const auto highest = std::stoul(seen.ref.substr(1)); findings <= highest; ++findings)
        line.found.push_back({"f" + std::to_string(findings), contents.findings[findings]});
    text += to_json(line) + '\n';
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto contents = parse_journal(text);
  if (!contents) {
    require(!contents.error().message.empty(), "an error says something");
    return 0;
  }
  require(contents->whole_bytes <= size && text[contents->whole_bytes - 1] == '\n', "whole lines end with a newline");
  require(contents->torn == (contents->whole_bytes < size), "what is no whole line is torn");
  require(check_same_run(contents->header, contents->header).has_value() || contents->header.builds.size() != 0,
          "a run is the same as itself");

  // Findings that no trial refers to are not written again, so only texts are compared, once such are gone.
  const auto first = parse_journal(written(*contents));
  require(first.has_value(), "what was written can be read");
  require(first->trials.size() == contents->trials.size() && !first->torn, "no trial is lost");
  const auto second = parse_journal(written(*first));
  require(second.has_value() && written(*second) == written(*first), "what was written and read is written equally");

  const auto cut = size * 7 / 11;  // anywhere, but the same for the same input
  if (const auto part = parse_journal(text.substr(0, cut)); part.has_value())
    require(part->trials.size() <= contents->trials.size() && part->whole_bytes <= cut, "a cut journal says no more");
  else
    require(cut < text.find('\n') + 1, "a cut journal can be read from its first whole line on");

  const auto run = to_json(resumed(*contents));
  const auto read = parse_run(run);
  if (!read) std::fprintf(stderr, "%s\n", read.error().message.c_str());
  require(read.has_value(), "a resumed run can be read");
  return 0;
}
