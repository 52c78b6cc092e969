#include <cstring>
#include <elf.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <unistd.h>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "harness/elf/elf.h"

namespace chicane {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string samples = CHICANE_ELF_SAMPLES;

std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream bytes;
  bytes << stream.rdbuf();
  EXPECT_FALSE(bytes.str().empty()) << file;
  return bytes.str();
}

class ReadElf : public testing::Test {
 protected:
  ReadElf() {
    std::string name = testing::TempDir() + "chicane-elf-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~ReadElf() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& bytes) const {
    const std::string file = folder_ + "/file.so";
    std::filesystem::remove(file);  // some file systems write a truncated file's new content to the disk at once
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    return file;
  }
  std::string error_of(const std::string& file) const {
    const auto facts = read_elf(file);
    return facts ? "no error" : facts.error().message;
  }
  std::string folder_;
};

TEST_F(ReadElf, APluginSaysHowItWasBuilt) {
  const auto facts = read_elf(samples + "plain.so");
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_TRUE(facts->shared);
  EXPECT_EQ(facts->build_id, "00ffa15e");
  EXPECT_THAT(facts->chicane_notes, ElementsAre(NoteFact{1, 0}));
  EXPECT_TRUE(facts->exports_plugin_entry);
  EXPECT_FALSE(facts->references("__tsan_init"));
  EXPECT_THAT(facts->needed, IsEmpty());
}

TEST_F(ReadElf, EachUnitHasItsNote) {
  const auto facts = read_elf(samples + "two_units.so");
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_THAT(facts->chicane_notes, ElementsAre(NoteFact{1, 1}, NoteFact{1, 1}));
  EXPECT_TRUE(facts->references("__tsan_init"));
  EXPECT_FALSE(facts->references("chicane_plugin_entry")) << "it is defined, not expected of others";
}

TEST_F(ReadElf, NeededLibrariesAndFoldersAreRead) {
  const auto uses = read_elf(samples + "uses.so");
  ASSERT_TRUE(uses) << uses.error().message;
  EXPECT_THAT(uses->needed, AllOf(Contains("libouter.so"), Contains("libc.so.6")));
  EXPECT_THAT(uses->runpath, ElementsAre("$ORIGIN/deps"));
  const auto clean = read_elf(samples + "uses_clean.so");
  ASSERT_TRUE(clean) << clean.error().message;
  EXPECT_THAT(clean->rpath, ElementsAre("$ORIGIN/deps"));
}

TEST_F(ReadElf, NotesAreFoundWithoutSectionHeaders) {
  std::string bytes = bytes_of(samples + "tsan.so");
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  header.e_shoff = 0;
  header.e_shnum = 0;
  header.e_shstrndx = 0;
  std::memcpy(bytes.data(), &header, sizeof header);
  const auto facts = read_elf(write(bytes));
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_THAT(facts->chicane_notes, ElementsAre(NoteFact{1, 1}));
}

TEST_F(ReadElf, FilesThatAreNoLibraryAreNamedForWhatTheyAre) {
  EXPECT_THAT(error_of(folder_ + "/absent.so"),
              AllOf(HasSubstr("absent.so: can't be read"), HasSubstr("No such file")));
  EXPECT_THAT(error_of(folder_), HasSubstr("is a folder"));
  EXPECT_THAT(error_of("/dev/null"), HasSubstr("is no regular file"));
  EXPECT_THAT(error_of(write("")), HasSubstr("is no ELF file"));
  EXPECT_THAT(error_of(write("#!/bin/sh\necho hello\n")), HasSubstr("is no ELF file"));
  EXPECT_THAT(error_of(write("!<arch>\n")), HasSubstr("is no ELF file"));
  const std::string pipe = folder_ + "/pipe.so";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(error_of(pipe), HasSubstr("is no regular file"));
  const std::string loop = folder_ + "/loop.so";
  ASSERT_EQ(symlink(loop.c_str(), loop.c_str()), 0);
  EXPECT_THAT(error_of(loop), HasSubstr("can't be read"));
}

TEST_F(ReadElf, AnUnreadableFileSaysSo) {
  const std::string file = write(bytes_of(samples + "plain.so"));
  ASSERT_EQ(chmod(file.c_str(), 0), 0);
  ASSERT_EQ(chmod(folder_.c_str(), 0755), 0);
  const bool is_root = geteuid() == 0;  // who may read every file
  if (is_root && seteuid(65534) != 0) GTEST_SKIP() << "this root may not become another user";
  const std::string error = error_of(file);
  if (is_root) ASSERT_EQ(seteuid(0), 0);
  EXPECT_THAT(error, HasSubstr("file.so: can't be read: Permission denied"));
}

TEST_F(ReadElf, ATruncatedFileIsAnErrorWhereverItEnds) {
  for (const std::string name : {"plain.so", "uses.so"}) {
    const std::string bytes = bytes_of(samples + name);
    for (std::size_t size = 0; size < bytes.size(); size += size < 256 ? 1 : 127) {
      const std::string error = error_of(write(bytes.substr(0, size)));
      EXPECT_THAT(error, AnyOf(HasSubstr("truncated"), HasSubstr("damaged"), HasSubstr("no ELF file"))) << size;
      EXPECT_THAT(error, StartsWith(folder_));
    }
    EXPECT_TRUE(read_elf(write(bytes))) << "the whole file is fine: the errors above came from truncation";
  }
}

// Damage may go unnoticed (it may be in code), but must not end this process.
TEST_F(ReadElf, ADamagedFileGivesFactsOrAnError) {
  const std::string bytes = bytes_of(samples + "uses.so");
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::mt19937_64 random(1);
  std::size_t refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string changed = bytes;
    for (int change = 0; change < 4; ++change) {
      // Half of the damage hits the section headers, which hold the sizes and offsets.
      const std::size_t at =
          random() % 2 == 0 ? random() % bytes.size() : header.e_shoff + random() % (bytes.size() - header.e_shoff);
      changed[at] = static_cast<char>(random());
    }
    if (!read_elf(write(changed))) ++refused;
  }
  EXPECT_GT(refused, 100u);
}

}  // namespace
}  // namespace chicane
