// A list of prices that is never changed once it is there: who wants others makes a copy, changes it and swaps it in.
// Its sum tells whether it was read whole.
#pragma once

#include <array>

struct Prices {
  std::array<long, 4> of{};

  long sum() const { return of[0] + of[1] + of[2] + of[3]; }
  // The next list: every price up by one.
  static Prices raised(const Prices& old) {
    Prices raised = old;
    for (long& price : raised.of) ++price;
    return raised;
  }
};
