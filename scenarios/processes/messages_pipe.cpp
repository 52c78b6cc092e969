// Messages through a pipe: the kernel copies them in and out, keeps their order, and lets the writer wait while the
// pipe is full and the reader while it is empty. No interleaving matters: the two have nothing else in common. The
// reader may get part of a message, and asks for the rest. Without that, a bad run takes the middle of a message for
// the beginning of the next.
#include <chicane/scenario.h>

#include <cerrno>
#include <system_error>
#include <unistd.h>

#include "scenarios/processes/talking.h"

class Pipe {
 public:
  Pipe() {
    if (pipe(ends_) != 0) throw std::system_error(errno, std::generic_category(), "making a pipe");
  }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void send(const char* from, std::size_t size) {
    while (size > 0) advance(write(ends_[1], from, size), from, size);
  }
  void receive(char* to, std::size_t size) {
    while (size > 0) advance(read(ends_[0], to, size), to, size);
  }

 private:
  template <typename Byte>
  static void advance(ssize_t moved, Byte*& at, std::size_t& left) {
    if (moved < 0 && errno == EINTR) return;
    if (moved <= 0) throw std::system_error(errno, std::generic_category(), "talking through a pipe");
    at += moved, left -= static_cast<std::size_t>(moved);
  }
  int ends_[2];
};

using TalkingByPipe = Talking<Pipe>;

CHICANE_SCENARIO("processes/messages-pipe", TalkingByPipe)
    .says("one worker, thread or process, sends messages to another through a pipe")
    .role<&TalkingByPipe::send>("send")
    .role<&TalkingByPipe::receive>("receive")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .axis("bytes", {65536, 64})
    .operation("one message sent or received")
    .not_judged_in("explore", "who waits for a pipe waits outside of this lane's control")
    .tag("more");
