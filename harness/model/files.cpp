#include "harness/model/files.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace chicane {
namespace {

constexpr std::size_t held_bytes = 256 * 1024;  // before they are written

std::string system_error() { return std::strerror(errno); }

struct Target {
  std::string path;
  bool replaced;
};

// A file is replaced, where a link leads to it there. A device or a pipe is none: it is written to, and stays.
Target target_of(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_other(std::filesystem::status(path, error))) return {path, false};
  if (std::filesystem::is_symlink(path, error))
    if (auto real = std::filesystem::canonical(path, error); !error) return {real.string(), true};
  return {path, true};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failure(fmt::format("reading {}: {}", path, system_error()));
  std::string text;
  std::array<char, 65536> buffer;
  ssize_t n;
  while ((n = read(fd, buffer.data(), buffer.size())) != 0) {
    if (n > 0)
      text.append(buffer.data(), static_cast<std::size_t>(n));
    else if (errno != EINTR)
      break;
  }
  const auto error = n < 0 ? system_error() : std::string();
  close(fd);
  if (n < 0) return failure(fmt::format("reading {}: {}", path, error));
  return text;
}

Result<void> write_file(const std::string& path, std::string_view text) {
  return write_file_in_parts(path, [text](const TextSink& sink) { sink(text); });
}

Result<void> write_file_in_parts(const std::string& path, const std::function<void(const TextSink&)>& produce) {
  const auto target = target_of(path);
  const auto opened = target.replaced ? fmt::format("{}.{}.tmp", target.path, getpid()) : target.path;
  const int fd = open(opened.c_str(), O_WRONLY | (target.replaced ? O_CREAT | O_TRUNC : 0) | O_CLOEXEC, 0666);
  if (fd < 0) return failure(fmt::format("writing {}: {}", opened, system_error()));
  bool good = true;
  std::string error, held;
  const auto flush = [&] {
    for (std::string_view text = held; good && !text.empty();) {
      const ssize_t n = write(fd, text.data(), text.size());
      if (n > 0)
        text.remove_prefix(static_cast<std::size_t>(n));
      else if (n == 0 || errno != EINTR)
        good = false, error = n == 0 ? "nothing more can be written" : system_error();
    }
    held.clear();
  };
  produce([&](std::string_view part) {
    held += part;
    if (held.size() >= held_bytes) flush();
  });
  flush();
  if (good && target.replaced && fsync(fd) != 0) good = false, error = system_error();
  close(fd);
  if (good && target.replaced && rename(opened.c_str(), target.path.c_str()) != 0) {
    good = false;
    error = system_error();
  }
  if (good) return {};
  if (target.replaced) unlink(opened.c_str());
  return failure(fmt::format("writing {}: {}", path, error));
}

}  // namespace chicane
