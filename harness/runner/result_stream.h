// The runner's side of the result descriptor: one JSON object a line, each line one write, flushed at once.
// Safe to use from any thread.
#pragma once

#include <mutex>

#include "harness/model/json.h"

namespace chicane {

class ResultStream {
 public:
  // The descriptor that CHICANE_RESULT_FD names (3 without it), moved out of the scenario's way and not inherited by
  // what it starts; stdout where that is not open.
  static int inherited();
  explicit ResultStream(int descriptor) : descriptor_(descriptor) {}

  void send(const RunnerEvent& event);

 private:
  std::mutex mutex_;
  int descriptor_;
};

}  // namespace chicane
