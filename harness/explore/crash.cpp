#include "harness/explore/crash.h"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <sys/mman.h>

#include "harness/explore/engine.h"

namespace chicane::explore {
namespace {

constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
struct sigaction before[std::size(signals)];
bool caught = false;
thread_local bool has_stack __attribute__((tls_model("initial-exec"))) = false;

void handle(int signal, siginfo_t* info, void* context) {
  Engine& self = engine();
  Thread* thread = current != nullptr ? current : self.running() ? self.running_thread() : nullptr;
  if (thread == nullptr || pthread_equal(pthread_self(), thread->slot->handle) == 0) {
    // Not a thread of the schedule: what would have happened without us.
    let_crashes_through();
    raise(signal);
    return;
  }
  current = nullptr;
  std::uintptr_t pc = 0;
#if defined(__x86_64__)
  pc = static_cast<std::uintptr_t>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
  pc += 1;  // as return addresses are: behind the instruction
#endif
  self.crashed(thread, signal, reinterpret_cast<std::uintptr_t>(info->si_addr), pc);
  self.end(*thread, Ending::died);
}

}  // namespace

void give_crash_stack() {
  if (has_stack) return;
  constexpr std::size_t bytes = 256 * 1024;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = bytes;
  has_stack = sigaltstack(&stack, nullptr) == 0;
}

void catch_crashes() {
  if (caught) return;
  caught = true;
  for (std::size_t i = 0; i < std::size(signals); ++i) {
    struct sigaction action{};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    sigaction(signals[i], &action, &before[i]);
  }
}

bool handles_crashes(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == handle;
}

void let_crashes_through() {
  if (!caught) return;
  caught = false;
  for (std::size_t i = 0; i < std::size(signals); ++i) sigaction(signals[i], &before[i], nullptr);
}

}  // namespace chicane::explore
