// What a keeper tells its driver, on a pipe: records of one size, each written at once.
#pragma once

#include <cstdint>

namespace chicane {

struct KeeperRecord {
  enum Kind : std::int32_t {
    started,  // value: process id of the runner
    refused,  // value: errno of the exec that failed
    ended,    // value: wait status of the runner
    swept     // value: how many processes the runner had left behind
  };
  std::int32_t kind = started;
  std::int32_t value = 0;
};

inline constexpr int keeper_descriptor = 4;

}  // namespace chicane
