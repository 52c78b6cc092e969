// Plain values to bytes and back, for what schedulers learn and another process of the same program goes on with. Not
// a file format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace chicane::explore {

class ByteWriter {
 public:
  template <typename T>
  void value(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto* first = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), first, first + sizeof(T));
  }
  template <typename T>
  void list(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    value(static_cast<std::uint64_t>(values.size()));
    const auto* first = reinterpret_cast<const std::byte*>(values.data());
    bytes_.insert(bytes_.end(), first, first + values.size_bytes());
  }
  void text(const std::string& text) { list(std::span<const char>(text)); }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <typename T>
  void value(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!has(sizeof(T))) return;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
  }
  template <typename T>
  void list(std::vector<T>& values) {
    std::uint64_t count = 0;
    value(count);
    if (count > bytes_.size() || !has(count * sizeof(T))) return;
    values.resize(count);
    if (count != 0) std::memcpy(values.data(), bytes_.data() + at_, count * sizeof(T));
    at_ += count * sizeof(T);
  }
  void text(std::string& text) {
    std::vector<char> letters;
    list(letters);
    text.assign(letters.begin(), letters.end());
  }
  bool complete() const { return ok_ && at_ == bytes_.size(); }  // everything fitted, and nothing is left
  bool ok() const { return ok_; }

 private:
  bool has(std::size_t count) {
    if (bytes_.size() - at_ < count) ok_ = false;
    return ok_;
  }
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace chicane::explore
