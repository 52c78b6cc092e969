// What a trial takes over from its request: which scenario, in which lane, with which parameters, seed and placement.
#pragma once

#include "harness/model/trial.h"

namespace chicane {

inline Trial trial_of(const TrialRequest& request) {
  Trial trial;
  trial.scenario = request.scenario;
  trial.lane = request.lane;
  trial.parameters = request.parameters;
  trial.seed = request.seed;
  trial.placement = request.placement;
  return trial;
}

}  // namespace chicane
