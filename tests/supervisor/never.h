// What tests give to those who want to be told to stop.
#pragma once

#include <atomic>

namespace chicane {

inline const std::atomic<bool> never{false};

}  // namespace chicane
