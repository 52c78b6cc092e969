// Where the dynamic loader would find a library (ld.so(8)). Reads the environment and files; made anew for each use.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/elf/elf.h"

namespace chicane {

class LibrarySearch {
 public:
  LibrarySearch();

  // A library that loads another, and whose own folders count in the search.
  struct Loader {
    std::string path;
    ElfFacts facts;
    std::vector<std::string> inherited_rpath;  // of those that loaded it
  };
  // The path of `needed`, and its facts; empty path: not found.
  Loader find(const std::string& needed, const Loader& from) const;

 private:
  std::vector<std::string> environment_;              // LD_LIBRARY_PATH
  std::multimap<std::string, std::string> ldconfig_;  // /etc/ld.so.cache: name to paths
  std::vector<std::string> standard_;
};

// The entries of a cache file's bytes in glibc's format (sysdeps/generic/dl-cache.h, "glibc-ld.so.cache1.1"); empty
// when it is of no such format.
std::multimap<std::string, std::string> read_loader_cache(const std::string& bytes);

}  // namespace chicane
