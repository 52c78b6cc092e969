// Memory for a scenario's state or environment: one address for the whole trial, so that an address means the same
// object in every pass, between pages that can't be touched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/model/error.h"

namespace chicane {

class Memory {
 public:
  // `shared`: worker processes that are forked later see the same bytes.
  static Result<Memory> map(std::size_t size, std::size_t align, bool shared);
  Memory() = default;
  ~Memory();
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;

  void* data() const { return data_; }
  std::size_t size() const { return size_; }
  void zero();

 private:
  void* mapping_ = nullptr;
  std::size_t mapped_ = 0;
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace chicane
