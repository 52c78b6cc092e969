#include "harness/supervisor/stuck/frames.h"

#include <cstdlib>
#include <cxxabi.h>
#include <dwarf.h>
#include <filesystem>
#include <memory>
#include <string>

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

namespace chicane::stuck {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
template <typename T>
using Freed = std::unique_ptr<T, Free>;

std::string demangled(const char* name) {
  if (name == nullptr) return {};
  int status = 0;
  const Freed<char> text(abi::__cxa_demangle(name, nullptr, nullptr, &status));
  return status == 0 && text ? std::string(text.get()) : std::string(name);
}

std::string plain_path(const char* path) {
  return path == nullptr ? std::string() : std::filesystem::path(path).lexically_normal().string();
}

std::string function_of(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  for (const unsigned int kind : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name})
    if (dwarf_attr_integrate(die, kind, &attribute) != nullptr) return demangled(dwarf_formstring(&attribute));
  const char* const name = dwarf_diename(die);
  return name == nullptr ? std::string() : std::string(name);
}

std::uint64_t number(Dwarf_Die* die, unsigned int kind) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(die, kind, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) return 0;
  return value;
}

// clang writes no table of addresses, so each unit is asked for its own.
Dwarf_Die* unit_of(Dwfl_Module* module, Dwarf_Addr address, Dwarf_Addr& bias) {
  for (Dwarf_Die* unit = nullptr; (unit = dwfl_module_nextcu(module, unit, &bias)) != nullptr;)
    if (dwarf_haspc(unit, address - bias) == 1) return unit;
  return nullptr;
}

// The scopes around an address as they lie in memory, the innermost first.
std::size_t scopes_at(Dwarf_Die* unit, Dwarf_Addr address, Freed<Dwarf_Die>& scopes) {
  Dwarf_Die* found = nullptr;
  if (dwarf_getscopes(unit, address, &found) <= 0) return 0;
  const Freed<Dwarf_Die> innermost(found);
  Dwarf_Die* around = nullptr;
  const int count = dwarf_getscopes_die(innermost.get(), &around);
  scopes.reset(around);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

// Where the call of an inlined function stands.
void go_to_call(Dwarf_Die* unit, Dwarf_Die* inlined, Frame& at) {
  at.line = static_cast<std::uint32_t>(number(inlined, DW_AT_call_line));
  at.column = static_cast<std::uint32_t>(number(inlined, DW_AT_call_column));
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  const auto index = number(inlined, DW_AT_call_file);
  at.file.clear();
  if (dwarf_getsrcfiles(unit, &files, &count) == 0 && index < count)
    at.file = plain_path(dwarf_filesrc(files, index, nullptr, nullptr));
}

}  // namespace

std::vector<Frame> frames_at(Dwfl* session, std::uint64_t address) {
  std::vector<Frame> frames;
  Frame at;
  Dwfl_Module* const module = dwfl_addrmodule(session, address);
  if (module == nullptr) return {at};
  const char* const name = dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  if (name != nullptr) at.module = std::filesystem::path(name).filename().string();
  Dwarf_Addr bias = 0;
  if (Dwarf_Die* const unit = unit_of(module, address, bias)) {
    if (Dwarf_Line* const line = dwarf_getsrc_die(unit, address - bias)) {
      int number_of_line = 0, column = 0;
      dwarf_lineno(line, &number_of_line);
      dwarf_linecol(line, &column);
      at.file = plain_path(dwarf_linesrc(line, nullptr, nullptr));
      at.line = static_cast<std::uint32_t>(number_of_line);
      at.column = static_cast<std::uint32_t>(column);
    }
    Freed<Dwarf_Die> scopes;
    const auto count = scopes_at(unit, address - bias, scopes);
    for (std::size_t i = 0; i < count; ++i) {
      Dwarf_Die* const scope = scopes.get() + i;
      const int tag = dwarf_tag(scope);
      if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
      at.function = function_of(scope);
      frames.push_back(at);
      if (tag == DW_TAG_subprogram) return frames;
      go_to_call(unit, scope, at);
    }
  }
  if (frames.empty()) {
    at.function = demangled(dwfl_module_addrname(module, address));
    if (const auto version = at.function.find('@'); version != std::string::npos) at.function.resize(version);
    frames.push_back(at);
  }
  return frames;
}

}  // namespace chicane::stuck
