#include "harness/explore/modules.h"

#include <cstring>
#include <link.h>
#include <string_view>

#include <sys/mman.h>

// As the code generated for a thread-local variable of a shared library calls it.
struct ChicaneTlsIndex {
  unsigned long module;
  unsigned long offset;
};
extern "C" void* __tls_get_addr(ChicaneTlsIndex*);

namespace chicane::explore {
namespace {

constexpr std::size_t most_ranges = 1024;
CodeRange ranges[most_ranges];
std::size_t range_count = 0;
CodeRange modules[most_ranges];
std::size_t module_count = 0;
ThreadLocalImage images[most_ranges];
std::size_t image_count = 0;
unsigned long long loaded_so_far = 0;

struct Dynamic {
  const ElfW(Sym) * symbols = nullptr;
  const char* strings = nullptr;
  const std::uint32_t* gnu_hash = nullptr;
  const std::uint32_t* hash = nullptr;
};

std::uintptr_t absolute(const dl_phdr_info& info, std::uintptr_t pointer) {
  return pointer < info.dlpi_addr ? pointer + info.dlpi_addr : pointer;  // ld.so has relocated most, not all
}

// Whether the module imports what -fsanitize=thread calls.
bool calls_callbacks(const dl_phdr_info& info) {
  Dynamic dynamic;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    if (info.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    for (auto* entry = reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + info.dlpi_phdr[i].p_vaddr);
         entry->d_tag != DT_NULL; ++entry) {
      const std::uintptr_t at = absolute(info, entry->d_un.d_ptr);
      if (entry->d_tag == DT_SYMTAB) dynamic.symbols = reinterpret_cast<const ElfW(Sym)*>(at);
      if (entry->d_tag == DT_STRTAB) dynamic.strings = reinterpret_cast<const char*>(at);
      if (entry->d_tag == DT_GNU_HASH) dynamic.gnu_hash = reinterpret_cast<const std::uint32_t*>(at);
      if (entry->d_tag == DT_HASH) dynamic.hash = reinterpret_cast<const std::uint32_t*>(at);
    }
  }
  if (dynamic.symbols == nullptr || dynamic.strings == nullptr) return false;
  // Undefined symbols come before the hashed ones in the GNU order.
  const std::uint32_t count = dynamic.gnu_hash != nullptr ? dynamic.gnu_hash[1]
                              : dynamic.hash != nullptr   ? dynamic.hash[1]
                                                          : 0;
  for (std::uint32_t i = 1; i < count; ++i) {
    const auto& symbol = dynamic.symbols[i];
    if (symbol.st_shndx == SHN_UNDEF && std::string_view(dynamic.strings + symbol.st_name) == "__tsan_init")
      return true;
  }
  return false;
}

int look_at(dl_phdr_info* info, std::size_t, void*) {
  const std::string_view name = info->dlpi_name != nullptr ? info->dlpi_name : "";
  if (name.starts_with("linux-vdso")) return 0;
  const bool instrumented = calls_callbacks(*info);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& part = info->dlpi_phdr[i];
    const std::uintptr_t at = info->dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0 && range_count < most_ranges)
      ranges[range_count++] = {at, at + part.p_memsz, instrumented};
    if (part.p_type == PT_LOAD && module_count < most_ranges)
      modules[module_count++] = {at, at + part.p_memsz, instrumented};
    // A library that is not instrumented has its variables touched by code inlined from its headers (std::call_once):
    // they are few, and keep their values.
    constexpr std::size_t few_bytes = 256;
    if (part.p_type == PT_TLS && (instrumented || part.p_memsz <= few_bytes) && image_count < most_ranges)
      images[image_count++] = {info->dlpi_tls_modid, instrumented ? reinterpret_cast<const void*>(at) : nullptr,
                               part.p_filesz, part.p_memsz};
  }
  return 0;
}

int count_loaded(dl_phdr_info* info, std::size_t, void* count) {
  *static_cast<unsigned long long*>(count) = info->dlpi_adds;
  return 1;
}

bool follows_a_call(std::uintptr_t address) {
  unsigned char before[6];
  std::memcpy(before, reinterpret_cast<const void*>(address - sizeof before), sizeof before);
  if (before[1] == 0xe8) return true;                                // call rel32
  if (before[0] == 0xff && (before[1] & 0x38) == 0x10) return true;  // call [rip+disp32], [reg+disp32]
  return (before[4] == 0xff && (before[5] & 0x38) == 0x10) ||        // call reg, [reg]
         (before[3] == 0xff && (before[4] & 0x38) == 0x10);          // call [reg+disp8]
}

}  // namespace

void look_at_modules() {
  unsigned long long now = 0;
  dl_iterate_phdr(count_loaded, &now);
  if (now == loaded_so_far) return;
  loaded_so_far = now;
  range_count = module_count = image_count = 0;
  dl_iterate_phdr(look_at, nullptr);
}

std::uintptr_t whole_address(std::uint32_t low_28_bits) {
  constexpr std::uintptr_t span = std::uintptr_t{1} << 28;
  for (const bool instrumented : {true, false})
    for (std::size_t i = 0; i < range_count; ++i) {
      if (ranges[i].instrumented != instrumented) continue;
      std::uintptr_t address = (ranges[i].low & ~(span - 1)) | low_28_bits;
      if (address < ranges[i].low) address += span;
      if (address <= ranges[i].high) return address;
    }
  return 0;
}

bool is_instrumented(std::uintptr_t pc) {
  for (std::size_t i = 0; i < range_count; ++i)
    if (ranges[i].instrumented && pc > ranges[i].low && pc <= ranges[i].high) return true;
  return false;
}

std::uintptr_t code_location(void* returns_to, void* frame, std::uintptr_t stack_top) {
  constexpr std::size_t farthest = 512;  // words: the frames of a library function between the two
  const auto pc = reinterpret_cast<std::uintptr_t>(returns_to);
  if (is_instrumented(pc)) return pc;
  const auto* word = static_cast<const std::uintptr_t*>(frame);
  for (std::size_t i = 0; i < farthest; ++i, ++word) {
    if (reinterpret_cast<std::uintptr_t>(word) + sizeof *word > stack_top) break;
    if (is_instrumented(*word) && follows_a_call(*word)) return *word;
  }
  return pc;
}

bool module_holds(std::uintptr_t address) {
  for (std::size_t i = 0; i < module_count; ++i)
    if (address >= modules[i].low && address < modules[i].high) return true;
  return false;
}

void renew_thread_locals(void (*renewed)(std::uintptr_t, std::size_t)) {
  for (std::size_t i = 0; i < image_count; ++i) {
    ChicaneTlsIndex first{images[i].module, 0};
    auto* variables = static_cast<char*>(__tls_get_addr(&first));
    if (images[i].image != nullptr) {
      std::memcpy(variables, images[i].image, images[i].image_bytes);
      std::memset(variables + images[i].image_bytes, 0, images[i].bytes - images[i].image_bytes);
    }
    renewed(reinterpret_cast<std::uintptr_t>(variables), images[i].bytes);
  }
}

}  // namespace chicane::explore
