#include "tests/benchmarks/loop_instructions.h"

#include <cstdint>
#include <cstdio>
#include <regex>
#include <string>
#include <vector>

namespace chicane {
namespace {

struct Instruction {
  std::uint64_t address = 0;
  std::string text;
};

std::vector<Instruction> disassemble(const std::string& file, const std::regex& function) {
  std::vector<Instruction> code;
  const std::string command = "llvm-objdump-19 --disassemble --no-show-raw-insn '" + file + "' 2>/dev/null";
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return code;
  static const std::regex header(R"(^[0-9a-f]+ <(.*)>:\n$)"), line(R"(^\s*([0-9a-f]+):\s+(.*)\n$)");
  bool inside = false;
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) {
    std::cmatch match;
    if (std::regex_match(buffer, match, header))
      inside = std::regex_search(match[1].first, match[1].second, function);
    else if (inside && std::regex_match(buffer, match, line))
      code.push_back({std::stoull(match[1], nullptr, 16), match[2]});
  }
  pclose(pipe);
  return code;
}

}  // namespace

std::optional<int> loop_instructions(const std::string& file, const std::string& function, const std::string& marker) {
  const auto code = disassemble(file, std::regex(function));
  const std::regex wanted(marker), jump(R"(^j\w+\s+0x([0-9a-f]+))");
  std::optional<int> fewest;
  for (const auto& instruction : code) {
    std::smatch match;
    if (!std::regex_search(instruction.text, match, jump)) continue;
    const auto target = std::stoull(match[1], nullptr, 16);
    if (target > instruction.address) continue;
    int count = 0;
    bool has_marker = false;
    for (const auto& inner : code) {
      if (inner.address < target || inner.address > instruction.address) continue;
      if (inner.text != "lock") ++count;  // a prefix with a line of its own
      has_marker = has_marker || std::regex_search(inner.text, wanted);
    }
    if (has_marker && (!fewest || count < *fewest)) fewest = count;
  }
  return fewest;
}

}  // namespace chicane
