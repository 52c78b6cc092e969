// Messages through a pipe, whole ones: a reader that gets a part asks for the rest. One sender and one receiver,
// threads or processes: those forked later have both ends. A pipe holds 64 KiB; who writes more than there is room for
// waits.
#pragma once

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <unistd.h>

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
