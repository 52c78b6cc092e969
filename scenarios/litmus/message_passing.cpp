// One actor writes data and then raises a flag; the other looks at the flag and then reads the data. 1,0 is the stale
// read: the flag was seen, the data was not. Relaxed operations allow it; x86 keeps stores in order and loads in order,
// so that it never shows there unless the compiler reorders them. With a release store and an acquire load it is
// forbidden.
#include <chicane/litmus.h>

#include <atomic>

template <std::memory_order store, std::memory_order load>
struct MessagePassing {
  std::atomic<int> data{0}, flag{0};
  int saw_flag = -1, saw_data = -1;

  void sender() {
    data.store(1, std::memory_order_relaxed);
    flag.store(1, store);
  }
  void receiver() {
    saw_flag = flag.load(load);
    saw_data = data.load(std::memory_order_relaxed);
  }
  std::array<int, 2> outcome() const { return {saw_flag, saw_data}; }
};

using Relaxed = MessagePassing<std::memory_order_relaxed, std::memory_order_relaxed>;
using AcquireRelease = MessagePassing<std::memory_order_release, std::memory_order_acquire>;
using SeqCst = MessagePassing<std::memory_order_seq_cst, std::memory_order_seq_cst>;

CHICANE_LITMUS("litmus/message-passing-relaxed", Relaxed)
    .says("data, then a flag; flag, then the data: relaxed")
    .tag("more")
    .actor<&Relaxed::sender>("sender")
    .actor<&Relaxed::receiver>("receiver")
    .outcome("0,0", chicane::acceptable, "the receiver came first")
    .outcome("0,1", chicane::acceptable, "the receiver looked between the two stores, or during them")
    .outcome("1,1", chicane::acceptable, "the sender came first")
    .outcome("1,0", chicane::interesting, "a stale read: allowed, but x86 keeps stores and loads in order");

CHICANE_LITMUS("litmus/message-passing-acquire-release", AcquireRelease)
    .says("data, then a flag; flag, then the data: release store, acquire load")
    .tag("more")
    .actor<&AcquireRelease::sender>("sender")
    .actor<&AcquireRelease::receiver>("receiver")
    .outcome("0,0", chicane::acceptable, "the receiver came first")
    .outcome("0,1", chicane::acceptable, "the receiver looked between the two stores, or during them")
    .outcome("1,1", chicane::acceptable, "the sender came first")
    .outcome("1,0", chicane::forbidden, "the flag's release store synchronizes with the acquire load that saw it");

CHICANE_LITMUS("litmus/message-passing-seq-cst", SeqCst)
    .says("data, then a flag; flag, then the data: sequentially consistent flag")
    .tag("more")
    .actor<&SeqCst::sender>("sender")
    .actor<&SeqCst::receiver>("receiver")
    .outcome("0,0", chicane::acceptable, "the receiver came first")
    .outcome("0,1", chicane::acceptable, "the receiver looked between the two stores, or during them")
    .outcome("1,1", chicane::acceptable, "the sender came first")
    .outcome("1,0", chicane::forbidden, "a sequentially consistent store also releases, a load also acquires");
