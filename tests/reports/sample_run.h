// A run as the tool makes it, built by hand: five families, both lanes, every verdict and every shape of finding.
// Everything in it is fixed, so that what is rendered from it can be compared byte for byte.
#pragma once

#include <cstdint>
#include <string>

#include "harness/model/run.h"

namespace chicane::sample {

// With trouble: an undeclared second race, a missed one, a scenario that could not be run. Without: all as declared.
enum class Trouble { none, some };
Run sample_run(Trouble trouble = Trouble::some);

// A small run of the explore lane: a race with the schedule that shows it.
Run explored_run();

// Two runs of two hosts as one, not concluded: its summaries are those of the first.
Run merged_run();

// What of a run is of one family, so that a golden file stays small.
Run of_family(Run run, const std::string& family);

// A small run with claims and choices, made up.
Run run_with_claims();

// The same run, in which every text that a scenario, a host or a file could bring is an attack: markup, quotes, control
// characters, bytes that are no UTF-8, marks that reorder text.
Run attacked(Run run);
Run hostile_run();
// A run with texts of a million characters: a name, a message, a function, a note.
Run huge_texts_run();
inline constexpr const char* attack =
    "<script>alert(1)</script>\"' onload='x()' &amp; ]]> \x1b[31m\x01\x7f \xc3\x28 \xff \xe2\x80\xae evil \xef\xbf\xbe "
    "{0} %s";

// A run of this many trials, with families, findings and summaries in proportion.
Run run_with_trials(std::uint32_t trials);

// A run of so many scenarios in all five lanes, with so many trials over them, and measures as real trials have them.
Run run_with_scenarios(std::uint32_t scenarios, std::uint32_t trials);

}  // namespace chicane::sample
