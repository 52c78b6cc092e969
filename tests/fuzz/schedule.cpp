// Schedule files: whoever has one by mail replays it.
#include <string>

#include "harness/explore/search/schedule_file.h"
#include "tests/fuzz/require.h"

using namespace chicane;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto file = explore::parse_schedule(text);
  if (!file) {
    require(!file.error().message.empty(), "an error says something");
    return 0;
  }
  for (const auto& decision : file->decisions)
    require(decision.alternatives >= 2 && decision.chosen < decision.alternatives, "a choice is one of several");
  const std::string written = explore::to_text(*file);
  const auto again = explore::parse_schedule(written);
  require(again.has_value(), "what is written can be read");
  require(again->decisions == file->decisions && again->learned == file->learned, "what was read and written is equal");
  require(again->args == file->args || file->scenario.empty(), "and so are a scenario's parameters");
  require(explore::to_text(*again) == written, "and is written the same again");
  return 0;
}
