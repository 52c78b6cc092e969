// chicane-sample-report FORMAT [RUN]: a sample run in one format, on stdout; "gate" is a sample gate's page. Golden
// files are made with it, and the tests that look at reports from outside (a browser, an XML parser) get theirs from
// it.
#include <cstdio>
#include <functional>
#include <map>
#include <ranges>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/model/json.h"
#include "reports/gate.h"
#include "reports/render.h"
#include "tests/reports/golden.h"
#include "tests/reports/sample_gate.h"
#include "tests/reports/sample_run.h"

int main(int argc, char** argv) {
  using namespace chicane;
  const std::string_view format = argc > 1 ? argv[1] : "";
  const std::string_view kind = argc > 2 ? argv[2] : "trouble";
  const std::map<std::string_view, Run (*)()> runs{
      {"trouble", [] { return sample::sample_run(sample::Trouble::some); }},
      {"clean", [] { return sample::sample_run(sample::Trouble::none); }},
      {"hostile", sample::hostile_run},
      {"explored", sample::explored_run},
      {"hostile-explored", [] { return sample::attacked(sample::explored_run()); }},
      {"waiting", [] { return sample::of_family(sample::sample_run(sample::Trouble::none), "waiting"); }},
      {"claims", sample::run_with_claims},
      {"merged", sample::merged_run},
      {"huge", sample::huge_texts_run},
      {"catalogue", [] { return sample::run_with_scenarios(200, 16'000); }},
      {"large", [] { return sample::run_with_scenarios(10'000, 50'000); }},
      {"largest", [] { return sample::run_with_scenarios(10'000, 200'000); }},
  };
  const std::map<std::string_view, GateResult (*)()> gates{
      {"trouble", sample::sample_gate}, {"clean", sample::clean_gate}, {"hostile", sample::hostile_gate}};
  // Beside an older run, which was clean, and in a history.
  const auto render_compared = [&](const Run& run) {
    const bool hostile = kind == "hostile";
    const auto clean = sample::sample_run(sample::Trouble::none);
    const auto baseline = hostile ? sample::attacked(clean) : clean;
    const auto times = hostile ? sample::hostile_gate() : sample::sample_gate();
    const std::string file = "history.sqlite";
    return render_html_with(run, {&baseline, &times, hostile ? file + sample::attack : file,
                                  sample::sample_history(hostile ? sample::attack : "")});
  };
  const std::map<std::string_view, std::function<std::string(const Run&)>> formats{
      {"html", render_html},
      {"html-compared", render_compared},
      {"html-without-assets", [](const Run& run) { return sample::without_assets(render_html(run)); }},
      {"junit", render_junit},
      {"console", [](const Run& run) { return render_console(run, {}); }},
      {"sarif", [](const Run& run) { return render_sarif(run); }},
      {"markdown", render_markdown},
      {"gbench", render_gbench},
      {"csv", render_csv},
      {"annotations", [](const Run& run) { return render_annotations(run); }},
      {"json", [](const Run& run) { return to_json(run); }},
  };
  const auto print = [](const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
  };
  if (const auto gate = gates.find(kind); format == "gate" && gate != gates.end())
    return print(render_gate_html(gate->second()));
  const auto chosen = runs.find(kind);
  const auto render = formats.find(format);
  if (chosen == runs.end() || render == formats.end()) {
    fmt::print(stderr, "chicane-sample-report FORMAT [RUN]\n  formats: {} gate\n  runs: {}\n  gates: {}\n",
               fmt::join(std::views::keys(formats), " "), fmt::join(std::views::keys(runs), " "),
               fmt::join(std::views::keys(gates), " "));
    return 2;
  }
  return print(render->second(chosen->second()));
}
