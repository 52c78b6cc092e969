// What the explore benchmarks run: compiled twice, for exploring and as it is.
#pragma once

#include <cstddef>

struct ExploreBodies {
  void (*reset)();
  void (*forty_operations)();              // each of two threads: 20 loads and 20 stores of one atomic
  void (*many_operations)(std::size_t n);  // n atomic operations
  void (*sort)();                          // 300,000 ints, on one thread
};
extern const ExploreBodies explore_bodies_explored;
extern const ExploreBodies explore_bodies_native;
