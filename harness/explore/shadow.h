// Shadow memory: for each 4 bytes of the program 16 bytes about its last accesses. A directory over the 47-bit address
// space leads to pieces that are mapped when first touched; nothing is cleared between schedules (races.h says why).
#pragma once

#include <cstddef>
#include <cstdint>

namespace chicane::explore {

// An access in 64 bits: code location (28 bits), bytes of the granule (4), time (23), flag (1), who (8).
class Record {
 public:
  Record() = default;
  static constexpr std::uint32_t most_time = (1U << 23) - 1;
  static constexpr std::uint8_t freed = 253;    // who: this memory was given back
  static constexpr std::uint8_t listed = 254;   // who: time() is the number of a list of more records
  static constexpr std::uint64_t flag = 0x100;  // of a write: atomic operations took place here too

  constexpr explicit Record(std::uint64_t bits) : bits_(bits) {}
  constexpr Record(std::uint64_t stamp, unsigned mask, std::uintptr_t pc)
      : bits_(stamp | std::uint64_t{mask} << 32 | (pc & pc_mask) << 36) {}
  static constexpr std::uint64_t stamp(std::uint32_t time, std::uint8_t who) { return std::uint64_t{time} << 9 | who; }

  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool none() const { return (bits_ & ~flag) == 0; }
  constexpr std::uint64_t stamp() const { return bits_ & 0xffff'feffULL; }
  constexpr std::uint8_t who() const { return static_cast<std::uint8_t>(bits_); }
  constexpr std::uint32_t time() const { return static_cast<std::uint32_t>(bits_ >> 9) & most_time; }
  constexpr unsigned mask() const { return static_cast<unsigned>(bits_ >> 32) & 15; }
  constexpr std::uint32_t location() const { return static_cast<std::uint32_t>(bits_ >> 36); }  // low bits of the pc
  constexpr bool flagged() const { return (bits_ & flag) != 0; }

  static constexpr std::uintptr_t pc_mask = (1U << 28) - 1;

 private:
  std::uint64_t bits_ = 0;
};

struct Granule {
  std::uint64_t write = 0;
  std::uint64_t read = 0;
};

class Shadow {
 public:
  static constexpr std::size_t granule_bytes = 4;

  Shadow();
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;
  ~Shadow();

  // Granules of one piece are contiguous; a range that crosses pieces must be asked for piece by piece.
  Granule& of(std::uintptr_t address) {
    Granule* piece = directory_[(address & address_mask) >> piece_shift];
    if (__builtin_expect(piece == nullptr, 0)) piece = map(address);
    return piece[(address & piece_mask) / granule_bytes];
  }
  // Calls function(granule, mask of its bytes) for each granule of the range.
  template <typename Function>
  void each(std::uintptr_t address, std::size_t bytes, Function function) {
    const std::uintptr_t end = address + bytes;
    while (address < end) {
      const std::uintptr_t next = (address | (granule_bytes - 1)) + 1;
      const unsigned low = address & (granule_bytes - 1);
      const unsigned count = static_cast<unsigned>((next < end ? next : end) - address);
      function(of(address), address, ((1U << count) - 1) << low);
      address = next;
    }
  }
  void clear(std::uintptr_t address, std::size_t bytes);  // as if never accessed
  void clear_all();
  std::size_t pieces() const { return pieces_; }

 private:
  static constexpr unsigned piece_shift = 22;
  static constexpr std::uintptr_t piece_mask = (std::uintptr_t{1} << piece_shift) - 1;
  static constexpr std::uintptr_t address_mask = (std::uintptr_t{1} << 47) - 1;
  static constexpr std::size_t piece_bytes = (std::size_t{1} << piece_shift) / granule_bytes * sizeof(Granule);
  static constexpr std::size_t entries = std::size_t{1} << (47 - piece_shift);

  Granule* map(std::uintptr_t address);
  void clear_piece(std::uintptr_t address, std::size_t bytes);

  Granule** directory_ = nullptr;
  std::size_t pieces_ = 0;
  static constexpr std::size_t most_pieces = 1 << 16;
  std::uint32_t* mapped_ = nullptr;  // indices of the directory
};

}  // namespace chicane::explore
