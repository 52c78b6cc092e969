// How many instructions a turn of a loop has, by disassembly. For loop.cpp.
#pragma once

#include <optional>
#include <string>

namespace chicane {

// The innermost loop, of the functions whose mangled name fits `function` (a regular expression), that has an
// instruction fitting `marker`; its instructions, the jump back included. Nothing: no llvm-objdump-19, or no such loop.
std::optional<int> loop_instructions(const std::string& file, const std::string& function, const std::string& marker);

}  // namespace chicane
