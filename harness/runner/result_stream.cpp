#include "harness/runner/result_stream.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>

namespace chicane {

int ResultStream::inherited() {
  constexpr int out_of_the_way = 100;  // a scenario's own descriptors start at 3, as in any program
  const char* const given = std::getenv("CHICANE_RESULT_FD");
  const int inherited = given != nullptr ? std::atoi(given) : 3;
  const int moved = inherited < 3 ? -1 : fcntl(inherited, F_DUPFD_CLOEXEC, out_of_the_way);
  if (moved < 0) return STDOUT_FILENO;
  close(inherited);
  return moved;
}

void ResultStream::send(const RunnerEvent& event) {
  const std::string line = "\n" + to_json(event) + "\n";  // begins a line whatever a scenario has written before
  const std::lock_guard lock(mutex_);
  for (std::string_view rest = line; !rest.empty();) {  // a pipe takes it whole, unless its reader is slow
    const auto written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) return;  // the driver is gone; it kills this process too
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace chicane
