// A pool of worker processes. Tasks and results lie in memory that all of them map; a task is taken and its result is
// put down without a lock, so that a worker can be killed at any point and leaves nothing locked.
//   - A byte in a pipe for each task wakes a worker. The pipe ends with the process that has the pool, and so do its
//     workers, even if it is killed.
//   - A worker that dies is noticed through its pidfd by whoever waits for a result. A new one takes its place, and the
//     task that it had is done again, up to `attempts` times; then its result says `died`. Nothing waits for ever.
// Owned and used by one thread at a time. Task and Value must be trivially copyable; no exception leaves a worker.
#pragma once

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <unistd.h>
#include <utility>
#include <vector>

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum class TaskEnd : std::uint32_t { done, threw, died };

template <typename Value>
struct TaskResult {
  TaskEnd end = TaskEnd::died;
  Value value{};  // of a task that is done
};

template <typename Task, typename Value>
class ProcessPool {
  static_assert(std::is_trivially_copyable_v<Task> && std::is_trivially_copyable_v<Value>);
  static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "a lock inside would not be shared by processes");

 public:
  using Ticket = std::uint64_t;
  static constexpr std::size_t capacity = 256;  // tasks submitted and not taken yet

  // `work` runs in the workers. They are forked here, and later in the place of one that died.
  ProcessPool(std::size_t workers, Value (*work)(const Task&), unsigned attempts = 3)
      : work_(work), attempts_(attempts) {
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) fail("mapping the tasks");
    shared_ = ::new (memory) Shared();
    ended_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (ended_ < 0 || pipe2(wake_.data(), O_CLOEXEC) != 0) fail("making the pool's pipes");
    for (std::size_t index = 0; index < workers; ++index) workers_.push_back(start(index));
  }
  ~ProcessPool() {  // tasks that nobody has taken yet are dropped
    shared_->closing = true;
    for (std::size_t i = 0; i < workers_.size(); ++i) wake_one();
    for (const Process& worker : workers_) {
      reap(worker);
      close(worker.pidfd);
    }
    for (const int fd : {wake_[0], wake_[1], ended_}) close(fd);
    munmap(shared_, sizeof(Shared));
  }
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  Ticket submit(const Task& task) {
    Slot& slot = slot_of(next_);
    if (slot.state.load() != free) throw std::length_error("ProcessPool: take results before submitting more");
    slot.task = task;
    slot.tries = 1;
    slot.state.store(ready);
    wake_one();
    return next_++;
  }
  // Waits until the task has ended, and forgets it. Each ticket can be taken once.
  TaskResult<Value> take(Ticket ticket) {
    Slot& slot = slot_of(ticket);
    while (!has_ended(slot)) wait_for(slot);
    TaskResult<Value> result{static_cast<TaskEnd>(slot.state.load() - ended), slot.value};
    slot.state.store(free);
    return result;
  }
  // All results, in the order of the tasks. No other ticket may be out.
  std::vector<TaskResult<Value>> map(const std::vector<Task>& tasks) {
    std::vector<TaskResult<Value>> results;
    results.reserve(tasks.size());
    const Ticket first = next_;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (i >= capacity) results.push_back(take(first + i - capacity));
      submit(tasks[i]);
    }
    while (results.size() < tasks.size()) results.push_back(take(first + results.size()));
    return results;
  }

  std::size_t workers() const { return workers_.size(); }
  pid_t worker(std::size_t index) const { return workers_[index].pid; }
  std::size_t deaths() const { return deaths_; }  // noticed so far

 private:
  // States of a slot: one of these, or `ended` + TaskEnd, or `taken` + the worker's index.
  static constexpr std::uint32_t free = 0, ready = 1, ended = 2, taken = 8;

  struct alignas(64) Slot {
    std::atomic<std::uint32_t> state{free};
    std::uint32_t tries = 0;  // the owner's alone
    Task task{};
    Value value{};
  };
  struct Shared {
    std::array<Slot, capacity> slots;
    std::atomic<std::uint32_t> look_first{0};  // a hint where a task may be ready
    std::atomic<const Slot*> awaited{nullptr};
    std::atomic<bool> closing{false};
  };
  struct Process {
    pid_t pid;
    int pidfd;
  };

  [[noreturn]] static void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), std::string("ProcessPool: ") + what);
  }
  static bool has_ended(const Slot& slot) {
    const std::uint32_t state = slot.state.load();
    return state >= ended && state < taken;
  }
  Slot& slot_of(Ticket ticket) { return shared_->slots[ticket % capacity]; }

  void wake_one() {
    const char byte = 0;
    while (write(wake_[1], &byte, 1) < 0 && errno == EINTR) {
    }
  }
  static void reap(const Process& worker) {
    while (waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  Process start(std::size_t index) {
    const pid_t pid = fork();
    if (pid < 0) fail("starting a worker");
    if (pid == 0) {
      close(wake_[1]);
      run(static_cast<std::uint32_t>(index));
      _exit(0);
    }
    const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (pidfd < 0) fail("watching a worker");
    return {pid, pidfd};
  }

  // The whole of a worker's life.
  void run(std::uint32_t index) noexcept {
    for (;;) {
      char byte;
      const ssize_t got = read(wake_[0], &byte, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0 || shared_->closing) return;
      if (Slot* slot = claim(index)) finish(*slot);
    }
  }
  // There are at least as many bytes as ready tasks, so whoever looks at all slots misses none for good.
  Slot* claim(std::uint32_t index) {
    const std::uint32_t first = shared_->look_first.load(std::memory_order_relaxed);  // any value will do
    for (std::uint32_t i = 0; i < capacity; ++i) {
      Slot& slot = shared_->slots[(first + i) % capacity];
      std::uint32_t expected = ready;
      if (slot.state.load(std::memory_order_relaxed) != ready) continue;  // the exchange decides
      if (!slot.state.compare_exchange_strong(expected, taken + index)) continue;
      shared_->look_first.store(first + i + 1, std::memory_order_relaxed);
      return &slot;
    }
    return nullptr;
  }
  void finish(Slot& slot) {
    TaskEnd end = TaskEnd::done;
    try {
      slot.value = work_(slot.task);
    } catch (...) {
      end = TaskEnd::threw;
    }
    slot.state.store(ended + static_cast<std::uint32_t>(end));
    // Sequentially consistent, as the owner's store of `awaited` before it looks at the state: one of both sees.
    if (shared_->awaited.load() == &slot) eventfd_write(ended_, 1);
  }

  void wait_for(const Slot& slot) {
    shared_->awaited = &slot;
    if (has_ended(slot)) return;
    std::vector<pollfd> watched{{ended_, POLLIN, 0}};
    for (const Process& worker : workers_) watched.push_back({worker.pidfd, POLLIN, 0});
    if (poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR) return;
      fail("waiting for a result");
    }
    eventfd_t ignored;
    if (watched[0].revents != 0) eventfd_read(ended_, &ignored);
    for (std::size_t index = 0; index < workers_.size(); ++index)
      if (watched[index + 1].revents != 0) replace(index);
  }
  void replace(std::size_t index) {
    reap(workers_[index]);
    close(std::exchange(workers_[index].pidfd, -1));
    ++deaths_;
    for (Slot& slot : shared_->slots) {
      if (slot.state.load() != taken + index) continue;
      const bool again = slot.tries++ < attempts_;
      slot.state.store(again ? ready : ended + static_cast<std::uint32_t>(TaskEnd::died));
    }
    workers_[index] = start(index);
    wake_one();  // for its task, or for the byte that it may have read before it could take one
  }

  Value (*work_)(const Task&);
  unsigned attempts_;
  Shared* shared_ = nullptr;
  std::array<int, 2> wake_{-1, -1};
  int ended_ = -1;
  std::vector<Process> workers_;
  Ticket next_ = 0;
  std::size_t deaths_ = 0;
};
