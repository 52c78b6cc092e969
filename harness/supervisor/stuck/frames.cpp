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
    if (dwarf_attr_integrate(die, kind, &attribute) != nullptr)
      if (auto name = demangled(dwarf_formstring(&attribute)); !name.starts_with("_Z")) return name;
  // C functions, and what the demangler is too old for.
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

// The function around an address and the calls inlined there, the innermost last. libdw's own search passes over
// functions that stand in a namespace.
bool find_functions(Dwarf_Die* around, Dwarf_Addr address, std::vector<Dwarf_Die>& path) {
  Dwarf_Die child;
  if (dwarf_child(around, &child) != 0) return false;
  do {
    switch (dwarf_tag(&child)) {
      case DW_TAG_namespace:
        if (find_functions(&child, address, path)) return true;
        break;
      case DW_TAG_subprogram:
      case DW_TAG_inlined_subroutine:
        if (dwarf_haspc(&child, address) != 1) break;
        path.push_back(child);
        find_functions(&child, address, path);
        return true;
      case DW_TAG_lexical_block:
        if (dwarf_haspc(&child, address) != 1) break;
        if (find_functions(&child, address, path)) return true;
        break;
      default: break;
    }
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
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
    std::vector<Dwarf_Die> path;
    find_functions(unit, address - bias, path);
    for (; !path.empty(); path.pop_back()) {
      at.function = function_of(&path.back());
      frames.push_back(at);
      if (path.size() > 1) go_to_call(unit, &path.back(), at);
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
