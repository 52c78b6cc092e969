// An HTTP server on loopback with a thread of its own, which serves /0 … /63, each after a delay that stands for the
// network. It can be told to do one request in ten badly. Boost.Beast, hidden behind a pointer: it is dear to compile.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

enum class Manners { good, refuses_one_in_ten, truncates_one_in_ten };

class FileServer {
 public:
  FileServer(std::chrono::milliseconds delay, Manners manners);
  ~FileServer();

  std::uint16_t port() const;
  // Requests that it answered badly since it was started; any thread may ask.
  std::uint64_t refused() const;
  std::uint64_t truncated() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};
