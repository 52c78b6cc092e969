#include "harness/runner/roles.h"

#include <algorithm>

namespace chicane {

std::vector<Seat> assign_roles(std::span<const chicane_role> roles, std::uint32_t workers) {
  std::uint32_t left = workers, sharing = 0;
  for (const auto& role : roles) {
    left -= std::min(left, role.exactly);
    sharing += role.exactly == 0 ? 1 : 0;
  }
  std::vector<Seat> seats;
  for (std::uint32_t role = 0, share = 0; role < roles.size(); ++role) {
    std::uint32_t number = roles[role].exactly;
    if (number == 0) {
      number = left / sharing + (share < left % sharing ? 1 : 0);
      ++share;
    }
    for (std::uint32_t i = 0; i < number && seats.size() < workers; ++i) seats.push_back({role, i, number});
  }
  return seats;
}

}  // namespace chicane
