#include "harness/explore/explore.h"

namespace chicane::explore {
namespace {

constexpr std::size_t first_table = 1024;

}  // namespace

SharedLocations::SharedLocations()
    : slots_(new std::uint64_t[filter_words + first_table]()), table_mask_(first_table - 1) {}
SharedLocations::~SharedLocations() = default;

SharedLocations::SharedLocations(const SharedLocations& other) : SharedLocations() {
  for (const std::uintptr_t pc : other.all_) add(pc);
}

SharedLocations& SharedLocations::operator=(const SharedLocations& other) {
  if (this == &other) return *this;
  SharedLocations copy(other);
  all_.swap(copy.all_);
  slots_.swap(copy.slots_);
  table_mask_ = copy.table_mask_;
  return *this;
}

bool SharedLocations::add(std::uintptr_t pc) {
  if (contains(pc)) return false;
  all_.push_back(pc);
  if (all_.size() * 2 > table_mask_) {
    const std::size_t wider = (table_mask_ + 1) * 4;
    slots_.reset(new std::uint64_t[filter_words + wider]());
    table_mask_ = wider - 1;
    for (const std::uintptr_t known : all_) enter(known);
  } else {
    enter(pc);
  }
  return true;
}

void SharedLocations::enter(std::uintptr_t pc) {
  const std::uint64_t bits = hash(pc);
  slots_[bits >> 54] |= std::uint64_t{1} << ((bits >> 48) & 63);
  std::size_t at = (bits >> 20) & table_mask_;
  while (slots_[filter_words + at] != 0) at = (at + 1) & table_mask_;
  slots_[filter_words + at] = pc;
}

}  // namespace chicane::explore
