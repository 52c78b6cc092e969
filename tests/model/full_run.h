// A run in which every member says something, so that nothing of the model can be lost on the way unnoticed.
#pragma once

#include "harness/model/run.h"

namespace chicane {

Run full_run();
Trial full_trial();
Finding full_race();

}  // namespace chicane
