#include "harness/runner/own_limits.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <sys/resource.h>

namespace chicane {
namespace {

constexpr rlim_t enough_files = 1024;

void raise_limit(decltype(RLIMIT_NOFILE) which, rlim_t wanted) {
  rlimit limit{};
  if (getrlimit(which, &limit) != 0 || limit.rlim_cur >= wanted) return;
  const rlimit all{wanted, std::max(limit.rlim_max, wanted)};  // as root
  if (setrlimit(which, &all) == 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(which, &limit);
}

}  // namespace

std::string take_back_files() {
  raise_limit(RLIMIT_NOFILE, enough_files);
  raise_limit(RLIMIT_FSIZE, RLIM_INFINITY);
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::string("the scenario left no file descriptor to the harness: ") + std::strerror(errno);
  close(fd);
  return {};
}

}  // namespace chicane
