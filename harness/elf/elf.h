// What a library's file says of how it was built, read without loading it. Functions of files alone: they may be called
// from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/words.h"

namespace chicane {

struct NoteFact {  // one of a plugin's notes (chicane_note); each of its translation units has one
  std::uint32_t abi_version = 0;
  std::uint32_t build = 0;  // as in the file: may be none of Build
  bool operator==(const NoteFact&) const = default;
};

struct ElfFacts {
  bool shared = false;
  std::uint16_t machine = 0;  // EM_X86_64, …
  std::uint8_t elf_class = 0;
  std::string build_id;  // hex; empty: none
  std::vector<NoteFact> chicane_notes;
  bool exports_plugin_entry = false;
  std::vector<std::string> undefined;  // symbols it expects of others, sorted
  std::vector<std::string> needed;     // DT_NEEDED
  std::vector<std::string> rpath;      // folders, as written ("$ORIGIN/…")
  std::vector<std::string> runpath;

  bool references(const std::string& symbol) const;
};

// Errors: unreadable, no regular file, no ELF file, truncated or damaged.
Result<ElfFacts> read_elf(const std::string& file);

// Of which build a plugin is. Errors, worded to follow "FILE: ": no plugin, units that disagree, a note that the code
// belies, an ABI that this version does not speak.
Result<Build> plugin_build(const ElfFacts& facts);

struct Library {
  std::string name;  // as its user needs it: "libz.so.1"
  std::string path;
  bool operator==(const Library&) const = default;
};

// The libraries under a plugin that ThreadSanitizer would be blind in, directly or indirectly needed, in the order in
// which they are found; the C and C++ run-time is no part of them (TSan knows it). Empty for builds without TSan.
// Libraries that can't be found are left to the loader's own message.
std::vector<Library> uninstrumented_libraries(const std::string& file, Build build);

}  // namespace chicane
