// A plugin file, opened: checked without running any of its code, then loaded for good and read.
#pragma once

#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/scenario.h"
#include "harness/runner/tables.h"

namespace chicane {

struct OpenPlugin {
  PluginDescription description;
  std::vector<RunnableScenario> scenarios;  // in the order of description.scenarios
};

// Never closed again: reports about its code come after its last line ran. Fails with a message for the user when the
// file is no plugin, has another ABI or another build than `runner`, needs libraries that the runner's sanitizer can't
// see into (besides those of `allow_uninstrumented`), can't be loaded, or declares something wrong.
Result<OpenPlugin> open_plugin(const std::string& file, Build runner,
                               const std::vector<std::string>& allow_uninstrumented);

// The build of this very runner.
Build runner_build();

}  // namespace chicane
