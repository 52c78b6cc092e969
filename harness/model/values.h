// Numbers by name, as a std::map<std::string, double> would hold them, sorted by name. A run has many trials with the
// same names, so names are stored once for all of them: 13 measures are 104 bytes instead of 1,300. As safe to use
// from several threads as any container.
#pragma once

#include <initializer_list>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chicane {

class Values {
 public:
  using value_type = std::pair<const std::string&, double>;
  class const_iterator {
   public:
    using value_type = Values::value_type;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using reference = value_type;
    struct pointer {
      value_type value;
      const value_type* operator->() const { return &value; }
    };
    const_iterator() = default;
    reference operator*() const { return {(*names_)[at_], values_[at_]}; }
    pointer operator->() const { return {**this}; }
    const_iterator& operator++() { return ++at_, *this; }
    const_iterator operator++(int) {
      auto before = *this;
      ++at_;
      return before;
    }
    bool operator==(const const_iterator& other) const { return at_ == other.at_; }

   private:
    friend class Values;
    const_iterator(const std::vector<std::string>* names, const double* values, std::size_t at)
        : names_(names), values_(values), at_(at) {}
    const std::vector<std::string>* names_ = nullptr;
    const double* values_ = nullptr;
    std::size_t at_ = 0;
  };

  Values() = default;
  Values(const Values& other);
  Values(Values&& other) noexcept : names_(std::exchange(other.names_, nullptr)), values_(std::move(other.values_)) {}
  Values& operator=(Values other) noexcept {
    std::swap(names_, other.names_);
    values_.swap(other.values_);
    return *this;
  }
  ~Values() = default;
  Values(std::initializer_list<std::pair<const char*, double>> values);
  Values(const std::map<std::string, double>& values);

  double& operator[](std::string_view name);
  double at(std::string_view name) const;  // throws std::out_of_range
  const_iterator find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != end(); }
  const_iterator begin() const;
  const_iterator end() const;
  std::size_t size() const;
  bool empty() const { return size() == 0; }
  void clear() { *this = Values(); }
  bool operator==(const Values& other) const;

 private:
  struct Names;  // of a set of values; equal ones are one, and are kept
  static const Names& none();
  const Names* names_ = nullptr;      // null: none
  std::unique_ptr<double[]> values_;  // as many as names
};

}  // namespace chicane
