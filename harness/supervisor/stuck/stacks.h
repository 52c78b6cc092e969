// Stacks of all threads of stopped processes, from outside: ptrace holds them, elfutils unwinds and names their frames.
// The caller's thread is the tracer, so an object stays on one thread. What it holds runs again when it is destroyed.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/model/finding.h"

namespace chicane::stuck {

struct ThreadStack {
  Stack stack;     // innermost first
  long call = -1;  // system call it was stopped in; -1: none
};

class Tracer {
 public:
  // `threads`: of one process.
  Tracer(pid_t process, const std::vector<pid_t>& threads);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // Why threads could not be held, in words; empty: all of them were, or are gone.
  const std::string& refused() const { return refused_; }

  // Stops all threads, takes their stacks, and lets them go on.
  std::map<pid_t, ThreadStack> sample();

 private:
  class Symbols;
  bool stop(pid_t thread);
  bool stops(pid_t thread);  // after it was asked to
  void go_on(pid_t thread);

  pid_t process_;
  std::vector<pid_t> held_;
  std::map<pid_t, int> signals_;  // that a thread was about to get when it was stopped
  std::string refused_;
  std::unique_ptr<Symbols> symbols_;
};

}  // namespace chicane::stuck
