#include <cstdint>
#include <cstring>
#include <string>

#include <gmock/gmock.h>

#include "harness/elf/elf.h"
#include "harness/elf/library_search.h"

namespace chicane {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

const std::string samples = CHICANE_ELF_SAMPLES;

TEST(Libraries, AnUninstrumentedOneBelowAnInstrumentedOneIsNamed) {
  EXPECT_THAT(uninstrumented_libraries(samples + "uses.so", Build::tsan),
              ElementsAre(Library{"libinner.so", samples + "deps/libinner.so"}));
  EXPECT_EQ(uninstrumented_libraries(samples + "uses.so", Build::explore).size(), 1u);
}

TEST(Libraries, InstrumentedOnesAndTheRunTimeAreNotNamed) {
  EXPECT_THAT(uninstrumented_libraries(samples + "uses_clean.so", Build::tsan), IsEmpty());
  EXPECT_THAT(uninstrumented_libraries(samples + "tsan.so", Build::tsan), IsEmpty());
}

TEST(Libraries, OneOfTheSystemIsFoundWhereTheLoaderFindsIt) {
  const auto found = uninstrumented_libraries(samples + "uses_system.so", Build::tsan);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().name, "libelf.so.1");
  EXPECT_THAT(found.front().path, AllOf(StartsWith("/"), HasSubstr("/libelf.so.1")));
  EXPECT_GT(found.size(), 1u) << "libelf needs libz, which is named too";
}

TEST(Libraries, OnlyBuildsWithThreadSanitizerCare) {
  EXPECT_THAT(uninstrumented_libraries(samples + "uses.so", Build::plain), IsEmpty());
  EXPECT_THAT(uninstrumented_libraries(samples + "uses.so", Build::asan), IsEmpty());
}

TEST(Libraries, AFileThatIsNoLibraryHasNone) {
  EXPECT_THAT(uninstrumented_libraries(samples + "absent.so", Build::tsan), IsEmpty());
  EXPECT_THAT(uninstrumented_libraries("/dev/null", Build::tsan), IsEmpty());
}

// One entry, as ldconfig writes it: header (48 bytes), entry (24 bytes), strings.
std::string cache_of_one() {
  std::string bytes = "glibc-ld.so.cache1.1";
  const std::uint32_t header[7] = {1, 20, 0, 0, 0, 0, 0};
  bytes.append(reinterpret_cast<const char*>(header), sizeof header);
  const std::uint32_t entry[6] = {0x303, 72, 80, 0, 0, 0};
  bytes.append(reinterpret_cast<const char*>(entry), sizeof entry);
  bytes.append("liba.so\0/x/liba.so\0", 19);
  return bytes;
}

TEST(LoaderCache, NamesLeadToPaths) {
  EXPECT_THAT(read_loader_cache(cache_of_one()), ElementsAre(Pair("liba.so", "/x/liba.so")));
}

TEST(LoaderCache, DamagedOnesAreReadAsFarAsTheyGo) {
  const std::string whole = cache_of_one();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto found = read_loader_cache(whole.substr(0, size));
    EXPECT_EQ(found.size(), size < 72 ? 0u : 1u) << size;
  }
  std::string wild = whole;
  std::memset(wild.data() + 48, 0xff, 24);  // offsets far outside
  EXPECT_THAT(read_loader_cache(wild), ElementsAre(Pair("", "")));
  EXPECT_THAT(read_loader_cache("ld.so-1.7.0 of old"), IsEmpty());
}

}  // namespace
}  // namespace chicane
