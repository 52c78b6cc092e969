// Code locations that mean the same in another process of the same program: a module and an offset into it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chicane::explore {

struct CodeModule {
  std::string path;
  std::string build_id;     // hex; empty: none
  std::uintptr_t base = 0;  // what addresses in its file are moved by
  std::uintptr_t low = 0, high = 0;
  std::string name() const { return path.substr(path.rfind('/') + 1); }
};

class CodeMap {
 public:
  CodeMap() = default;
  explicit CodeMap(std::vector<CodeModule> modules) : modules_(std::move(modules)) {}
  static CodeMap of_this_process();

  const CodeModule* module_at(std::uintptr_t address) const;
  const CodeModule* module_named(const std::string& name) const;
  // A digest of module and offset; of addresses in no module, the address.
  std::uint64_t place(std::uintptr_t address) const;
  const std::vector<CodeModule>& modules() const { return modules_; }

 private:
  std::vector<CodeModule> modules_;
};

}  // namespace chicane::explore
