// Memory of one schedule: handed out by moving a pointer, taken back all at once. Nothing in it has a destructor. Not
// thread-safe: exactly one thread runs. Its pages come from mmap, never from the malloc of the code under test.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace chicane::explore {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  // Uninitialised, aligned to 16. Ends the process when there is no memory left.
  void* take(std::size_t bytes) {
    bytes = (bytes + 15) & ~std::size_t{15};
    if (bytes > left_) return take_from_next(bytes);
    void* memory = at_;
    at_ += bytes;
    left_ -= bytes;
    return memory;
  }
  template <typename T, typename... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 16);
    return new (take(sizeof(T))) T(std::forward<Args>(args)...);
  }
  template <typename T>
  T* array(std::size_t count) {  // zeroed by the caller's constructor: T is an aggregate of numbers
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 16);
    T* first = static_cast<T*>(take(count * sizeof(T)));
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    return first;
  }
  void reset();  // what was handed out is gone; pages are kept

 private:
  struct Block {
    Block* next = nullptr;
    std::size_t bytes = 0;  // usable, after this header
  };
  void* take_from_next(std::size_t bytes);
  void enter(Block* block);

  Block* first_ = nullptr;
  Block* current_ = nullptr;
  std::byte* at_ = nullptr;
  std::size_t left_ = 0;
};

// A growing list in an arena; what it outgrows stays there until the reset.
template <typename T>
class ArenaList {
 public:
  static_assert(std::is_trivially_copyable_v<T>);
  void push(Arena& arena, const T& value) {
    if (size_ == capacity_) {
      const std::size_t wider = capacity_ == 0 ? 4 : capacity_ * 2;
      T* moved = static_cast<T*>(arena.take(wider * sizeof(T)));
      for (std::size_t i = 0; i < size_; ++i) moved[i] = first_[i];
      first_ = moved;
      capacity_ = static_cast<unsigned>(wider);
    }
    first_[size_++] = value;
  }
  void erase(std::size_t at) {
    for (std::size_t i = at + 1; i < size_; ++i) first_[i - 1] = first_[i];
    --size_;
  }
  bool remove(const T& value) {  // its last occurrence
    for (std::size_t i = size_; i-- > 0;)
      if (first_[i] == value) {
        erase(i);
        return true;
      }
    return false;
  }
  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return first_[i]; }
  const T& operator[](std::size_t i) const { return first_[i]; }
  T* begin() { return first_; }
  T* end() { return first_ + size_; }
  const T* begin() const { return first_; }
  const T* end() const { return first_ + size_; }

 private:
  T* first_ = nullptr;
  unsigned size_ = 0;
  unsigned capacity_ = 0;
};

}  // namespace chicane::explore
