// One line for a hosted CI: https://docs.github.com/actions, "Workflow commands". Pure.
#pragma once

#include <string>
#include <string_view>

#include "reports/source_root.h"

namespace chicane::reports {

// "::error file=…,line=…,title=…::message"; whatever the texts hold, it stays one command. `at`: nowhere, if empty.
std::string workflow_command(std::string_view level, const SourceLine& at, std::string_view title,
                             std::string_view message);

}  // namespace chicane::reports
