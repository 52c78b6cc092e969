#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <memory>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/stat.h>

#include "harness/elf/elf.h"

namespace chicane {
namespace {

// Owners of notes; the zero at the end is part of such a name.
using std::string_view_literals::operator""sv;
constexpr auto chicane_owner = "Chicane\0"sv, gnu_owner = "GNU\0"sv;

class OpenFile {
 public:
  explicit OpenFile(const std::string& file) : descriptor_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, EndElf>;

std::string system_message(int error) { return std::system_category().message(error); }

// Reads one file; every offset that the file states is checked against its size before it is followed.
class ElfReader {
 public:
  ElfReader(Elf* elf, std::uint64_t size_bytes) : elf_(elf), size_bytes_(size_bytes) {}

  Result<ElfFacts> read() {
    GElf_Ehdr header;
    if (gelf_getehdr(elf_, &header) == nullptr) return damaged();
    facts_.shared = header.e_type == ET_DYN;
    facts_.machine = header.e_machine;
    facts_.elf_class = header.e_ident[EI_CLASS];
    if (auto checked = check_tables(header); !checked) return std::unexpected(std::move(checked.error()));
    if (auto checked = read_segments(); !checked) return std::unexpected(std::move(checked.error()));
    if (auto checked = read_sections(); !checked) return std::unexpected(std::move(checked.error()));
    // Without section headers (a stripped file) the loader's view is left.
    const bool no_notes = facts_.chicane_notes.empty();
    for (const auto& [offset, size] : note_segments_) read_notes(offset, size, no_notes);
    std::ranges::sort(facts_.undefined);
    return std::move(facts_);
  }

 private:
  static std::unexpected<Error> damaged() { return failure(fmt::format("is damaged: {}", elf_errmsg(-1))); }
  Result<void> within(std::uint64_t offset, std::uint64_t size, std::string_view what) const {
    if (offset <= size_bytes_ && size <= size_bytes_ - offset) return {};
    return failure(fmt::format("is truncated or damaged: {} should be at bytes {} to {}, but it has {} bytes", what,
                               offset, offset + size, size_bytes_));
  }

  Result<void> check_tables(const GElf_Ehdr& header) const {
    // As the file states them: libelf counts only what is there.
    const std::uint64_t sections = std::max<std::uint64_t>(header.e_shnum, 1);
    const std::uint64_t segments = header.e_phnum;
    const std::uint64_t section_bytes = gelf_fsize(elf_, ELF_T_SHDR, 1, EV_CURRENT);
    if (header.e_shoff != 0)
      if (auto checked = within(header.e_shoff, sections * section_bytes, "its section headers"); !checked)
        return checked;
    return within(header.e_phoff, segments * gelf_fsize(elf_, ELF_T_PHDR, 1, EV_CURRENT), "its program headers");
  }

  Result<void> read_segments() {
    std::size_t count = 0;
    if (elf_getphdrnum(elf_, &count) != 0) return damaged();
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Phdr header;
      if (gelf_getphdr(elf_, static_cast<int>(i), &header) == nullptr) return damaged();
      if (auto checked = within(header.p_offset, header.p_filesz, fmt::format("segment {}", i)); !checked)
        return checked;
      if (header.p_type == PT_NOTE) note_segments_.emplace_back(header.p_offset, header.p_filesz);
    }
    return {};
  }

  Result<void> read_sections() {
    std::size_t names = 0;
    if (elf_getshdrstrndx(elf_, &names) != 0) return damaged();
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf_, section)) != nullptr) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr) return damaged();
      if (header.sh_type == SHT_NOBITS) continue;
      if (auto checked = within(header.sh_offset, header.sh_size, fmt::format("section {}", elf_ndxscn(section)));
          !checked)
        return checked;
      const char* name = elf_strptr(elf_, names, header.sh_name);
      if (name != nullptr && std::string_view(name) == ".note.chicane")
        read_notes(header.sh_offset, header.sh_size, true);
      else if (header.sh_type == SHT_DYNAMIC)
        read_dynamic(section, header);
      else if (header.sh_type == SHT_DYNSYM)
        read_symbols(section, header);
    }
    return {};
  }

  void read_notes(std::uint64_t offset, std::uint64_t size, bool take_chicane_notes) {
    if (offset > size_bytes_ || size > size_bytes_ - offset) return;
    Elf_Data* data = elf_getdata_rawchunk(elf_, static_cast<std::int64_t>(offset), size, ELF_T_NHDR);
    if (data == nullptr) return;
    GElf_Nhdr note;
    std::size_t at = 0, name_at = 0, desc_at = 0;
    while (at < data->d_size && (at = gelf_getnote(data, at, &note, &name_at, &desc_at)) > 0) {
      const auto* bytes = static_cast<const char*>(data->d_buf);
      const std::string_view name(bytes + name_at, note.n_namesz);
      if (take_chicane_notes && name == chicane_owner && note.n_type == 1 && note.n_descsz >= 8) {
        NoteFact fact;
        std::memcpy(&fact.abi_version, bytes + desc_at, sizeof fact.abi_version);
        std::memcpy(&fact.build, bytes + desc_at + 4, sizeof fact.build);
        facts_.chicane_notes.push_back(fact);
      } else if (name == gnu_owner && note.n_type == NT_GNU_BUILD_ID && facts_.build_id.empty()) {
        for (std::size_t i = 0; i < note.n_descsz; ++i)
          facts_.build_id += fmt::format("{:02x}", static_cast<unsigned char>(bytes[desc_at + i]));
      }
    }
  }

  void read_dynamic(Elf_Scn* section, const GElf_Shdr& header) {
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) return;
    const auto count = data->d_size / gelf_fsize(elf_, ELF_T_DYN, 1, EV_CURRENT);
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Dyn entry;
      if (gelf_getdyn(data, static_cast<int>(i), &entry) == nullptr || entry.d_tag == DT_NULL) return;
      if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_RPATH && entry.d_tag != DT_RUNPATH) continue;
      const char* text = elf_strptr(elf_, header.sh_link, entry.d_un.d_val);
      if (text == nullptr) continue;
      if (entry.d_tag == DT_NEEDED)
        facts_.needed.emplace_back(text);
      else
        add_folders(entry.d_tag == DT_RPATH ? facts_.rpath : facts_.runpath, text);
    }
  }
  static void add_folders(std::vector<std::string>& folders, std::string_view list) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(':', begin), list.size());
      if (end > begin) folders.emplace_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  void read_symbols(Elf_Scn* section, const GElf_Shdr& header) {
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) return;
    const auto count = data->d_size / gelf_fsize(elf_, ELF_T_SYM, 1, EV_CURRENT);
    for (std::size_t i = 1; i < count; ++i) {  // the first is none
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return;
      const char* name = elf_strptr(elf_, header.sh_link, symbol.st_name);
      if (name == nullptr) continue;
      if (symbol.st_shndx == SHN_UNDEF)
        facts_.undefined.emplace_back(name);
      else if (std::string_view(name) == "chicane_plugin_entry")  // plugin.h: CHICANE_PLUGIN_ENTRY
        facts_.exports_plugin_entry = true;
    }
  }

  Elf* elf_;
  std::uint64_t size_bytes_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> note_segments_;
  ElfFacts facts_;
};

Result<ElfFacts> read_facts(const std::string& file) {
  struct stat status{};
  // Asked before opening: opening a pipe would wait for its writer.
  if (stat(file.c_str(), &status) != 0) return failure(fmt::format("can't be read: {}", system_message(errno)));
  if (S_ISDIR(status.st_mode)) return failure("is a folder, not a library");
  if (!S_ISREG(status.st_mode)) return failure("is no regular file");
  const OpenFile opened(file);
  if (opened.descriptor() < 0) return failure(fmt::format("can't be read: {}", system_message(errno)));
  elf_version(EV_CURRENT);
  // Not mapped: a file that shrinks while it is read (a linker at work) must not end this process by SIGBUS.
  const ElfHandle elf(elf_begin(opened.descriptor(), ELF_C_READ, nullptr));
  if (!elf) return failure(fmt::format("can't be read: {}", elf_errmsg(-1)));
  if (elf_kind(elf.get()) != ELF_K_ELF) return failure("is no ELF file (a shared library is one)");
  return ElfReader(elf.get(), static_cast<std::uint64_t>(status.st_size)).read();
}

}  // namespace

bool ElfFacts::references(const std::string& symbol) const { return std::ranges::binary_search(undefined, symbol); }

Result<ElfFacts> read_elf(const std::string& file) {
  auto facts = read_facts(file);
  if (!facts) return std::unexpected(std::move(facts.error()).within(file));
  return facts;
}

}  // namespace chicane
