// What the scenario's code reports while a trial runs: findings are sent on as soon as they are known, equal ones are
// folded, counters are merged over workers. Safe to use from any thread. In a forked worker process it is told to hand
// everything to the runner instead (forward_to), which takes it in with receive().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/finding.h"

namespace chicane {

class Ledger {
 public:
  using Send = std::function<void(const Finding&, std::uint64_t count)>;
  // A detector is about to end the process because of what it found, which has been sent: the process does not end by
  // itself, and its end is no finding of its own.
  using Ends = std::function<void(const std::string& why)>;
  explicit Ledger(Send send, Ends ends = {}) : send_(std::move(send)), ends_(std::move(ends)) {}
  Send sender() const { return send_; }  // for what is found after the ledger's end
  Ends ender() const { return ends_; }

  // The kind as its word, as plugins say it; an unknown one becomes protocol_broken.
  void fail(std::string_view kind, std::string_view name, std::string message);
  void add(Finding finding, std::uint64_t count = 1);
  // `how`: CHICANE_SUM and so on; values of one name must agree in it.
  void count(std::string_view name, double value, std::uint32_t how);
  std::uint64_t findings() const;  // in all, folded ones too

  // Counters belong to one pass over one state: forgotten before the next.
  void forget_counters();
  std::map<std::string, double> counters(double region_seconds) const;

  // Sends how often findings came again since they were first sent.
  void send_repeats();

  // In a worker process: everything goes to this socket (SOCK_SEQPACKET), one message each.
  void forward_to(int socket);
  // In the runner: one such message. False: it is none.
  bool receive(std::string_view message);

 private:
  struct Seen {
    Finding finding;
    std::uint64_t unsent = 0;
  };
  struct Counter {
    std::uint32_t how = 0;
    double total = 0, largest = 0;
    std::uint64_t reports = 0;
  };
  void forward(const std::vector<std::string>& words) const;

  mutable std::mutex mutex_;
  Send send_;
  Ends ends_;
  std::vector<Seen> seen_;
  std::uint64_t findings_ = 0;
  std::map<std::string, Counter, std::less<>> counters_;
  std::optional<int> socket_;
};

}  // namespace chicane
