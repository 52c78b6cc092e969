#include "harness/runner/ledger.h"

#include <chicane/plugin.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>

namespace chicane {
namespace {

// A check that fails at every turn of every pass with another name each time must not fill the memory.
constexpr std::size_t most_distinct_findings = 1000;
constexpr std::size_t longest_message = 16 * 1024;

const char* how_word(std::uint32_t how) {
  switch (how) {
    case CHICANE_SUM: return "sum";
    case CHICANE_MEAN: return "mean";
    case CHICANE_MAX: return "max";
    default: return "rate";
  }
}

Finding protocol_broken(std::string name, std::string message) {
  Finding finding;
  finding.kind = FindingKind::protocol_broken;
  finding.name = std::move(name);
  finding.evidence.message = std::move(message);
  return finding;
}

Finding too_many() {
  Finding finding;
  finding.kind = FindingKind::limit_exceeded;
  finding.name = "reports";
  finding.evidence.limit = "reports";
  finding.evidence.message = fmt::format(
      "the scenario reported more than {} different findings, and those beyond are only counted: this trial's list of "
      "findings is incomplete",
      most_distinct_findings);
  return finding;
}

}  // namespace

void Ledger::fail(std::string_view kind, std::string_view check, std::string message) {
  if (message.size() > longest_message) message.resize(longest_message), message += " …";
  const auto known = word<FindingKind>(kind);
  if (!known) {
    add(protocol_broken(
        "kind of finding",
        fmt::format("the scenario reported a finding of the unknown kind '{}' ({}: {})", kind, check, message)));
    return;
  }
  Finding finding;
  finding.kind = *known;
  finding.name = check;
  finding.evidence.message = std::move(message);
  add(std::move(finding));
}

void Ledger::add(Finding finding, std::uint64_t times) {
  const std::lock_guard lock(mutex_);
  findings_ += times;
  if (socket_) {
    const auto number = [](std::optional<int> value) { return value ? std::to_string(*value) : std::string(); };
    forward({"finding", std::string(chicane::name(finding.kind)), finding.name, finding.evidence.message,
             number(finding.evidence.signal), number(finding.evidence.exit_code)});
    return;
  }
  // Findings with stacks are told apart by them: whoever collects those has folded them already.
  if (finding.evidence.accesses.empty() && finding.evidence.stacks.empty()) {
    for (auto& seen : seen_)
      if (seen.finding.kind == finding.kind && seen.finding.name == finding.name) {
        seen.unsent += times;
        return;
      }
    if (seen_.size() >= most_distinct_findings) {
      if (seen_.size() > most_distinct_findings) {
        seen_.back().unsent += times;
        return;
      }
      // Not declared by any scenario: what is not told can't pass unseen.
      finding = too_many();
    }
    seen_.push_back({finding, 0});
  }
  send_(finding, times);
}

void Ledger::count(std::string_view counter_name, double value, std::uint32_t how) {
  std::string wrong;
  {
    const std::lock_guard lock(mutex_);
    if (socket_) {
      forward({"counter", std::string(counter_name), fmt::format("{}", value), std::to_string(how)});
      return;
    }
    if (how > CHICANE_RATE) {
      wrong = fmt::format("counter '{}' is to be merged in the unknown way {}", counter_name, how);
    } else {
      auto& counter = counters_.try_emplace(std::string(counter_name), Counter{how, 0, value, 0}).first->second;
      if (counter.how == how) {
        counter.total += value;
        counter.largest = std::max(counter.largest, value);
        ++counter.reports;
        return;
      }
      wrong =
          fmt::format("counter '{}' is reported as {} and as {}", counter_name, how_word(counter.how), how_word(how));
    }
  }
  add(protocol_broken("counter " + std::string(counter_name), std::move(wrong)));
}

std::uint64_t Ledger::findings() const {
  const std::lock_guard lock(mutex_);
  return findings_;
}

void Ledger::forget_counters() {
  const std::lock_guard lock(mutex_);
  counters_.clear();
}

std::map<std::string, double> Ledger::counters(double region_seconds) const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, double> merged;
  for (const auto& [counter_name, counter] : counters_) {
    switch (counter.how) {
      case CHICANE_SUM: merged[counter_name] = counter.total; break;
      case CHICANE_MEAN: merged[counter_name] = counter.total / static_cast<double>(counter.reports); break;
      case CHICANE_MAX: merged[counter_name] = counter.largest; break;
      default:
        if (region_seconds > 0) merged[counter_name] = counter.total / region_seconds;
    }
  }
  return merged;
}

void Ledger::send_repeats() {
  const std::lock_guard lock(mutex_);
  for (auto& seen : seen_)
    if (seen.unsent != 0) send_(seen.finding, std::exchange(seen.unsent, 0));
}

void Ledger::forward_to(int socket) {
  const std::lock_guard lock(mutex_);
  socket_ = socket;
}

// NUL-separated words; a message of a SOCK_SEQPACKET socket arrives whole or not at all, whoever else writes.
void Ledger::forward(const std::vector<std::string>& words) const {
  std::string message;
  for (const auto& part : words) (message += part) += '\0';
  while (send(*socket_, message.data(), message.size(), MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

bool Ledger::receive(std::string_view message) {
  std::vector<std::string> words;
  while (!message.empty()) {
    const auto end = message.find('\0');
    if (end == std::string_view::npos) return false;
    words.emplace_back(message.substr(0, end));
    message.remove_prefix(end + 1);
  }
  const auto number = [](const std::string& digits) -> std::optional<int> {
    if (digits.empty()) return std::nullopt;
    return std::atoi(digits.c_str());
  };
  if (words.size() == 6 && words[0] == "finding" && word<FindingKind>(words[1])) {
    Finding finding;
    finding.kind = *word<FindingKind>(words[1]);
    finding.name = std::move(words[2]);
    finding.evidence.message = std::move(words[3]);
    finding.evidence.signal = number(words[4]);
    finding.evidence.exit_code = number(words[5]);
    add(std::move(finding));
    return true;
  }
  if (words.size() == 4 && words[0] == "counter") {
    count(words[1], std::strtod(words[2].c_str(), nullptr), static_cast<std::uint32_t>(std::atoi(words[3].c_str())));
    return true;
  }
  return false;
}

}  // namespace chicane
