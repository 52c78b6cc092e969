// The gate as workflow commands of a hosted CI.
#include "reports/annotations/workflow_command.h"
#include "reports/gate.h"
#include "reports/gate/words.h"

namespace chicane {

std::string render_gate_annotations(const GateResult& result) {
  using namespace reports;
  std::string text;
  const auto line = [&](std::string_view level, const std::string& what, const std::string& message) {
    text += workflow_command(level, {}, "Chicane: " + what, message);
  };
  for (const auto& finding : result.findings)
    if (finding.waived.empty()) line("error", finding.scenario, words_of(finding));
  for (const auto& entry : result.entries) switch (entry.verdict) {
      case GateVerdict::regression:
      case GateVerdict::error:
      case GateVerdict::missing: line("error", name_of(entry), words_of(entry.verdict) + ": " + entry.why); break;
      case GateVerdict::inconclusive:
      case GateVerdict::invalid: line("warning", name_of(entry), words_of(entry.verdict) + ": " + entry.why); break;
      case GateVerdict::wrong:  // its findings are there
      case GateVerdict::pass:
      case GateVerdict::improved:
      case GateVerdict::not_compared: break;
    }
  return text;
}

}  // namespace chicane
