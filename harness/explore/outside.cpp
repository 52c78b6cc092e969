// What orders threads without an object of the runtime: descriptors, and annotations of the code under test.
#include <poll.h>

#include <sys/stat.h>
#include <sys/syscall.h>

#include "harness/explore/engine.h"
#include "harness/explore/real.h"

namespace chicane::explore {
namespace {

// The C library's poll() is one of the functions that this library replaces.
int real_poll(pollfd* asked, std::size_t count, int timeout) {
  return static_cast<int>(real().syscall(SYS_poll, asked, count, timeout));
}

bool io_ready(const Thread& thread) {
  pollfd asked{thread.descriptor, thread.events, 0};
  return thread.cancelled || real_poll(&asked, 1, 0) != 0;  // an error is an answer too
}
bool any_ready(const Thread& thread) {
  return thread.cancelled || real_poll(thread.polled, thread.polled_count, 0) != 0;
}

// What comes out of one descriptor may have been put in by another: a pipe has two, a file many, sockets lead anywhere.
// 0: a device, from which nothing comes that was put in there.
std::uintptr_t channel_of(int descriptor) {
  struct stat what{};
  if (fstat(descriptor, &what) != 0 || S_ISCHR(what.st_mode)) return 0;
  if (S_ISFIFO(what.st_mode) || S_ISREG(what.st_mode))
    return (what.st_dev * 0x9e3779b97f4a7c15ULL ^ what.st_ino) | std::uintptr_t{1} << 63;
  return S_ISSOCK(what.st_mode) ? 1 : 2;  // event counters, timers and the like share one
}
}  // namespace

void Engine::puts_message(Thread& thread, int descriptor) {
  const std::uintptr_t channel = channel_of(descriptor);
  if (channel == 0) return;
  Clock* before = messages_.find(channel);
  if (before == nullptr) messages_.put(channel, before = arena.make<Clock>());
  before->join(arena, thread.clock);
  races.tick(thread);
}

void Engine::takes_message(Thread& thread, int descriptor) {
  if (const Clock* before = messages_.find(channel_of(descriptor))) thread.clock.join(arena, *before);
}

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
  if ((events & POLLOUT) != 0)
    puts_message(thread, descriptor);
  else
    takes_message(thread, descriptor);
  dirty_ = true;
  thread.descriptor = -1;
}

void Engine::io_closes(Thread& thread, int descriptor, std::uintptr_t pc) {
  step_without_choice(thread, {.kind = OperationKind::io, .pc = pc});
  puts_message(thread, descriptor);
  dirty_ = true;
}

// As poll(). deadline: virtual time; 0: none.
int Engine::wait_for_any(Thread& thread, pollfd* asked, std::size_t count, std::uint64_t deadline, std::uintptr_t pc) {
  const Operation operation{.kind = OperationKind::io, .pc = pc};
  thread.polled = asked;
  thread.polled_count = count;
  if (any_ready(thread)) {
    point(thread, operation);
  } else {
    ++outcome_.statistics.uncontrolled;
    dirty_ = true;
    thread.deadline = deadline;
    thread.early_timeout = may_time_out_early(deadline) && decide(DecisionKind::timeout, 2, thread) == 1;
    thread.interruptible = Handled::with_restart;
    point(thread, operation, any_ready);
    thread.interruptible = Handled::none;
    thread.deadline = 0;
  }
  thread.polled_count = 0;
  if (thread.chosen == Chosen::signal) {
    saw(thread, 0, true);
    return -EINTR;
  }
  const int ready = real_poll(asked, count, 0);
  // Which of those behind an epoll descriptor is ready is not known here: any.
  if (ready > 0) messages_.each([&](std::uintptr_t, const Clock& before) { thread.clock.join(arena, before); });
  dirty_ = true;
  saw(thread, static_cast<std::uint64_t>(ready), ready > 0);
  return ready;
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
    else if (thread->ready == any_ready)
      for (std::size_t i = 0; i < thread->polled_count && count < most; ++i) asked[count++] = thread->polled[i];
  if (count == 0) return false;
  real_poll(asked, count, -1);
  return true;
}

}  // namespace chicane::explore
