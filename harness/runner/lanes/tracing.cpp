#include "harness/runner/lanes/tracing.h"

#include <cerrno>
#include <system_error>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace chicane {
namespace {

// The child's side: nothing but system calls, for other threads of the parent may hold any lock. Seizing needs the same
// right as attaching, stops nobody, and ends with the child.
[[noreturn]] [[clang::no_sanitize("address", "undefined")]] void try_to_trace(long parent) {
  const long seized = syscall(SYS_ptrace, PTRACE_SEIZE, parent, nullptr, nullptr);
  const int code = seized == 0 ? 0 : errno;
  for (;;) syscall(SYS_exit_group, code);
}

}  // namespace

std::string why_no_tracing() {
  const long own = getpid();
  // Where Yama is, only those named may trace; LeakSanitizer names its own.
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  // Without a signal at its end, and so seen only by who waits for such children.
  const auto child = static_cast<pid_t>(syscall(SYS_clone, 0, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) try_to_trace(own);
  std::string why;
  int status = 0;
  if (child < 0) {
    why = fmt::format("no process could be started to ask ({})", std::system_category().message(errno));
  } else {
    while (waitpid(child, &status, __WALL) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status))
      why = "asking for the right to trace (ptrace) ended the process that asked";
    else if (const int code = WEXITSTATUS(status); code != 0)
      why = fmt::format("tracing (ptrace) is refused here: {}", std::system_category().message(code));
  }
  prctl(PR_SET_PTRACER, 0);
  return why;
}

}  // namespace chicane
