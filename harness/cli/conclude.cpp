#include "harness/cli/conclude.h"

#include <algorithm>

#include "harness/claims/claims.h"
#include "harness/statistics/scalability.h"
#include "harness/statistics/summary.h"

namespace chicane {

void conclude_figures(Run& run) {
  run.summaries = summarize(run);
  run.fits = fit_scaling(run);
  const auto is_apart = [](const Summary& summary) { return !summary.host.empty() || !summary.build.empty(); };
  if (std::ranges::any_of(run.summaries, is_apart)) {
    run.notes.push_back(
        "claims are not weighed over several hosts or builds, whose timings can't be compared; each run's own report "
        "has "
        "them");
    return;
  }
  run.claims = weigh_claims(run);
  run.choices = weigh_choices(run);
}

}  // namespace chicane
