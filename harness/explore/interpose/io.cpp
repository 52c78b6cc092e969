// Calls that may block on what lies outside of control: pipes, sockets, terminals. A thread that would block stands
// aside until the descriptor is ready; where nobody else can go on, the process waits for it in earnest. Which answer
// comes when is not in the stream of decisions: such schedules may not replay, and the outcome counts the calls.
#include <algorithm>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "harness/explore/interpose/call.h"
#include "harness/explore/interpose/stands_for.h"

using namespace chicane::explore;

namespace {

// Waits until the descriptor is ready. What is written may carry a message: it is ordered before what is read later.
void until_ready(int descriptor, short events, void* returns_to, void* frame) {
  Thread* thread = current;
  if (thread == nullptr) return;
  Call call(*thread, returns_to, frame);
  engine().io(*thread, descriptor, events, call.pc());
}

// Of a pipe or socket whose reader is another thread of this process, a blocking write would never come back. One of
// this size fits wherever poll() says that it is ready.
constexpr std::size_t fits = 4096;

bool may_block(int descriptor) {
  struct stat what{};
  if (fstat(descriptor, &what) != 0 || !(S_ISFIFO(what.st_mode) || S_ISSOCK(what.st_mode))) return false;
  return (fcntl(descriptor, F_GETFL) & O_NONBLOCK) == 0;
}

}  // namespace

#define CHICANE_INTO(name, parameters, arguments)                                     \
  CHICANE_EXPORT ssize_t name parameters {                                            \
    until_ready(fd, POLLIN, __builtin_return_address(0), __builtin_frame_address(0)); \
    end_if_cancelled();                                                               \
    const ssize_t got = real().name arguments;                                        \
    CHICANE_TOLD if (got > 0) told.writes(memory, static_cast<std::size_t>(got));     \
    return got;                                                                       \
  }
#define CHICANE_FROM(name, parameters, arguments)                                      \
  CHICANE_EXPORT ssize_t name parameters {                                             \
    CHICANE_TOLD told.reads(memory, bytes);                                            \
    until_ready(fd, POLLOUT, __builtin_return_address(0), __builtin_frame_address(0)); \
    end_if_cancelled();                                                                \
    return real().name arguments;                                                      \
  }
#define CHICANE_IO(result, name, parameters, arguments, descriptor, events)                   \
  CHICANE_EXPORT result name parameters {                                                     \
    until_ready(descriptor, events, __builtin_return_address(0), __builtin_frame_address(0)); \
    end_if_cancelled();                                                                       \
    return real().name arguments;                                                             \
  }

CHICANE_INTO(read, (int fd, void* memory, size_t bytes), (fd, memory, bytes))
CHICANE_EXPORT ssize_t write(int fd, const void* memory, size_t bytes) {
  CHICANE_TOLD told.reads(memory, bytes);
  const bool in_parts = current != nullptr && bytes > fits && may_block(fd);
  std::size_t written = 0;
  do {
    until_ready(fd, POLLOUT, __builtin_return_address(0), __builtin_frame_address(0));
    end_if_cancelled();
    const ssize_t more = real().write(fd, static_cast<const char*>(memory) + written,
                                      in_parts ? std::min(bytes - written, fits) : bytes);
    if (more <= 0) return written != 0 ? static_cast<ssize_t>(written) : more;
    written += static_cast<std::size_t>(more);
  } while (in_parts && written < bytes);
  return static_cast<ssize_t>(written);
}
CHICANE_IO(ssize_t, readv, (int fd, const iovec* parts, int count), (fd, parts, count), fd, POLLIN)
CHICANE_IO(ssize_t, writev, (int fd, const iovec* parts, int count), (fd, parts, count), fd, POLLOUT)
CHICANE_INTO(recv, (int fd, void* memory, size_t bytes, int flags), (fd, memory, bytes, flags))
CHICANE_FROM(send, (int fd, const void* memory, size_t bytes, int flags), (fd, memory, bytes, flags))
CHICANE_INTO(recvfrom, (int fd, void* memory, size_t bytes, int flags, sockaddr* from, socklen_t* length),
             (fd, memory, bytes, flags, from, length))
CHICANE_FROM(sendto, (int fd, const void* memory, size_t bytes, int flags, const sockaddr* to, socklen_t length),
             (fd, memory, bytes, flags, to, length))
CHICANE_IO(ssize_t, recvmsg, (int fd, msghdr* message, int flags), (fd, message, flags), fd, POLLIN)
CHICANE_IO(ssize_t, sendmsg, (int fd, const msghdr* message, int flags), (fd, message, flags), fd, POLLOUT)
CHICANE_IO(int, accept, (int fd, sockaddr* from, socklen_t* length), (fd, from, length), fd, POLLIN)
CHICANE_IO(int, accept4, (int fd, sockaddr* from, socklen_t* length, int flags), (fd, from, length, flags), fd, POLLIN)

// What the other end reads then (the end of it) comes after.
CHICANE_EXPORT int close(int fd) {
  if (Thread* thread = current; thread != nullptr) {
    Call call(*thread, __builtin_return_address(0), __builtin_frame_address(0));
    engine().io_closes(*thread, fd, call.pc());
  }
  return real().close(fd);
}
