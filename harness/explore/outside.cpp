// What orders threads without an object of the runtime: descriptors, and annotations of the code under test.
#include <poll.h>

#include "harness/explore/engine.h"

namespace chicane::explore {
namespace {

bool io_ready(const Thread& thread) {
  pollfd asked{thread.descriptor, thread.events, 0};
  return poll(&asked, 1, 0) != 0;  // an error is an answer too
}
}  // namespace

void Engine::io(Thread& thread, int descriptor, short events, std::uintptr_t pc) {
  thread.descriptor = descriptor;
  thread.events = events;
  const Operation operation{.kind = OperationKind::io, .pc = pc};
  if (io_ready(thread)) {
    step_without_choice(thread, operation);
  } else {
    ++outcome_.statistics.uncontrolled;
    dirty_ = true;
    point(thread, operation, io_ready);
  }
  if ((events & POLLOUT) != 0) {
    io_.join(arena, thread.clock);
    races.tick(thread);
  } else {
    thread.clock.join(arena, io_);
  }
  dirty_ = true;
  thread.descriptor = -1;
}

void Engine::annotated_acquire(Thread& thread, std::uintptr_t address) {
  if (const Clock* released = annotated_.find(address)) thread.clock.join(arena, *released);
}

void Engine::annotated_release(Thread& thread, std::uintptr_t address) {
  Clock* released = annotated_.find(address);
  if (released == nullptr) {
    released = arena.make<Clock>();
    annotated_.put(address, released);
  }
  released->join(arena, thread.clock);
  races.tick(thread);
}

bool Engine::wait_for_io() {
  constexpr std::size_t most = 64;
  pollfd asked[most];
  std::size_t count = 0;
  for (const Thread* thread : live)
    if (thread->descriptor >= 0 && thread->ready == io_ready && count < most)
      asked[count++] = {thread->descriptor, thread->events, 0};
  if (count == 0) return false;
  poll(asked, count, -1);
  return true;
}

}  // namespace chicane::explore
