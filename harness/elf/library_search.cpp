#include "harness/elf/library_search.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace chicane {
namespace {

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ':');)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::vector<std::string> expand(const std::vector<std::string>& folders, const std::string& library) {
  std::error_code ignored;
  const auto origin = std::filesystem::absolute(library, ignored).parent_path().string();
  std::vector<std::string> expanded;
  for (const auto& folder : folders) {
    const auto braced = replace_all(folder, "${ORIGIN}", origin);
    expanded.push_back(replace_all(braced, "$ORIGIN", origin));
  }
  return expanded;
}

}  // namespace

std::multimap<std::string, std::string> read_loader_cache(const std::string& bytes) {
  constexpr std::string_view magic = "glibc-ld.so.cache1.1";
  struct Header {
    char magic[20];
    std::uint32_t entries;
    std::uint32_t string_bytes;
    std::uint32_t rest[5];
  };
  struct Entry {
    std::int32_t flags;
    std::uint32_t name;  // offsets from the header
    std::uint32_t path;
    std::uint32_t os_version;
    std::uint64_t hwcap;
  };
  std::multimap<std::string, std::string> found;
  Header header;
  if (!bytes.starts_with(magic) || bytes.size() < sizeof header) return found;
  std::memcpy(&header, bytes.data(), sizeof header);
  const auto text = [&](std::uint32_t offset) {
    return offset < bytes.size()
               ? std::string(bytes.data() + offset, strnlen(bytes.data() + offset, bytes.size() - offset))
               : std::string();
  };
  for (std::uint32_t i = 0; i < header.entries; ++i) {
    const std::size_t at = sizeof header + std::size_t{i} * sizeof(Entry);
    if (at + sizeof(Entry) > bytes.size()) break;
    Entry entry;
    std::memcpy(&entry, bytes.data() + at, sizeof entry);
    found.emplace(text(entry.name), text(entry.path));
  }
  return found;
}

LibrarySearch::LibrarySearch() {
  // The runner is no set-user-ID program, so the loader does follow the variable.
  if (const char* folders = std::getenv("LD_LIBRARY_PATH"); folders != nullptr) environment_ = split(folders);
  std::ifstream cache("/etc/ld.so.cache", std::ios::binary);
  std::stringstream bytes;
  bytes << cache.rdbuf();
  ldconfig_ = read_loader_cache(bytes.str());
  standard_ = {"/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"};
  for (const std::string triplet : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    standard_.push_back("/lib/" + triplet);
    standard_.push_back("/usr/lib/" + triplet);
  }
}

LibrarySearch::Loader LibrarySearch::find(const std::string& needed, const Loader& from) const {
  auto rpath = from.inherited_rpath;
  // Where there is a RUNPATH, the loader passes over every RPATH.
  if (from.facts.runpath.empty())
    for (auto& folder : expand(from.facts.rpath, from.path)) rpath.push_back(std::move(folder));

  std::vector<std::string> candidates;
  const auto add = [&](const std::vector<std::string>& folders) {
    for (const auto& folder : folders) candidates.push_back(folder + "/" + needed);
  };
  if (needed.find('/') != std::string::npos) {
    candidates.push_back(needed);
  } else {
    if (from.facts.runpath.empty()) add(rpath);
    add(environment_);
    add(expand(from.facts.runpath, from.path));
    const auto [begin, end] = ldconfig_.equal_range(needed);
    for (auto at = begin; at != end; ++at) candidates.push_back(at->second);
    add(standard_);
  }
  for (const auto& path : candidates) {
    auto facts = read_elf(path);
    // A library of another machine or word size (i386 beside amd64) is passed over, as the loader does.
    if (facts && facts->machine == from.facts.machine && facts->elf_class == from.facts.elf_class)
      return {path, std::move(*facts), std::move(rpath)};
  }
  return {};
}

}  // namespace chicane
