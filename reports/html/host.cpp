// The machine, the builds and the run itself: what else the numbers depend on.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/figures.h"
#include "reports/html/sections.h"

namespace chicane::reports {
namespace {

// Terms and their values, in a grid.
class Facts {
 public:
  Facts(Markup& html, std::string path)
      : html_(html), list_(html.element("dl", {{"class", "facts"}})), path_(std::move(path)) {}
  void add(std::string_view term, std::string_view member, std::string_view words) {
    const auto pair = html_.element("div");
    html_.leaf("dt", term);
    html_.leaf("dd", {{"title", path_ + std::string(member)}}, words.empty() ? "unknown" : words);
  }

 private:
  Markup& html_;
  Markup::Element list_;
  std::string path_;
};

std::string words_of(const Cache& cache) {
  const auto kind = cache.type == "Data" ? " data" : cache.type == "Instruction" ? " instructions" : "";
  auto words = fmt::format("L{}{} {}", cache.level, kind, figure(static_cast<double>(cache.size_bytes), Unit::bytes));
  if (cache.shared_by_cpus > 1) words += fmt::format(" (shared by {})", cache.shared_by_cpus);
  return words;
}

std::string words_of(const HostLoad& load) {
  auto words = fmt::format("load\u00a0{:.2f}", load.load_1min);
  if (load.cpu_pressure_some_percent)
    words += fmt::format(", CPU pressure {:.1f}\u00a0%", *load.cpu_pressure_some_percent);
  if (load.steal_percent) words += fmt::format(", stolen {:.1f}\u00a0%", *load.steal_percent);
  return words;
}

std::string_view aslr_in_words(int setting) {
  return setting == 0 ? "off" : setting == 1 ? "on, but not for the heap" : "on";
}

void write_host_card(Markup& html, const Host& host, std::string_view title, std::size_t position) {
  const auto card = html.element("article", {{"class", "card"}});
  html.leaf("h3", title);
  Facts facts(html, fmt::format("hosts/{}/", position));
  auto cores = plural(host.cores, "core") + " to run on";
  if (host.sockets != 0) cores += ", " + plural(host.sockets, "socket");
  if (host.threads_per_core > 1) cores += fmt::format(", {} hardware threads a core", host.threads_per_core);
  facts.add("Cores", "cores", cores);
  std::vector<std::string> caches;
  caches.reserve(host.caches.size());
  for (const auto& cache : host.caches) caches.push_back(words_of(cache));
  facts.add("Caches", "caches", fmt::format("{}", fmt::join(caches, ", ")));
  facts.add("Memory", "memory_bytes", figure(static_cast<double>(host.memory_bytes), Unit::bytes));
  facts.add("System", "os", host.os);
  facts.add("Kernel", "kernel", host.kernel);
  facts.add("Virtualization", "virtualization", host.virtualization);
  facts.add("Governor", "governor", host.governor.value_or("none to be seen"));
  facts.add("Turbo", "turbo", host.turbo ? (*host.turbo ? "on" : "off") : "unknown");
  facts.add("Address randomization", "aslr", host.aslr ? aslr_in_words(*host.aslr) : "unknown");
  facts.add("Before the run", "before", words_of(host.before));
  facts.add("During the run", "during", words_of(host.during));
  facts.add("Fingerprint", "fingerprint", host.fingerprint);
}

void write_run_card(Markup& html, const Reading& reading) {
  const auto& run = reading.run();
  const auto card = html.element("article", {{"class", "card"}});
  html.leaf("h3", "This run");
  Facts facts(html, "");
  facts.add("Command", "command", fmt::format("{}", fmt::join(run.command, " ")));
  facts.add("Started", "started", run.started);
  facts.add("Ended", "ended", run.complete ? run.ended : run.ended + " (stopped before its end)");
  if (run.merged_from.empty()) facts.add("Seed", "seed", std::to_string(run.seed));
  for (std::size_t i = 0; i < run.merged_from.size(); ++i) {
    const auto& origin = run.merged_from[i];
    facts.add("Merged from", fmt::format("merged_from/{}", i),
              fmt::format("{}: run {}, seed {}, host {}", origin.file, origin.id, origin.seed,
                          fmt::join(origin.hosts, ", ")));
  }
  std::string trials;
  for (std::size_t i = 0; i < Spelling<TrialStatus>::names.size(); ++i) {
    const auto status = static_cast<TrialStatus>(i);
    std::string words(name(status));
    for (auto& c : words)
      if (c == '_') c = ' ';
    if (const auto number = reading.trials_with(status); number != 0)
      trials += fmt::format("{}{} {}", trials.empty() ? "" : ", ", count(number), words);
  }
  facts.add("Trials", "trials", trials.empty() ? "none" : trials);
  facts.add("Chicane", "tool", fmt::format("{} ({})", run.tool_version, run.tool_revision));
  facts.add("Run", "id", run.id);
}

void write_builds(Markup& html, const Run& run) {
  if (run.builds.empty()) return;
  const auto card = html.element("article", {{"class", "card"}});
  html.leaf("h3", "Builds");
  const auto scroll = scrolling(html, "Builds");
  const auto table = html.element("table", {{"class", "builds"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    for (const auto* title : {"Plugin", "Build", "Compiler", "Flags", "Build id"})
      html.leaf("th", {{"scope", "col"}}, title);
  }
  const auto body = html.element("tbody");
  for (std::size_t i = 0; i < run.builds.size(); ++i) {
    const auto& build = run.builds[i];
    html.newline();
    const auto row = html.element("tr", {{"title", fmt::format("builds/{}", i)}});
    html.leaf("th", {{"scope", "row"}}, build.plugin);
    // Plugins that were built alike come together: how is told of the first.
    const auto alike = [&](const BuildFact& other) {
      return other.build == build.build && other.compiler == build.compiler && other.flags == build.flags;
    };
    if (i == 0 || !alike(run.builds[i - 1])) {
      const auto end =
          std::ranges::find_if_not(run.builds.begin() + static_cast<std::ptrdiff_t>(i), run.builds.end(), alike);
      const auto rows = std::to_string(end - run.builds.begin() - static_cast<std::ptrdiff_t>(i));
      html.leaf("td", {{"rowspan", rows}}, name(build.build));
      html.leaf("td", {{"rowspan", rows}}, build.compiler);
      html.leaf("td", {{"rowspan", rows}, {"class", "mono"}}, build.flags);
    }
    html.leaf("td", {{"class", "mono"}, {"title", "build id " + build.build_id}}, build.build_id.substr(0, 12));
  }
}

void write_not_judged(Markup& html, const Reading& reading) {
  const auto card = html.element("article", {{"class", "card"}});
  html.leaf("h3", "Not judged, and why");
  if (reading.run().verdicts.empty() || Counts(reading.counts()).of(Verdict::not_judged) == 0) {
    html.leaf("p", {{"class", "muted"}}, "Everything that was asked for was judged.");
    return;
  }
  // By reason, as most are those of many scenarios; then by scenario, with lanes after the last that has the same.
  struct Told {
    const ScenarioVerdict* verdict;
    std::string lanes;
  };
  std::vector<std::string_view> order;
  std::map<std::string_view, std::vector<Told>> by_reason;
  for (const auto& verdict : reading.run().verdicts) {
    if (verdict.verdict != Verdict::not_judged) continue;
    auto& all = by_reason[verdict.why];
    if (all.empty()) order.push_back(verdict.why);
    if (!all.empty() && all.back().verdict->scenario == verdict.scenario)
      all.back().lanes += fmt::format(", {}", name(verdict.lane));
    else
      all.push_back({&verdict, std::string(name(verdict.lane))});
  }
  const auto list = html.element("ul");
  for (const auto why : order) {
    html.newline();
    const auto item = html.element("li");
    html.leaf("b", why);
    const auto& all = by_reason[why];
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& [verdict, lanes] = all[i];
      html.text(i == 0 ? ": " : all[i - 1].lanes == lanes ? ", " : "; ");
      html.leaf("a", {{"href", "#" + scenario_anchor(reading, verdict->scenario)}}, verdict->scenario);
      if (i + 1 == all.size() || all[i + 1].lanes != lanes) html.text(" in " + lanes);
    }
  }
}

void write_notes(Markup& html, const Run& run) {
  if (run.notes.empty()) return;
  const auto card = html.element("article", {{"class", "card"}});
  html.leaf("h3", "Notes");
  const auto list = html.element("ul");
  for (std::size_t i = 0; i < run.notes.size(); ++i)
    html.leaf("li", {{"title", fmt::format("notes/{}", i)}}, run.notes[i]);
}

}  // namespace

void write_host(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  const auto section = html.element("section", {{"id", "host"}});
  html.leaf("h2", "Host and run");
  for (std::size_t i = 0; i < run.hosts.size(); ++i) {
    const auto& host = run.hosts[i];
    const auto title = host.cpu.empty() ? std::string("Host") : host.cpu;
    write_host_card(html, host, run.hosts.size() > 1 ? fmt::format("{}: {}", host.id, title) : title, i);
  }
  html.newline();
  write_run_card(html, page.reading);
  write_builds(html, run);
  write_not_judged(html, page.reading);
  write_notes(html, run);
  html.newline();
}

}  // namespace chicane::reports
