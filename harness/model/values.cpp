#include "harness/model/values.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <stdexcept>

namespace chicane {
namespace {

std::mutex& registry_mutex() {
  static auto& mutex = *new std::mutex;  // never destroyed: values may be static, too
  return mutex;
}

}  // namespace

struct Values::Names {
  std::vector<std::string> names;                              // sorted
  std::map<std::string, const Names*, std::less<>> with = {};  // with one more

  std::size_t position(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(names, name) - names.begin());
  }
  bool has(std::size_t position, std::string_view name) const {
    return position < names.size() && names[position] == name;
  }

  // The names with `name` added; under the registry's lock.
  static const Names& extended(const Names& known, std::string_view name) {
    auto& own = const_cast<Names&>(known);  // only the way on from it is added, under the lock
    if (const auto found = own.with.find(name); found != own.with.end()) return *found->second;
    auto more = known.names;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(known.position(name)), std::string(name));
    static auto& all = *new std::map<std::vector<std::string>, Names>;
    auto& entry = all.try_emplace(more, Names{more}).first->second;
    own.with.emplace(name, &entry);
    return entry;
  }
};

const Values::Names& Values::none() {
  static const auto& names = *new Names;
  return names;
}

Values::Values(std::initializer_list<std::pair<const char*, double>> values) {
  for (const auto& [name, value] : values) (*this)[name] = value;
}

Values::Values(const std::map<std::string, double>& values) {
  for (const auto& [name, value] : values) (*this)[name] = value;
}

Values::Values(const Values& other) : names_(other.names_) {
  if (other.empty()) return;
  values_ = std::make_unique_for_overwrite<double[]>(size());
  std::copy_n(other.values_.get(), size(), values_.get());
}

double& Values::operator[](std::string_view name) {
  const auto& known = names_ == nullptr ? none() : *names_;
  const auto position = known.position(name);
  if (known.has(position, name)) return values_[position];
  auto more = std::make_unique<double[]>(size() + 1);
  std::copy_n(values_.get(), position, more.get());
  std::copy(values_.get() + position, values_.get() + size(), more.get() + position + 1);
  {
    const std::scoped_lock lock(registry_mutex());
    names_ = &Names::extended(known, name);
  }
  values_ = std::move(more);
  return values_[position];
}

std::size_t Values::size() const { return names_ == nullptr ? 0 : names_->names.size(); }

bool Values::operator==(const Values& other) const {
  return names_ == other.names_ && std::equal(values_.get(), values_.get() + size(), other.values_.get());
}

double Values::at(std::string_view name) const {
  const auto found = find(name);
  if (found == end()) throw std::out_of_range("no value is named " + std::string(name));
  return found->second;
}

Values::const_iterator Values::find(std::string_view name) const {
  const auto& known = names_ == nullptr ? none() : *names_;
  const auto position = known.position(name);
  return known.has(position, name) ? const_iterator(&known.names, values_.get(), position) : end();
}

Values::const_iterator Values::begin() const {
  return {names_ == nullptr ? nullptr : &names_->names, values_.get(), 0};
}
Values::const_iterator Values::end() const {
  return {names_ == nullptr ? nullptr : &names_->names, values_.get(), size()};
}

}  // namespace chicane
