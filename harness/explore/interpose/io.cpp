// Calls that may block on what lies outside of control: pipes, sockets, terminals. A thread that would block stands
// aside until the descriptor is ready; where nobody else can go on, the process waits for it in earnest. Which answer
// comes when is not in the stream of decisions: such schedules may not replay, and the outcome counts the calls.
#include <poll.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include "harness/explore/interpose/call.h"

using namespace chicane::explore;

namespace {

// Waits until the descriptor is ready. What is written may carry a message: it is ordered before what is read later.
void until_ready(int descriptor, short events, void* returns_to, void* frame) {
  Thread* thread = current;
  if (thread == nullptr) return;
  Call call(*thread, returns_to, frame);
  engine().io(*thread, descriptor, events, call.pc());
}

}  // namespace

#define CHICANE_IO(result, name, parameters, arguments, descriptor, events)                   \
  CHICANE_EXPORT result name parameters {                                                     \
    using Function = result(*) parameters;                                                    \
    static Function next = nullptr; /* no guard: that would be a step of its own */           \
    if (next == nullptr) next = reinterpret_cast<Function>(next_function(#name));             \
    until_ready(descriptor, events, __builtin_return_address(0), __builtin_frame_address(0)); \
    return next arguments;                                                                    \
  }

CHICANE_IO(ssize_t, read, (int fd, void* memory, size_t bytes), (fd, memory, bytes), fd, POLLIN)
CHICANE_IO(ssize_t, write, (int fd, const void* memory, size_t bytes), (fd, memory, bytes), fd, POLLOUT)
CHICANE_IO(ssize_t, readv, (int fd, const iovec* parts, int count), (fd, parts, count), fd, POLLIN)
CHICANE_IO(ssize_t, writev, (int fd, const iovec* parts, int count), (fd, parts, count), fd, POLLOUT)
CHICANE_IO(ssize_t, recv, (int fd, void* memory, size_t bytes, int flags), (fd, memory, bytes, flags), fd, POLLIN)
CHICANE_IO(ssize_t, send, (int fd, const void* memory, size_t bytes, int flags), (fd, memory, bytes, flags), fd,
           POLLOUT)
CHICANE_IO(ssize_t, recvfrom, (int fd, void* memory, size_t bytes, int flags, sockaddr* from, socklen_t* length),
           (fd, memory, bytes, flags, from, length), fd, POLLIN)
CHICANE_IO(ssize_t, sendto, (int fd, const void* memory, size_t bytes, int flags, const sockaddr* to, socklen_t length),
           (fd, memory, bytes, flags, to, length), fd, POLLOUT)
CHICANE_IO(ssize_t, recvmsg, (int fd, msghdr* message, int flags), (fd, message, flags), fd, POLLIN)
CHICANE_IO(ssize_t, sendmsg, (int fd, const msghdr* message, int flags), (fd, message, flags), fd, POLLOUT)
CHICANE_IO(int, accept, (int fd, sockaddr* from, socklen_t* length), (fd, from, length), fd, POLLIN)
CHICANE_IO(int, accept4, (int fd, sockaddr* from, socklen_t* length, int flags), (fd, from, length, flags), fd, POLLIN)
