// poll(), select() and epoll_wait(): as calls that may block on one descriptor (io.cpp), with a time-out in virtual
// time.
#include <poll.h>

#include <sys/epoll.h>
#include <sys/select.h>

#include "harness/explore/interpose/call.h"

using namespace chicane::explore;

namespace {

constexpr std::uint64_t for_ever = ~std::uint64_t{0};

std::uint64_t deadline_after(std::uint64_t ns) {
  if (ns == for_ever) return 0;
  return engine().now_ns + (ns == 0 ? 1 : ns);
}
std::uint64_t ns_of(int milliseconds) {
  return milliseconds < 0 ? for_ever : static_cast<std::uint64_t>(milliseconds) * 1'000'000;
}
std::uint64_t ns_of(const timespec* time) {
  if (time == nullptr) return for_ever;
  return static_cast<std::uint64_t>(time->tv_sec) * ns_per_second + static_cast<std::uint64_t>(time->tv_nsec);
}

int wait_for_any(Call& call, pollfd* asked, std::size_t count, std::uint64_t ns) {
  const int ready = engine().wait_for_any(call.thread(), asked, count, deadline_after(ns), call.pc());
  return ready == -EINTR ? call.fails_with(EINTR) : ready;
}

int select_by_poll(Call& call, int count, fd_set* in, fd_set* out, fd_set* odd, std::uint64_t ns) {
  pollfd asked[FD_SETSIZE];
  std::size_t asks = 0;
  for (int fd = 0; fd < count && fd < FD_SETSIZE; ++fd) {
    short events = 0;
    if (in != nullptr && FD_ISSET(fd, in)) events |= POLLIN;
    if (out != nullptr && FD_ISSET(fd, out)) events |= POLLOUT;
    if (odd != nullptr && FD_ISSET(fd, odd)) events |= POLLPRI;
    if (events != 0) asked[asks++] = {fd, events, 0};
  }
  if (wait_for_any(call, asked, asks, ns) < 0) return -1;
  for (fd_set* set : {in, out, odd})
    if (set != nullptr) FD_ZERO(set);
  int bits = 0;
  const auto mark = [&](fd_set* set, const pollfd& answer, int events, short event) {
    if (set == nullptr || (answer.events & event) == 0 || (answer.revents & events) == 0) return;
    FD_SET(answer.fd, set);
    ++bits;
  };
  for (std::size_t i = 0; i < asks; ++i) {
    if ((asked[i].revents & POLLNVAL) != 0) return call.fails_with(EBADF);
    mark(in, asked[i], POLLIN | POLLHUP | POLLERR, POLLIN);
    mark(out, asked[i], POLLOUT | POLLERR, POLLOUT);
    mark(odd, asked[i], POLLPRI, POLLPRI);
  }
  return bits;
}

}  // namespace

CHICANE_EXPORT int poll(pollfd* asked, nfds_t count, int milliseconds) {
  int ready = 0;
  {
    CHICANE_CALL(call, real().poll(asked, count, milliseconds));
    ready = wait_for_any(call, asked, count, ns_of(milliseconds));
  }
  end_if_cancelled();
  return ready;
}
CHICANE_EXPORT int ppoll(pollfd* asked, nfds_t count, const timespec* time, const sigset_t* mask) {
  CHICANE_CALL(call, real().ppoll(asked, count, time, mask));
  return wait_for_any(call, asked, count, ns_of(time));
}
CHICANE_EXPORT int select(int count, fd_set* in, fd_set* out, fd_set* odd, timeval* time) {
  CHICANE_CALL(call, real().select(count, in, out, odd, time));
  const timespec left = time == nullptr ? timespec{} : timespec{time->tv_sec, time->tv_usec * 1000};
  return select_by_poll(call, count, in, out, odd, time == nullptr ? for_ever : ns_of(&left));
}
CHICANE_EXPORT int pselect(int count, fd_set* in, fd_set* out, fd_set* odd, const timespec* time,
                           const sigset_t* mask) {
  CHICANE_CALL(call, real().pselect(count, in, out, odd, time, mask));
  return select_by_poll(call, count, in, out, odd, ns_of(time));
}
CHICANE_EXPORT int epoll_wait(int epoll, epoll_event* events, int most, int milliseconds) {
  CHICANE_CALL(call, real().epoll_wait(epoll, events, most, milliseconds));
  pollfd asked{epoll, POLLIN, 0};
  if (wait_for_any(call, &asked, 1, ns_of(milliseconds)) < 0) return -1;
  return real().epoll_wait(epoll, events, most, 0);
}
CHICANE_EXPORT int epoll_pwait(int epoll, epoll_event* events, int most, int milliseconds, const sigset_t* mask) {
  CHICANE_CALL(call, real().epoll_pwait(epoll, events, most, milliseconds, mask));
  pollfd asked{epoll, POLLIN, 0};
  if (wait_for_any(call, &asked, 1, ns_of(milliseconds)) < 0) return -1;
  return real().epoll_pwait(epoll, events, most, 0, mask);
}
