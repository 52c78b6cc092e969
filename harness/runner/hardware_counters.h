// Hardware counters of this process, through perf_event_open: of all its threads and of all that they start, forked
// processes too, in user space alone. Opened stopped; to be opened, read and closed on one thread, started and stopped
// as a RegionWatch.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <linux/perf_event.h>
#include <sys/types.h>

#include "harness/runner/worker.h"

namespace chicane {

class HardwareCounters final : public RegionWatch {
 public:
  // Opens a counter of one thread: its descriptor, or minus the error.
  using Open = int (*)(perf_event_attr& counter, pid_t thread);
  explicit HardwareCounters(Open open = ask_kernel);
  ~HardwareCounters() override;
  HardwareCounters(const HardwareCounters&) = delete;
  HardwareCounters& operator=(const HardwareCounters&) = delete;

  void begins() override;
  void ends() override;

  bool any() const { return !descriptors_.empty(); }
  // By event (hardware_events). Where events had to share the CPU's counters, extrapolated from the time they had them.
  // What never got one is left out, and from then on stands in why_not().
  std::map<std::string_view, double> read();
  // What is not counted, with the reason; empty: all is.
  std::string why_not() const;

 private:
  static int ask_kernel(perf_event_attr& counter, pid_t thread);
  void open_each(std::size_t event, Open open);
  void close_each(std::size_t event);

  std::map<std::size_t, std::vector<int>> descriptors_;  // by event, one a thread
  std::map<std::size_t, std::string> refused_;           // by event: why
};

// Why perf_event_open answered so. `paranoid`: what /proc/sys/kernel/perf_event_paranoid says.
std::string why_refused(int error, std::optional<int> paranoid);

}  // namespace chicane
