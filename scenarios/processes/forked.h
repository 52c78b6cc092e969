// Processes that a body forks itself, and the memory that they share with it: for what a tutorial does with a process
// a task. A child has a copy of everything else, and only the thread that forked it; it must not wait for another.
#pragma once

#include <chicane/scenario.h>

#include <cerrno>
#include <cstddef>
#include <new>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <sys/mman.h>
#include <sys/wait.h>

// Why lanes do not judge what such processes share; for not_judged_in().
#define CHICANE_FORKED_UNSEEN "the accesses are those of forked processes, and no detector sees two processes at once"
#define CHICANE_FORKED_UNCONTROLLED "fork is outside of this lane's control"

// One T in memory that processes forked from here on have in common. What T shares must be made for that.
template <typename T>
class SharedMemory {
 public:
  template <typename... Arguments>
  explicit SharedMemory(const Arguments&... arguments) {
    void* memory = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mapping shared memory");
    object_ = ::new (memory) T(arguments...);
  }
  ~SharedMemory() {
    object_->~T();
    munmap(object_, sizeof(T));
  }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  T& operator*() { return *object_; }
  const T& operator*() const { return *object_; }
  T* operator->() { return object_; }
  const T* operator->() const { return object_; }

 private:
  T* object_;
};

// Waits for a child's end. False: a signal ended it, or its exit status is not 0.
inline bool ended_well(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Runs body(0) … body(count - 1), each in a process of its own, and waits for them. How many of them failed: ended by a
// signal, by an exception, or could not be started.
template <typename Body>
std::size_t fork_and_wait(std::size_t count, Body&& body) {
  std::vector<pid_t> children;
  for (std::size_t i = 0; i < count; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      try {
        body(i);
      } catch (...) {
        _exit(1);
      }
      _exit(0);  // not exit(): destructors and buffers are the parent's
    }
    if (child > 0) children.push_back(child);
  }
  std::size_t well = 0;
  for (const pid_t child : children) well += ended_well(child);
  return count - well;
}
