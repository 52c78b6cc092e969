// How far a run is, on stderr: one line that is redrawn on a terminal, a plain line every few seconds elsewhere.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "harness/supervisor/campaign.h"

namespace chicane {

// "  42/361  12 %  bench counter/unlocked  about 1 min 20 s left"; pure.
std::string progress_line(const TrialEnded& ended);

class Progress {
 public:
  explicit Progress(std::FILE* out);
  void operator()(const TrialEnded& ended);
  void finish();  // leaves the terminal's line

 private:
  std::FILE* out_;
  bool terminal_;
  bool open_line_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace chicane
