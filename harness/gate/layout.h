// The same plugin, linked again with its parts in another order and padding before them: where code lies moves timings
// by percents, and a change of the source moves all that comes after it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/gate/duet.h"
#include "harness/model/error.h"

namespace chicane {

// How a file was linked, as the build tool (ninja) of the tree that it lies in says. One owner, one thread.
class Layouts {
 public:
  // `folder`: where relinked plugins are put; they are removed with this object.
  explicit Layouts(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~Layouts();
  Layouts(const Layouts&) = delete;
  Layouts& operator=(const Layouts&) = delete;

  // Both sides lie in build trees with a link step that is understood.
  bool can_relink(const DuetPair& pair);
  // Lets both sides use plugins in a layout that `seed` decides: objects shuffled, up to a page of padding. A layout is
  // linked once and then used again: there are `layouts` of them for each plugin.
  Result<void> relink(DuetPair& pair, std::uint64_t seed);
  static constexpr std::uint64_t layouts = 4;

 private:
  struct Link {
    std::filesystem::path tree;
    std::vector<std::string> words;    // of the link command, with @OUT@ where the plugin stood
    std::vector<std::size_t> objects;  // positions of objects in it
  };
  const Link* link_of(const std::string& plugin);
  Result<std::string> linked(const std::string& plugin, std::uint64_t layout);

  std::filesystem::path folder_;
  std::map<std::string, Link> links_;  // by plugin; no words: it can't be linked again
  std::map<std::pair<std::string, std::uint64_t>, std::string> made_;
};

}  // namespace chicane
