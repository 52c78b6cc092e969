// A downloader that blocks its thread: one connection, kept open from file to file and made again when it was cut. What
// the server did badly is tried again, and counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "scenarios/download/files.h"

// What it took; added up over all downloaders of a pass.
struct Tally {
  std::uint64_t saved = 0;
  std::uint64_t refused = 0;    // requests that the server did not want to answer, tried again
  std::uint64_t truncated = 0;  // bodies shorter than their header said, tried again
  Tally& operator+=(const Tally& other) {
    saved += other.saved, refused += other.refused, truncated += other.truncated;
    return *this;
  }
};

enum class Length { checked, ignored };  // of a body, against what its header said

class Client {
 public:
  Client(std::uint16_t port, const SavedFiles& files, Length length = Length::checked);
  ~Client();

  // Fetches a file and saves it; throws when the server refuses it again and again.
  void fetch(std::size_t number);
  const Tally& tally() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};
