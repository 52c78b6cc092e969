#include "harness/explore/schedulers/random.h"

namespace chicane::explore {

std::uint32_t random_other(Random& random, const OtherChoice& choice) {
  switch (choice.kind) {
    case DecisionKind::thread:
    case DecisionKind::waiter: return random.below(choice.alternatives);
    case DecisionKind::read: return random.one_in(2) ? 0 : 1 + random.below(choice.alternatives - 1);
    case DecisionKind::timeout:
    case DecisionKind::spurious: return random.one_in(4) ? 1 : 0;
    case DecisionKind::failure: return random.one_in(8) ? 1 : 0;
  }
  return 0;
}

bool obeys_yield(Random& random, const Operation& operation) {
  constexpr std::uint8_t usual_spins = 40;  // libstdc++'s atomic wait: 16 looks, four of them with a yield
  if (!operation.yields || (random.stubborn() && operation.fruitless < usual_spins)) return false;
  const bool asked = operation.kind == OperationKind::yield || operation.kind == OperationKind::sleep;
  return !asked || !random.one_in(4);
}

}  // namespace chicane::explore
