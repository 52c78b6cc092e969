#include "harness/runner/explore/code_names.h"

#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <utility>

#include <elfutils/libdwfl.h>
#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "harness/supervisor/stuck/frames.h"

namespace chicane::explore {
namespace {

constexpr Dwfl_Callbacks callbacks{.find_elf = dwfl_linux_proc_find_elf,
                                   .find_debuginfo = dwfl_standard_find_debuginfo,
                                   .section_address = nullptr,
                                   .debuginfo_path = nullptr};

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 && text ? std::string(text.get()) : std::string(name);
}

}  // namespace

CodeNames::CodeNames(pid_t process, std::vector<NamedMemory> memory)
    : memory_(std::move(memory)), session_(dwfl_begin(&callbacks)) {
  if (session_ == nullptr) return;
  dwfl_report_begin(session_);
  if (dwfl_linux_proc_report(session_, process) != 0 || dwfl_report_end(session_, nullptr, nullptr) != 0) {
    dwfl_end(session_);
    session_ = nullptr;
  }
}

CodeNames::~CodeNames() {
  if (session_ != nullptr) dwfl_end(session_);
}

const std::vector<Frame>& CodeNames::frames(std::uintptr_t return_address) {
  const auto [entry, is_new] = known_.try_emplace(return_address);
  if (is_new)
    entry->second = session_ == nullptr ? std::vector<Frame>(1) : stuck::frames_at(session_, return_address - 1);
  return entry->second;
}

chicane::Stack CodeNames::stack(const Stack& addresses) {
  chicane::Stack all;
  for (const auto address : addresses) {
    if (address == 0) continue;
    const auto& inlined = frames(address);
    all.insert(all.end(), inlined.begin(), inlined.end());
  }
  return all;
}

chicane::Stack CodeNames::user_stack(const Stack& addresses) {
  chicane::Stack users;
  for (auto& frame : stack(addresses))
    if (is_user_frame(frame)) users.push_back(std::move(frame));
  return users;
}

std::uint32_t CodeNames::number(std::uintptr_t object) {
  return numbers_.try_emplace(object, static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
}

Location CodeNames::location(std::uintptr_t address) {
  for (const auto& memory : memory_) {
    if (address < memory.start || address - memory.start >= memory.size_bytes) continue;
    const std::uint64_t offset = address - memory.start;
    const Field* member = nullptr;  // the smallest declared one around the address
    for (const auto& field : memory.fields)
      if (offset >= field.offset_bytes && offset - field.offset_bytes < field.size_bytes &&
          (member == nullptr || field.size_bytes < member->size_bytes))
        member = &field;
    return {memory.type,
            member != nullptr ? member->name : fmt::format("{}+{}", memory.type, offset),
            offset,
            memory.size_bytes,
            {}};
  }
  if (auto* const module = session_ == nullptr ? nullptr : dwfl_addrmodule(session_, address)) {
    GElf_Off offset = 0;
    GElf_Sym symbol{};
    const char* const name = dwfl_module_addrinfo(module, address, &offset, &symbol, nullptr, nullptr, nullptr);
    if (name != nullptr && offset < std::max<GElf_Xword>(symbol.st_size, 1))
      return {"global", demangled(name), offset, symbol.st_size, {}};
  }
  return {"unknown", "", 0, 0, {}};
}

bool CodeNames::is_harness(std::uintptr_t address) {
  for (const auto& memory : memory_)
    if (memory.type == "harness" && address >= memory.start && address - memory.start < memory.size_bytes) return true;
  return false;
}

std::string CodeNames::object(std::uintptr_t address, bool synchronisation) {
  if (synchronisation) return fmt::format("M{}", number(address));
  const auto at = location(address);
  if (at.type == "global") return at.offset_bytes == 0 ? at.name : fmt::format("{}+{}", at.name, at.offset_bytes);
  if (!at.name.empty()) return at.name;
  return fmt::format("A{}", cells_.try_emplace(address, static_cast<std::uint32_t>(cells_.size() + 1)).first->second);
}

}  // namespace chicane::explore
