// A coroutine that takes its text by value is started with a temporary one, and waits. The text is moved into the
// coroutine's frame and lives as long as that: whoever waits needs its own copy of what its caller may not keep.
// With `const std::string&` for `std::string`, as in async/dangling-reference, a bad run reads freed memory.
#include <chicane/scenario.h>

#include "scenarios/async/texts.h"

struct KeptByValue : Texts {
  Task<int> later(std::string text) {
    co_await wait_for(std::chrono::milliseconds(0));
    wrong += text != text_of(started - 1);  // texts come in the order in which they were started
    co_return 0;
  }
  Task<int> start(std::size_t number) { return later(text_of(number)); }

  void work(chicane::Worker& worker) {
    for (auto _ : worker) run(loop, start(started++));
  }
};

CHICANE_SCENARIO("async/kept-by-value", KeptByValue)
    .says("a coroutine keeps a temporary text by value")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .operation("one text")
    .tag("more");
