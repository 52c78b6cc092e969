// Which worker has which role. Pure.
#pragma once

#include <chicane/plugin.h>

#include <cstdint>
#include <span>
#include <vector>

namespace chicane {

struct Seat {
  std::uint32_t role = 0;  // index into the scenario's roles
  std::uint32_t index_in_role = 0;
  std::uint32_t workers_in_role = 1;
  bool operator==(const Seat&) const = default;
};

// Roles with `exactly` get their number first; the others share the rest evenly, earlier ones get what is left over.
// Workers are seated in the order in which roles were declared. `workers` covers all fixed roles (tables.h checks it).
std::vector<Seat> assign_roles(std::span<const chicane_role> roles, std::uint32_t workers);

}  // namespace chicane
