#include "harness/supervisor/stuck/stacks.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <signal.h>
#include <thread>

#include <elfutils/libdwfl.h>
#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "harness/supervisor/stuck/frames.h"

namespace chicane::stuck {
namespace {

// A thread that sleeps in the kernel without letting itself be interrupted (a disk that does not answer) stays unseen.
constexpr std::chrono::milliseconds stop_limit{500};
constexpr std::size_t most_frames = 64;

long current_call(pid_t thread) {
#if defined(__x86_64__)
  const long call = ptrace(PTRACE_PEEKUSER, thread, offsetof(user_regs_struct, orig_rax), nullptr);
  return call;
#else
  (void)thread;
  return -1;
#endif
}

}  // namespace

class Tracer::Symbols {
 public:
  explicit Symbols(pid_t process) : session_(dwfl_begin(&callbacks_)) {
    if (session_ == nullptr) return;
    dwfl_report_begin(session_);
    // The threads are stopped by us, so it does not attach to them.
    usable_ = dwfl_linux_proc_report(session_, process) == 0 && dwfl_report_end(session_, nullptr, nullptr) == 0 &&
              dwfl_linux_proc_attach(session_, process, true) == 0;
  }
  ~Symbols() {
    if (session_ != nullptr) dwfl_end(session_);
  }
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  Stack stack(pid_t thread) {
    Stack all;
    if (!usable_) return all;
    struct Walk {
      Symbols* symbols;
      Stack* stack;
      std::size_t count = 0;
    } walk{this, &all};
    dwfl_getthread_frames(
        session_, thread,
        [](Dwfl_Frame* frame, void* data) -> int {
          auto& to = *static_cast<Walk*>(data);
          Dwarf_Addr address = 0;
          bool is_activation = false;
          if (!dwfl_frame_pc(frame, &address, &is_activation) || ++to.count > most_frames) return DWARF_CB_ABORT;
          if (!is_activation) --address;  // a return address may be the next function's first
          const auto& named = to.symbols->named(address);
          to.stack->insert(to.stack->end(), named.begin(), named.end());
          return DWARF_CB_OK;
        },
        &walk);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].function == "main") all.resize(i + 1);  // what starts main is nobody's
    return all;
  }

 private:
  const std::vector<Frame>& named(std::uint64_t address) {
    const auto [entry, is_new] = known_.try_emplace(address);
    if (is_new) entry->second = frames_at(session_, address);
    return entry->second;
  }

  static constexpr Dwfl_Callbacks callbacks_{.find_elf = dwfl_linux_proc_find_elf,
                                             .find_debuginfo = dwfl_standard_find_debuginfo,
                                             .section_address = nullptr,
                                             .debuginfo_path = nullptr};
  Dwfl* session_;
  bool usable_ = false;
  std::map<std::uint64_t, std::vector<Frame>> known_;
};

Tracer::Tracer(pid_t process, const std::vector<pid_t>& threads) : process_(process) {
  for (const pid_t thread : threads) {
    if (ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) == 0) {
      held_.push_back(thread);
    } else if (errno != ESRCH) {
      refused_ = fmt::format("ptrace was refused ({})", std::strerror(errno));
      return;
    }
  }
}

Tracer::~Tracer() {
  symbols_.reset();
  for (const pid_t thread : held_)
    if (stop(thread)) ptrace(PTRACE_DETACH, thread, nullptr, signals_[thread]);
}

// False: it is gone, or does not stop.
bool Tracer::stop(pid_t thread) { return ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) == 0 && stops(thread); }

bool Tracer::stops(pid_t thread) {
  const auto until = std::chrono::steady_clock::now() + stop_limit;
  for (int status = 0; std::chrono::steady_clock::now() < until;) {
    const pid_t seen = waitpid(thread, &status, __WALL | WNOHANG);
    if (seen < 0 && errno != EINTR) return false;
    if (seen != thread) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      continue;
    }
    if (!WIFSTOPPED(status)) return false;
    signals_[thread] = (status >> 16) == 0 ? WSTOPSIG(status) : 0;
    return true;
  }
  return false;
}

void Tracer::go_on(pid_t thread) { ptrace(PTRACE_CONT, thread, nullptr, signals_[thread]); }

std::map<pid_t, ThreadStack> Tracer::sample() {
  std::map<pid_t, ThreadStack> all;
  std::vector<pid_t> stopped;
  // All at once: on a busy host each takes as long as it waits for a CPU.
  std::vector<pid_t> asked;
  for (const pid_t thread : held_)
    if (ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) == 0) asked.push_back(thread);
  for (const pid_t thread : asked)
    if (stops(thread)) stopped.push_back(thread);
  if (!stopped.empty() && symbols_ == nullptr) symbols_ = std::make_unique<Symbols>(process_);
  for (const pid_t thread : stopped) all[thread] = {symbols_->stack(thread), current_call(thread)};
  for (const pid_t thread : stopped) go_on(thread);
  return all;
}

}  // namespace chicane::stuck
