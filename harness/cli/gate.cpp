// chicane gate: is the candidate worse than the baseline? A duet of two builds, or two stored runs.
#include "reports/gate.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/command.h"
#include "harness/cli/execute.h"
#include "harness/cli/hosted_ci.h"
#include "harness/cli/load.h"
#include "harness/cli/now.h"
#include "harness/cli/results.h"
#include "harness/cli/revision.h"
#include "harness/cli/run_file.h"
#include "harness/cli/run_options.h"
#include "harness/cli/stop.h"
#include "harness/gate/findings.h"
#include "harness/gate/live.h"
#include "harness/gate/match.h"
#include "harness/gate/noise.h"
#include "harness/gate/outcomes.h"
#include "harness/gate/policy.h"
#include "harness/gate/stored.h"
#include "harness/model/files.h"
#include "harness/model/json.h"
#include "harness/supervisor/glob.h"
#include "harness/supervisor/host.h"

namespace chicane {
namespace {

namespace fs = std::filesystem;

struct GateCall {
  std::string baseline;
  std::vector<std::string> candidate;
  std::vector<std::string> globs;
  std::string margin, alpha, detect, budget, slice, policy, trial_timeout = "30s";
  std::vector<std::string> lanes, args;
  std::vector<std::uint32_t> workers;
  std::optional<std::uint64_t> seed;
  std::uint32_t rounds = 12, pairs = 20;
  bool all_parameters = false, no_relink = false;
  std::string output = "out/gate";
};

// Plugins or trees behind what the user named.
Result<LoadOptions> side(const std::vector<std::string>& names) {
  LoadOptions load;
  for (const auto& named : names) {
    std::error_code error;
    const fs::path path(named);
    if (fs::is_regular_file(path, error)) {
      load.plugins.push_back(named);
    } else if (!fs::is_directory(path, error)) {
      return failure(
          fmt::format("{}: there is no such file or folder; name a plugin (.so), a build tree, a folder of "
                      "plugins, or a run.json",
                      named));
    } else if (fs::exists(path / "chicane-tree.json", error)) {
      load.trees.push_back(named);
    } else {
      const auto before = load.trees.size();
      std::vector<fs::path> children;
      for (const auto& child : fs::directory_iterator(path, error)) children.push_back(child.path());
      std::ranges::sort(children);
      for (const auto& child : children)
        if (fs::exists(child / "chicane-tree.json", error)) load.trees.push_back(child.string());
      if (load.trees.size() != before) continue;
      std::optional<fs::path> folder;
      for (const auto& inside : {path, path / "lib" / "chicane", path / "lib", path / "plugins"}) {
        for (const auto& file : fs::directory_iterator(inside, error))
          if (file.path().extension() == ".so") folder = inside;
        if (folder) break;
      }
      if (!folder)
        return failure(fmt::format("{}: neither a build tree (chicane-tree.json) nor plugins (*.so) are in it", named));
      load.plugins.push_back(folder->string());
    }
  }
  return load;
}

struct Side {
  Loaded loaded;
  Campaign campaign;
};
Result<Side> plan_side(const LoadOptions& load_options, const RunOptions& options, const Invocation& invocation,
                       const std::vector<int>& cpus) {
  auto loaded = load(load_options, invocation.executable, {Lane::bench}, stop_requested);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  if (!loaded->refused.empty()) return failure(loaded->refused.front().reason);
  auto campaign = plan_campaign(loaded->plugins, loaded->trees, options, cpus);
  if (!campaign) return std::unexpected(std::move(campaign.error()));
  return Side{std::move(*loaded), std::move(*campaign)};
}

// Lanes that the candidate's builds can be judged in; those asked for must be among them.
Result<std::vector<Lane>> judging_lanes(const GateCall& call, const LoadOptions& load_options,
                                        const Invocation& invocation) {
  if (call.lanes.size() == 1 && call.lanes.front() == "none") return std::vector<Lane>{};
  auto asked = parse_lanes(call.lanes);
  if (!asked) return asked;
  std::erase(*asked, Lane::bench);
  if (!call.lanes.empty()) return asked;
  std::set<Build> builds;
  if (load_options.plugins.empty()) {
    auto trees = load_trees(load_options, invocation.executable);
    if (!trees) return std::unexpected(std::move(trees.error()));
    for (const auto& tree : *trees) builds.insert(tree.build);
  } else {
    auto all = load(load_options, invocation.executable, known_lanes(), stop_requested);
    if (!all) return std::unexpected(std::move(all.error()));
    for (const auto& plugin : all->plugins) builds.insert(plugin.description.build);
  }
  std::erase_if(*asked, [&](Lane lane) { return !builds.contains(build_of(lane)); });
  return asked;
}

std::string today() { return utc_now().substr(0, 10); }

Result<Policy> read_policy(const GateCall& call) {
  std::error_code error;
  const std::string file = !call.policy.empty() ? call.policy : fs::exists("chicane.toml", error) ? "chicane.toml" : "";
  if (file.empty()) return Policy{};
  auto text = read_file(file);
  if (!text) return std::unexpected(std::move(text.error()));
  return parse_policy(*text, file);
}

Result<GateAsked> asked_for(const GateCall& call, const Policy& policy, bool stored) {
  GateAsked asked;
  asked.margin = policy.margin.value_or(asked.margin);
  asked.detect = policy.detect.value_or(asked.detect);
  if (stored)
    asked.margin = std::max(asked.margin, stored_margin), asked.detect = std::max(asked.detect, stored_detect);
  asked.alpha = policy.alpha.value_or(asked.alpha);
  for (const auto& [text, target, option] : {std::tuple{&call.margin, &asked.margin, "--margin"},
                                             {&call.alpha, &asked.alpha, "--alpha"},
                                             {&call.detect, &asked.detect, "--detect"}})
    if (!text->empty()) {
      auto share = parse_share(*text);
      if (!share) return std::unexpected(std::move(share.error()).within(option));
      *target = *share;
    }
  if (asked.alpha >= 0.5) return failure("--alpha: half of all gates would be false alarms; write at most 10%");
  if (asked.detect <= asked.margin)
    return failure(fmt::format("--detect {:g}% is not above --margin {:g}%: what is within the margin never fails",
                               asked.detect * 100, asked.margin * 100));
  for (const auto& [text, target] : {std::pair{&call.budget, &asked.budget_ns}, {&call.slice, &asked.slice_ns}})
    if (!text->empty()) {
      auto duration = parse_duration(*text);
      if (!duration) return std::unexpected(std::move(duration.error()));
      *target = duration->count();
    }
  if (asked.slice_ns < 100'000) return failure("--slice: below 0.1 ms, starting the workers is all there is");
  asked.rounds = call.rounds;
  asked.most_rounds = std::max(asked.most_rounds, call.rounds);
  asked.pairs = call.pairs;
  return asked;
}

// The candidate in the lanes that judge, with the trials of a quick run: its evidence stands in its own folder.
Result<void> judge_candidate(const GateCall& call, const LoadOptions& load_options, const std::vector<Lane>& lanes,
                             const Policy& policy, std::uint64_t seed, const Invocation& invocation, GateResult& result,
                             std::vector<GateEntry>& broken) {
  RunCall run;
  run.load = load_options;
  run.run.globs = call.globs.empty() ? std::vector<std::string>{"*"} : call.globs;  // else a quick run takes its core
  run.run.quick = true;
  run.seed = seed;
  for (const auto lane : lanes) run.lanes.emplace_back(name(lane));
  run.output = (fs::path(call.output) / "candidate").string();
  run.args = call.args;
  run.quiet = true;
  auto status = execute_run(run, invocation, [&](const Run& finished) {
    result.findings = findings_of(finished, nullptr);
    result.unjudged = unjudged_by(finished, policy.must_judge);
    for (const auto& verdict : finished.verdicts) {
      if (verdict.verdict != Verdict::error) continue;
      GateEntry entry;
      entry.scenario = verdict.scenario;
      entry.verdict = GateVerdict::error;
      entry.why = fmt::format("it could not be judged in the {} lane: {}", name(verdict.lane), verdict.why);
      broken.push_back(std::move(entry));
    }
  });
  if (!status) return std::unexpected(std::move(status.error()));
  return {};
}

// Enough to tell an outcome that half of a side's processes see from one that none of the other's does; each as long as
// lets one see what is rare, and what a hypervisor that takes one of two CPUs away makes rarer.
constexpr std::uint32_t litmus_processes = 24;
constexpr std::chrono::milliseconds litmus_slice{150};

// Outcomes of litmus scenarios, on both sides in turn.
Result<void> compare_litmus(const Side& baseline, const Side& candidate, const RunOptions& as_timed,
                            const std::vector<int>& cpus, std::uint64_t seed, TrialRunner& runner, GateResult& result,
                            std::vector<GateEntry>& untimed) {
  RunOptions options = as_timed;
  options.lanes = {Lane::stress};
  options.quick = true;
  options.processes = litmus_processes;
  options.slice = litmus_slice;
  options.workers.clear();  // a litmus scenario has as many as actors
  options.globs = litmus_of_both(baseline.campaign, candidate.campaign);
  if (options.globs.empty()) return {};
  std::erase_if(options.args, [&](const auto& arg) {  // of what is timed
    return std::ranges::none_of(baseline.campaign.scenarios, [&](const Scenario& scenario) {
      return matches_any(options.globs, scenario.id) &&
             std::ranges::find(scenario.axes, arg.first, &Axis::name) != scenario.axes.end();
    });
  });
  auto ours = plan_campaign(baseline.loaded.plugins, baseline.loaded.trees, options, cpus);
  if (!ours) return std::unexpected(std::move(ours.error()).within("baseline"));
  auto theirs = plan_campaign(candidate.loaded.plugins, candidate.loaded.trees, options, cpus);
  if (!theirs) return std::unexpected(std::move(theirs.error()).within("candidate"));
  judge_outcomes(play_litmus(*ours, *theirs, seed, runner, stop_requested).outcomes(), result);
  std::ranges::move(uncompared(options.globs, result.outcomes), std::back_inserter(untimed));
  return {};
}

class GateProgressLine {
 public:
  GateProgressLine() : terminal_(isatty(STDERR_FILENO) == 1) {}
  void operator()(const GateProgress& progress) {
    const auto percent = progress.planned == 0 ? 100 : progress.done * 100 / progress.planned;
    const auto now = std::chrono::steady_clock::now();
    if (progress.done < progress.planned && now - told_ < std::chrono::seconds(terminal_ ? 0 : 10)) return;
    told_ = now;
    fmt::print(stderr, "{}chicane gate: {}: {}/{} rounds, {} %{}", terminal_ ? "\r\033[K" : "", name(progress.stage),
               progress.done, progress.planned, percent, terminal_ ? "" : "\n");
    std::fflush(stderr);
    open_ = terminal_;
  }
  ~GateProgressLine() {
    if (open_) fmt::print(stderr, "\n");
  }

 private:
  bool terminal_, open_ = false;
  std::chrono::steady_clock::time_point told_;
};

// Sizes of slices; what can't be timed is an entry of its own.
void size_all(Matched& matched, const GateAsked& asked, std::uint64_t seed, TrialRunner& runner,
              std::vector<GateEntry>& untimed) {
  std::vector<DuetPair> pairs;
  std::vector<GateSubject> subjects;
  for (std::size_t i = 0; i < matched.pairs.size() && !stop_requested; ++i) {
    auto sized = size_slices(matched.pairs[i], asked, seed, runner, stop_requested);
    if (!sized) {
      GateEntry entry;
      entry.scenario = matched.subjects[i].scenario;
      entry.parameters = matched.subjects[i].parameters;
      entry.why = sized.error().message;
      untimed.push_back(std::move(entry));
      continue;
    }
    matched.subjects[i].turns = matched.pairs[i].turns;
    pairs.push_back(std::move(matched.pairs[i]));
    subjects.push_back(std::move(matched.subjects[i]));
  }
  matched.pairs = std::move(pairs);
  matched.subjects = std::move(subjects);
}

Result<GateResult> duet(const GateCall& call, const Policy& policy, const GateAsked& asked, std::uint64_t seed,
                        const Invocation& invocation) {
  const auto cpus = usable_cpus();
  RunOptions options;
  options.lanes = {Lane::bench};
  options.globs = call.globs;
  options.workers = call.workers;
  auto baseline_load = side({call.baseline});
  if (!baseline_load) return std::unexpected(std::move(baseline_load.error()));
  auto candidate_load = side(call.candidate);
  if (!candidate_load) return std::unexpected(std::move(candidate_load.error()));
  auto args = parse_args(call.args);
  if (!args) return std::unexpected(std::move(args.error()));
  options.args = std::move(*args);
  auto baseline = plan_side(*baseline_load, options, invocation, cpus);
  if (!baseline) return std::unexpected(std::move(baseline.error()).within("baseline"));
  // What the candidate lacks is told of each scenario, so nothing is asked of it here.
  options.globs.clear();
  auto candidate = plan_side(*candidate_load, options, invocation, cpus);
  if (!candidate) return std::unexpected(std::move(candidate.error()).within("candidate"));
  if (!call.globs.empty())
    std::erase_if(candidate->campaign.scenarios,
                  [&](const Scenario& scenario) { return !matches_any(call.globs, scenario.id); });

  GateResult result;
  result.seed = seed;
  result.asked = asked;
  auto matched = match(baseline->campaign, candidate->campaign,
                       {call.all_parameters || !call.workers.empty(), static_cast<std::uint32_t>(cpus.size())});
  result.notes = matched.notes;
  const auto litmus = litmus_of_both(baseline->campaign, candidate->campaign).size();
  if (matched.pairs.empty() && matched.missing.empty() && litmus == 0)
    return failure("the two have no scenario that can be compared");

  std::vector<GateEntry> untimed;  // what can't be judged or timed
  auto lanes = judging_lanes(call, *candidate_load, invocation);
  if (!lanes) return std::unexpected(std::move(lanes.error()));
  if (!lanes->empty()) {
    if (auto judged = judge_candidate(call, *candidate_load, *lanes, policy, seed, invocation, result, untimed);
        !judged)
      return std::unexpected(std::move(judged.error()));
  } else {
    result.notes.emplace_back("the candidate was not judged: no lane was asked for");
    result.unjudged = unjudged_by({}, policy.must_judge);
  }
  result.host = read_host();
  result.host.before = load_now();
  const auto load_before = sample_load();
  const auto cpu_before = sample_cpu();
  auto limit = parse_duration(call.trial_timeout);
  if (!limit) return std::unexpected(std::move(limit.error()));
  TrialProcess process({.wall = *limit, .resources = {}});
  const bool stresses = std::ranges::find(*lanes, Lane::stress) != lanes->end();
  if (!stresses && litmus != 0)
    result.notes.push_back(
        fmt::format("outcomes of {} litmus scenarios are not compared: the stress lane was not asked for", litmus));
  if (stresses)
    if (auto compared = compare_litmus(*baseline, *candidate, options, cpus, seed, process, result, untimed); !compared)
      return std::unexpected(std::move(compared.error()));
  size_all(matched, asked, seed, process, untimed);
  for (auto& subject : matched.subjects) {
    subject.margin = asked.margin;
    subject.detect = asked.detect;
    subject.other_margins = {{"peak_resident_bytes", 0.10}};
    apply(policy, subject);
  }
  // Absolute: the linker is called in the tree's folder.
  Layouts layouts(fs::absolute(fs::path(call.output) / "layouts"));
  LiveRounds source(matched.pairs, process, call.no_relink ? nullptr : &layouts, stop_requested);
  {
    GateProgressLine line;
    decide(matched.subjects, asked, seed, source, [&line](const GateProgress& progress) { line(progress); }, result);
  }
  for (auto* const more : {&matched.missing, &untimed}) std::ranges::move(*more, std::back_inserter(result.entries));
  // Those of the duet too.
  for (auto& words : waive(policy, today(), result.findings)) result.notes.push_back(std::move(words));
  result.host.during = load_between(load_before, sample_load());
  const auto cpu_after = sample_cpu();
  result.foreign_cpu_percent = foreign_cpu_percent(cpu_before, cpu_after);
  result.throttled_percent = throttled_percent(cpu_before, cpu_after);
  result.noise = noise_in_words(result.host, result.foreign_cpu_percent, result.throttled_percent);
  conclude(result);
  return result;
}

Result<GateResult> stored(const GateCall& call, const Policy& policy, const GateAsked& asked) {
  if (call.candidate.size() != 1) return failure("a stored baseline is compared with one stored candidate");
  auto baseline = read_run(call.baseline);
  if (!baseline) return std::unexpected(std::move(baseline.error()));
  auto candidate = read_run(call.candidate.front());
  if (!candidate) return std::unexpected(std::move(candidate.error()));
  if (!call.globs.empty())
    for (auto* const run : {&*baseline, &*candidate}) {
      const auto is_other = [&](const auto& one) { return !matches_any(call.globs, std::string(one.scenario)); };
      std::erase_if(run->trials, [&](const Trial& trial) { return !matches_any(call.globs, trial.scenario.str()); });
      std::erase_if(run->verdicts, is_other);
      std::erase_if(run->summaries, is_other);
    }
  return compare_runs(*baseline, *candidate, asked, policy, today());
}

bool is_run_file(const std::string& name) { return name.ends_with(".json"); }

Result<int> gate(const GateCall& call, const Invocation& invocation) {
  const auto started = std::chrono::steady_clock::now();
  stop_on_signals();
  const bool is_stored = is_run_file(call.baseline);
  if (is_stored != std::ranges::all_of(call.candidate, is_run_file))
    return failure(
        "one of --baseline and --candidate is a run file and the other is not: compare two builds, or two "
        "run files");
  const auto policy = read_policy(call);
  if (!policy) return std::unexpected(policy.error());
  const auto asked = asked_for(call, *policy, is_stored);
  if (!asked) return std::unexpected(asked.error());
  if (auto writable = open_results(call.output); !writable) return std::unexpected(std::move(writable.error()));
  std::random_device entropy;
  const auto seed = call.seed.value_or((static_cast<std::uint64_t>(entropy()) << 21) ^ entropy());
  const auto started_at = utc_now();
  auto result = is_stored ? stored(call, *policy, *asked) : duet(call, *policy, *asked, seed, invocation);
  if (!result) return std::unexpected(std::move(result.error()));
  if (stop_requested) {
    fmt::print(stderr, "chicane gate: stopped; nothing was decided\n");
    return exit_code::interrupted;
  }
  result->started = started_at;
  result->ended = utc_now();
  result->duration_ns = (std::chrono::steady_clock::now() - started).count();
  result->tool_version = CHICANE_VERSION;
  result->tool_revision = revision();
  result->command = invocation.arguments;
  result->baseline = call.baseline;
  result->candidate = fmt::format("{}", fmt::join(call.candidate, ", "));
  const fs::path folder(call.output);
  for (const auto& [file, text] : {std::pair{"gate.json", to_json(*result)},
                                   {"gate.html", render_gate_html(*result)},
                                   {"gate.md", render_gate_markdown(*result)},
                                   {"gate.junit.xml", render_gate_junit(*result)}})
    if (auto written = write_file((folder / file).string(), text); !written)
      return std::unexpected(std::move(written.error()));
  fmt::print("{}", render_gate_console(*result, console_style(stdout)));
  fmt::print("Gate: {}\n", (folder / "gate.json").string());
  tell_hosted_ci(
      "auto", [&] { return render_gate_annotations(*result); }, [&] { return render_gate_markdown(*result); }, stdout);
  return exit_status(*result);
}

}  // namespace

Action add_gate(CLI::App& app, const Invocation& invocation) {
  auto call = std::make_shared<GateCall>();
  auto& command = *app.add_subcommand("gate", "Decide whether a candidate is worse than its baseline");
  command.add_option("scenarios", call->globs, "Ids or globs (default: all that both have)")->type_name("GLOB");
  command.add_option("--baseline", call->baseline, "Plugin, build tree(s), folder of plugins, or run.json")
      ->required()
      ->type_name("OLD");
  command.add_option("--candidate", call->candidate, "The same of what is to be judged; more than once for its builds")
      ->required()
      ->allow_extra_args(false)
      ->type_name("NEW");
  command.add_option("--margin", call->margin, "Slowdown that is accepted (2%; run files: 10%)")->type_name("SHARE");
  command
      .add_option("--detect", call->detect, "Slowdown that must not be missed, else inconclusive (5%; run files: 25%)")
      ->type_name("SHARE");
  command.add_option("--alpha", call->alpha, "Gates that may fail for nothing (1%)")->type_name("SHARE");
  command.add_option("--budget", call->budget, "Time for rounds; the first confirmation may exceed it")
      ->type_name("TIME");
  command.add_option("--rounds", call->rounds, "Rounds of screening, at least; up to 48 where noise asks for them")
      ->check(CLI::Range(6, 1000))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--pairs", call->pairs, "Pairs of slices in a round")
      ->check(CLI::Range(1, 512))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--slice", call->slice, "Time aimed at within one slice (3ms)")->type_name("TIME");
  command
      .add_option("--lanes", call->lanes, "Lanes that judge the candidate first (default: all it is built for; none)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LANE,…");
  command.add_option("--workers", call->workers, "Worker counts (default: as many as cores)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 4096))
      ->type_name("N,…");
  command.add_option("--arg", call->args, "Value of a scenario's parameter")
      ->type_name("NAME=N")
      ->allow_extra_args(false);
  command.add_flag("--all-parameters", call->all_parameters, "Every set of parameters, not one a scenario");
  command.add_flag("--no-relink", call->no_relink, "Don't confirm a slowdown in other layouts");
  command.add_option("--policy", call->policy, "What was agreed on (default: chicane.toml, where there is one)")
      ->type_name("FILE");
  command
      .add_option("--trial-timeout", call->trial_timeout,
                  "Wall-time limit of one side of a round; up to four times more while its slices end")
      ->type_name("TIME")
      ->capture_default_str();
  command.add_option("--seed", call->seed, "Seed of the order and of every round (default: random, recorded)")
      ->type_name("N");
  command.add_option("-o,--output", call->output, "Folder for gate.json, gate.html, gate.md and gate.junit.xml")
      ->type_name("DIR")
      ->capture_default_str();
  command.footer(
      "Exit status: 0 not worse; 1 slower (or more memory, …) than the margin; 2 could not do what was asked, or a\n"
      "scenario is missing; 3 inconclusive or invalid, and why; 4 the candidate is not right; 130 after Ctrl-C.");
  return [call, &invocation] { return gate(*call, invocation); };
}

}  // namespace chicane
