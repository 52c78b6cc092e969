// How a glob of the command line fits an id: fnmatch(3), in which `*` fits slashes too. Pure.
#pragma once

#include <algorithm>
#include <fnmatch.h>
#include <string>
#include <vector>

namespace chicane {

inline bool matches_glob(const std::string& glob, const std::string& id) {
  return fnmatch(glob.c_str(), id.c_str(), 0) == 0;
}
inline bool matches_any(const std::vector<std::string>& globs, const std::string& id) {
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) { return matches_glob(glob, id); });
}

}  // namespace chicane
