// A coroutine that takes its text by reference is started with a temporary one, and waits. Its frame keeps the
// reference and not the text: when it goes on, the caller's expression is long over and the text is freed. No second
// thread is needed; AddressSanitizer sees it in every run, and a plain run reads whatever lies there by then.
// async/kept-by-value takes the text by value, which moves it into the frame.
#include <chicane/scenario.h>

#include "scenarios/async/texts.h"

struct DanglingReference : Texts {
  Task<int> later(const std::string& text) {
    co_await wait_for(std::chrono::milliseconds(0));
    wrong += text != text_of(started - 1);  // texts come in the order in which they were started
    co_return 0;
  }
  Task<int> start(std::size_t number) { return later(text_of(number)); }  // the temporary ends with this line

  void work(chicane::Worker& worker) {
    for (auto _ : worker) run(loop, start(started++));
  }
};

CHICANE_SCENARIO("async/dangling-reference", DanglingReference)
    .says("a coroutine keeps a reference to a temporary text")
    .must(chicane::memory_error.at("DanglingReference::later"))
    .may(chicane::wrong_result, "what lies in freed memory is anything")
    .may(chicane::crash, "what lies in freed memory is anything")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .operation("one text")
    .tag("more");
