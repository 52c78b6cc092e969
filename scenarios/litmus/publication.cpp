// One actor builds an object and then publishes its address; the other takes the address and reads the object. A
// reader that sees the address but not what was written before it has a half-built object: 1,0 or a sum of 1 of 2.
// Relaxed publication allows that; x86 keeps the stores in order, so it never shows there unless the compiler moves
// them. With release and acquire it is forbidden. The fields are relaxed atomics, so that this is the only flaw.
#include <chicane/litmus.h>

#include <atomic>

template <std::memory_order store, std::memory_order load>
struct Publication {
  struct Box {
    std::atomic<int> left{0}, right{0};
  };
  Box box;
  std::atomic<Box*> published{nullptr};
  int saw_box = -1, sum = -1;

  void publisher() {
    box.left.store(1, std::memory_order_relaxed);
    box.right.store(1, std::memory_order_relaxed);
    published.store(&box, store);
  }
  void reader() {
    const Box* seen = published.load(load);
    saw_box = seen != nullptr;
    sum =
        seen == nullptr ? 0 : seen->left.load(std::memory_order_relaxed) + seen->right.load(std::memory_order_relaxed);
  }
  std::array<int, 2> outcome() const { return {saw_box, sum}; }
};

using Relaxed = Publication<std::memory_order_relaxed, std::memory_order_relaxed>;
using AcquireRelease = Publication<std::memory_order_release, std::memory_order_acquire>;

CHICANE_LITMUS("litmus/publication-relaxed", Relaxed)
    .says("publishes an object's address, relaxed")
    .tag("more")
    .actor<&Relaxed::publisher>("publisher")
    .actor<&Relaxed::reader>("reader")
    .outcome("0,0", chicane::acceptable, "not yet published")
    .outcome("1,2", chicane::acceptable, "published, and whole")
    .outcomes({"1,0", "1,1"}, chicane::interesting, "half built: allowed, but x86 keeps the stores in order");

CHICANE_LITMUS("litmus/publication-acquire-release", AcquireRelease)
    .says("publishes an object's address with release and takes it with acquire")
    .tag("more")
    .actor<&AcquireRelease::publisher>("publisher")
    .actor<&AcquireRelease::reader>("reader")
    .outcome("0,0", chicane::acceptable, "not yet published")
    .outcome("1,2", chicane::acceptable, "published, and whole")
    .outcomes({"1,0", "1,1"}, chicane::forbidden, "half built: what was written before the release is seen");
