#include "harness/model/files.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <string>
#include <unistd.h>

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace chicane {
namespace {

namespace fs = std::filesystem;

class WriteFile : public testing::Test {
 protected:
  WriteFile() {
    std::string name = testing::TempDir() + "chicane-files-XXXXXX";
    folder = mkdtemp(name.data());
  }
  ~WriteFile() override { fs::remove_all(folder); }
  std::string in_folder(const char* name) const { return (folder / name).string(); }
  fs::path folder;
};

TEST_F(WriteFile, ReplacesAFile) {
  const auto file = in_folder("run.json");
  ASSERT_TRUE(write_file(file, "a longer text"));
  ASSERT_TRUE(write_file(file, "new"));
  EXPECT_EQ(*read_file(file), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1) << "no other file is left";
}

TEST_F(WriteFile, OfALinkWritesTheFileItLeadsTo) {
  const auto file = in_folder("run.json"), link = in_folder("newest.json");
  ASSERT_TRUE(write_file(file, "old"));
  fs::create_symlink("run.json", link);
  ASSERT_TRUE(write_file(link, "new"));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(*read_file(file), "new");
}

TEST_F(WriteFile, LeavesAPipeWhatItIs) {
  const auto pipe = in_folder("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDWR | O_CLOEXEC);  // which waits for no writer
  ASSERT_TRUE(write_file(pipe, "text"));
  ASSERT_TRUE(fs::is_fifo(pipe)) << "and no file in its place";
  char text[8];
  EXPECT_EQ(read(reader, text, sizeof text), 4);
  close(reader);
}

TEST_F(WriteFile, SaysWhatCannotBeWritten) {
  const auto failed = write_file(in_folder("no/run.json"), "text");
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, testing::HasSubstr("no/run.json"));
  ASSERT_FALSE(write_file(folder.string(), "text"));
  EXPECT_TRUE(fs::is_empty(folder));
}

}  // namespace
}  // namespace chicane
