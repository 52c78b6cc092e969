#include "harness/explore/search/code_map.h"

#include <cstring>
#include <link.h>
#include <string_view>
#include <unistd.h>

#include "harness/model/mixing.h"

namespace chicane::explore {
namespace {

std::string own_file() {
  char path[4096];
  const auto length = readlink("/proc/self/exe", path, sizeof path);
  return length <= 0 ? std::string() : std::string(path, static_cast<std::size_t>(length));
}

std::string hex(const unsigned char* bytes, std::size_t count) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) (text += digits[bytes[i] >> 4]) += digits[bytes[i] & 15];
  return text;
}

std::string build_id_in(const char* note, std::size_t bytes) {
  while (bytes >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) head;
    std::memcpy(&head, note, sizeof head);
    const std::size_t name = (head.n_namesz + 3u) & ~3u, description = (head.n_descsz + 3u) & ~3u;
    if (bytes < sizeof head + name + description) break;
    const char* const owner = note + sizeof head;
    if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == 4 && std::memcmp(owner, "GNU", 4) == 0)
      return hex(reinterpret_cast<const unsigned char*>(owner + name), head.n_descsz);
    note += sizeof head + name + description;
    bytes -= sizeof head + name + description;
  }
  return {};
}

int add_module(dl_phdr_info* info, std::size_t, void* context) {
  auto& modules = *static_cast<std::vector<CodeModule>*>(context);
  CodeModule module;
  module.path = info->dlpi_name == nullptr ? "" : info->dlpi_name;
  if (module.path.empty()) {
    if (!modules.empty()) return 0;  // the kernel's
    module.path = own_file();
  }
  module.base = info->dlpi_addr;
  module.low = ~std::uintptr_t{0};
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    const auto start = module.base + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      module.low = std::min<std::uintptr_t>(module.low, start);
      module.high = std::max<std::uintptr_t>(module.high, start + segment.p_memsz);
    } else if (segment.p_type == PT_NOTE && module.build_id.empty()) {
      module.build_id = build_id_in(reinterpret_cast<const char*>(start), segment.p_memsz);
    }
  }
  if (module.low < module.high) modules.push_back(std::move(module));
  return 0;
}

}  // namespace

CodeMap CodeMap::of_this_process() {
  std::vector<CodeModule> modules;
  dl_iterate_phdr(add_module, &modules);
  return CodeMap(std::move(modules));
}

const CodeModule* CodeMap::module_at(std::uintptr_t address) const {
  for (const auto& module : modules_)
    if (address >= module.low && address < module.high) return &module;
  return nullptr;
}

const CodeModule* CodeMap::module_named(const std::string& name) const {
  for (const auto& module : modules_)
    if (module.name() == name) return &module;
  return nullptr;
}

std::uint64_t CodeMap::place(std::uintptr_t address) const {
  const auto* module = module_at(address);
  if (module == nullptr) return address;
  return fnv1a(module->name()) ^ ((address - module->base) * splitmix64_step);
}

}  // namespace chicane::explore
