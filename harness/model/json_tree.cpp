// What a build tree says of itself: <tree>/chicane-tree.json.
#include "harness/model/json.h"
#include "harness/model/json_codec.h"

namespace chicane {
namespace {

struct TreeGap {
  std::string scenario, reason;
  bool operator==(const TreeGap&) const = default;
};
struct TreeFile {
  TreeFacts facts;
  std::vector<TreeGap> gaps;
};

void members(auto& codec, json::Like<TreeGap> auto& gap) {
  codec.required("scenario", gap.scenario);
  codec.required("reason", gap.reason);
}
void members(auto& codec, json::Like<TreeFile> auto& file) {
  codec.required("build", file.facts.build);
  codec.required("runner", file.facts.runner);
  codec.required("plugins", file.facts.plugins);
  codec.optional("programs", file.facts.programs);
  codec.required("source", file.facts.source);
  codec.optional("flags", file.facts.flags);
  codec.optional("gaps", file.gaps);
}

}  // namespace

Result<TreeFacts> parse_tree_facts(std::string_view text) {
  auto file = json::parse_object<TreeFile>(text);
  if (!file) return std::unexpected(std::move(file.error()));
  for (auto& gap : file->gaps) file->facts.gaps.emplace_back(std::move(gap.scenario), std::move(gap.reason));
  return std::move(file->facts);
}

}  // namespace chicane
