// Numbers out of texts and numbers that are the same on every host and in every version, unlike std::hash: for
// identities that are kept and for seeds. Not against adversaries.
#pragma once

#include <cstdint>
#include <string_view>

namespace chicane {

// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
class Fnv1a {
 public:
  constexpr void add(unsigned char byte) { state_ = (state_ ^ byte) * 0x100000001b3u; }
  constexpr void add(std::string_view bytes) {
    for (const char each : bytes) add(static_cast<unsigned char>(each));
  }
  constexpr std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325u;
};

constexpr std::uint64_t fnv1a(std::string_view bytes) {
  Fnv1a hash;
  hash.add(bytes);
  return hash.value();
}

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): its state grows by this step,
// and each number is the state, mixed.
inline constexpr std::uint64_t splitmix64_step = 0x9e3779b97f4a7c15u;
constexpr std::uint64_t splitmix64(std::uint64_t state) {
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9u;
  state = (state ^ (state >> 27)) * 0x94d049bb133111ebu;
  return state ^ (state >> 31);
}

// The seed of one of many streams: neighbouring streams have nothing in common.
constexpr std::uint64_t mixed_seed(std::uint64_t seed, std::uint64_t stream) {
  return splitmix64(seed + (stream + 1) * splitmix64_step);
}

}  // namespace chicane
