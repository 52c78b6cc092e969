// What there is to download: 64 files of mixed size, 1 to 64 KiB, whose content follows from their number; and where
// they are saved.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <boost/crc.hpp>
#include <sys/stat.h>

inline constexpr std::size_t file_count = 64;

inline std::size_t size_of_file(std::size_t number) { return (std::size_t{1024} << number % 7) + number; }

inline std::string content_of_file(std::size_t number) {
  std::minstd_rand random(static_cast<std::uint32_t>(number) + 1);
  std::string content(size_of_file(number), '\0');
  for (char& byte : content) byte = static_cast<char>(random());
  return content;
}

inline std::uint32_t checksum(const std::string& content) {
  boost::crc_32_type crc;
  crc.process_bytes(content.data(), content.size());
  return static_cast<std::uint32_t>(crc.checksum());
}

// The files on this disk. They have no names, so that nothing is left behind, whatever becomes of the process; forked
// processes have them too. Different files may be saved at once.
class SavedFiles {
 public:
  SavedFiles() {
    for (std::size_t i = 0; i < file_count; ++i) {
      auto name = (std::filesystem::temp_directory_path() / "chicane-download-XXXXXX").string();
      const int file = mkstemp(name.data());
      if (file < 0) throw std::system_error(errno, std::generic_category(), "making the file " + name);
      unlink(name.c_str());
      files_.push_back(file);
      checksums_.push_back(checksum(content_of_file(i)));
    }
  }
  ~SavedFiles() {
    for (const int file : files_) close(file);
  }
  SavedFiles(const SavedFiles&) = delete;
  SavedFiles& operator=(const SavedFiles&) = delete;

  void save(std::size_t number, const std::string& content) const {
    if (ftruncate(files_[number], 0) != 0 ||
        pwrite(files_[number], content.data(), content.size(), 0) != static_cast<ssize_t>(content.size()))
      throw std::system_error(errno, std::generic_category(), "saving a file");
  }
  void forget() const {
    for (std::size_t i = 0; i < file_count; ++i) save(i, {});
  }
  // How many are not as long as on the server: cheap enough for each turn, which damaged() is not.
  std::size_t of_wrong_size() const {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < file_count; ++i) {
      struct stat what{};
      wrong += fstat(files_[i], &what) != 0 || static_cast<std::size_t>(what.st_size) != size_of_file(i);
    }
    return wrong;
  }
  // How many are not on the disk as they were on the server.
  std::size_t damaged() const {
    std::size_t damaged = 0;
    for (std::size_t i = 0; i < file_count; ++i) {
      std::string content(std::size_t{128} * 1024, '\0');
      const auto size = pread(files_[i], content.data(), content.size(), 0);
      content.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
      damaged += checksum(content) != checksums_[i];
    }
    return damaged;
  }

 private:
  std::vector<int> files_;
  std::vector<std::uint32_t> checksums_;
};
