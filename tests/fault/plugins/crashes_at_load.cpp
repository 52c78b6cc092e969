// Its static constructor crashes: always, or (IN_TRIALS_ONLY) not when the driver asks what the plugin declares.
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>

#include "fault.h"

namespace {

[[maybe_unused]] bool in_trial() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string arguments((std::istreambuf_iterator<char>(file)), {});
  return arguments.find(std::string(1, '\0') + "trial" + '\0') != std::string::npos;
}

struct Crashes {
  Crashes() {
#ifdef IN_TRIALS_ONLY
    if (!in_trial()) return;
#endif
    raise(SIGSEGV);
  }
} crashes;

CHICANE_SCENARIO(SCENARIO, fault::Healthy).says("its plugin crashes while it is loaded").exactly_workers(2);

}  // namespace
