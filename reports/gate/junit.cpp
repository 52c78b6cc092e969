// The gate as JUnit XML: a case for each comparison, and one for each finding.
#include <fmt/format.h>

#include "reports/gate.h"
#include "reports/gate/words.h"
#include "reports/markup.h"

namespace chicane {
namespace reports {
namespace {

struct Case {
  std::string name, classname, tag, message, body;
};

Case case_of(const GateEntry& entry) {
  Case one{name_of(entry), "gate." + entry.scenario.substr(0, entry.scenario.find('/')), "", entry.why, ""};
  switch (entry.verdict) {
    case GateVerdict::pass:
    case GateVerdict::improved: break;
    case GateVerdict::inconclusive:
    case GateVerdict::invalid:
    case GateVerdict::not_compared: one.tag = "skipped"; break;
    case GateVerdict::missing:
    case GateVerdict::error: one.tag = "error"; break;
    case GateVerdict::regression:
    case GateVerdict::wrong: one.tag = "failure"; break;
  }
  for (const auto& measure : entry.measures)
    one.body += fmt::format("{}: {}, {} would be seen\n", measure.name, ratio_of(measure), detectable_of(measure));
  return one;
}

}  // namespace
}  // namespace reports

std::string render_gate_junit(const GateResult& result) {
  using namespace reports;
  std::vector<Case> cases;
  for (const auto& entry : result.entries) cases.push_back(case_of(entry));
  for (const auto& finding : result.findings)
    cases.push_back({fmt::format("{} {} {}", finding.scenario, name(finding.lane), name(finding.kind)), "gate.findings",
                     finding.waived.empty() ? "failure" : "", words_of(finding), ""});
  // What is decided of the whole must show, whatever its parts say.
  const bool failed = result.verdict != GateVerdict::pass && result.verdict != GateVerdict::improved;
  const bool open = result.verdict == GateVerdict::inconclusive || result.verdict == GateVerdict::invalid;
  cases.push_back({"gate", "gate", !failed ? "" : open ? "skipped" : "failure", sentence_of(result), ""});
  unsigned failures = 0, errors = 0, skipped = 0;
  for (const auto& one : cases) {
    failures += one.tag == "failure";
    errors += one.tag == "error";
    skipped += one.tag == "skipped";
  }
  Markup xml(Markup::Language::xml);
  xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  const auto time = fmt::format("{:.3f}", static_cast<double>(result.duration_ns) / 1e9);
  const auto tests = std::to_string(cases.size()), failure_count = std::to_string(failures),
             error_count = std::to_string(errors), skipped_count = std::to_string(skipped);
  {
    const auto suites = xml.element("testsuites", {{"name", "chicane gate"},
                                                   {"tests", tests},
                                                   {"failures", failure_count},
                                                   {"errors", error_count},
                                                   {"time", time}});
    const auto suite = xml.element("testsuite", {{"name", "gate"},
                                                 {"tests", tests},
                                                 {"failures", failure_count},
                                                 {"errors", error_count},
                                                 {"skipped", skipped_count},
                                                 {"time", time}});
    for (const auto& one : cases) {
      const auto test_case = xml.element("testcase", {{"classname", one.classname}, {"name", one.name}});
      if (one.tag == "skipped") {
        xml.empty("skipped", {{"message", one.message}});
      } else if (!one.tag.empty()) {
        const auto problem = xml.element(one.tag, {{"message", one.message}});
        xml.text(one.body, Layout::block);
      } else if (!one.body.empty()) {
        xml.leaf("system-out", {}, one.body);
      }
    }
  }
  xml.newline();
  return std::move(xml).take();
}

}  // namespace chicane
