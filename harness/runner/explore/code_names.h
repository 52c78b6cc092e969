// Names for the addresses of a process that is there: this one, or a program that was started to be explored. Asked of
// the debugging information, outside of any schedule. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/model/scenario.h"
#include "harness/runner/explore/picture.h"

struct Dwfl;

namespace chicane::explore {

struct NamedMemory {  // the scenario's own
  std::string type;   // "state", "environment", "harness"
  std::uintptr_t start = 0;
  std::size_t size_bytes = 0;
  std::vector<Field> fields;  // those that its declaration names
};

class CodeNames final : public Names {
 public:
  explicit CodeNames(pid_t process, std::vector<NamedMemory> memory = {});
  ~CodeNames() override;
  CodeNames(const CodeNames&) = delete;
  CodeNames& operator=(const CodeNames&) = delete;

  // Return addresses, innermost first.
  chicane::Stack stack(const Stack& addresses);
  chicane::Stack user_stack(const Stack& addresses) override;
  std::string object(std::uintptr_t address, bool synchronisation) override;
  bool is_harness(std::uintptr_t address) override;

  // A number for a lock or the like, from 1 in the order of asking; "M1" is its name.
  std::uint32_t number(std::uintptr_t object);
  const std::map<std::uintptr_t, std::uint32_t>& numbered() const { return numbers_; }
  // What is known without a finding: the scenario's own memory, and globals.
  Location location(std::uintptr_t address);

 private:
  const std::vector<Frame>& frames(std::uintptr_t return_address);

  std::vector<NamedMemory> memory_;
  Dwfl* session_ = nullptr;
  std::map<std::uintptr_t, std::vector<Frame>> known_;
  std::map<std::uintptr_t, std::uint32_t> numbers_, cells_;
};

}  // namespace chicane::explore
