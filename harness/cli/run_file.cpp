#include "harness/cli/run_file.h"

#include <utility>

#include "harness/model/files.h"
#include "harness/model/json.h"

namespace chicane {

Result<Run> read_run(const std::string& file) {
  auto text = read_file(file);
  if (!text) return std::unexpected(std::move(text.error()));
  auto run = parse_run(*text);
  if (!run) return std::unexpected(std::move(run.error()).within(file));
  return run;
}

}  // namespace chicane
