#include "harness/explore/search/wire.h"

#include <cerrno>
#include <unistd.h>

namespace chicane::explore::wire {
namespace {

struct Head {
  std::uint32_t kind = 0;
  std::uint32_t reserved = 0;
  std::uint64_t size_bytes = 0;
};

bool write_all(int descriptor, const void* memory, std::size_t bytes) {
  const auto* at = static_cast<const char*>(memory);
  while (bytes > 0) {
    const auto written = ::write(descriptor, at, bytes);
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) at += written, bytes -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

bool send(int descriptor, std::uint32_t kind, std::span<const std::byte> bytes) {
  const Head head{kind, 0, bytes.size()};
  return write_all(descriptor, &head, sizeof head) && write_all(descriptor, bytes.data(), bytes.size());
}

std::vector<Message> take_messages(std::vector<std::byte>& received) {
  std::vector<Message> messages;
  std::size_t at = 0;
  while (received.size() - at >= sizeof(Head)) {
    Head head;
    std::memcpy(&head, received.data() + at, sizeof head);
    if (received.size() - at - sizeof head < head.size_bytes) break;
    const auto* first = received.data() + at + sizeof head;
    messages.push_back({head.kind, {first, first + head.size_bytes}});
    at += sizeof head + head.size_bytes;
  }
  received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(at));
  return messages;
}

}  // namespace chicane::explore::wire
