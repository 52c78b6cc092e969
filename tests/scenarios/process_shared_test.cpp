// Real processes over a real shared mapping. The children only touch the mapping and end by _exit.
#include <chicane/process_shared.h>

#include <mutex>
#include <new>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>

namespace chicane {
namespace {

template <typename T>
class Shared {
 public:
  Shared() : object_(new(mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) T) {}
  ~Shared() {
    object_->~T();
    munmap(object_, sizeof(T));
  }
  T* operator->() { return object_; }
  T& operator*() { return *object_; }

 private:
  T* object_;
};

template <typename Body>
pid_t start(Body body) {
  const pid_t child = fork();
  if (child != 0) return child;
  body();
  _exit(0);
}

bool ended_well(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(ProcessMutex, NoIncrementOfTwoProcessesIsLost) {
  struct State {
    ProcessMutex mutex;
    long total = 0;
  };
  constexpr long turns = 20'000;
  Shared<State> state;
  std::vector<pid_t> children;
  for (int i = 0; i < 2; ++i)
    children.push_back(start([&] {
      for (long turn = 0; turn < turns; ++turn) {
        const std::lock_guard lock(state->mutex);
        const long seen = state->total;
        clobber();  // load and store stay apart
        state->total = seen + 1;
      }
    }));
  for (const pid_t child : children) EXPECT_TRUE(ended_well(child));
  EXPECT_EQ(state->total, 2 * turns);
}

TEST(ProcessMutex, IsNotTakenTwice) {
  Shared<ProcessMutex> mutex;
  const std::lock_guard lock(*mutex);
  EXPECT_TRUE(ended_well(start([&] {
    if (mutex->try_lock()) _exit(1);
  })));
}

TEST(ProcessMutex, ThrowsInsteadOfWaitingForAnOwnerThatEnded) {
  Shared<ProcessMutex> mutex;
  EXPECT_TRUE(ended_well(start([&] { mutex->lock(); })));
  for (int attempt = 0; attempt < 2; ++attempt) {
    try {
      mutex->lock();
      FAIL() << "the mutex was taken";
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), attempt == 0 ? std::errc::owner_dead : std::errc::state_not_recoverable);
    }
  }
}

TEST(ProcessCondition, WakesAWaiterInAnotherProcess) {
  struct State {
    ProcessMutex mutex;
    ProcessCondition changed;
    int stage = 0;
  };
  Shared<State> state;
  const pid_t child = start([&] {
    std::unique_lock lock(state->mutex);
    state->changed.wait(lock, [&] { return state->stage == 1; });
    state->stage = 2;
    state->changed.notify_all();
  });
  {
    std::unique_lock lock(state->mutex);
    state->stage = 1;
    state->changed.notify_all();
    state->changed.wait(lock, [&] { return state->stage == 2; });
  }
  EXPECT_TRUE(ended_well(child));
}

TEST(ProcessSemaphore, HasAsManyPlacesAsItWasGivenForAllProcessesTogether) {
  struct Places {
    ProcessSemaphore semaphore{2};
  };
  Shared<Places> places;
  places->semaphore.acquire();
  EXPECT_TRUE(ended_well(start([&] {
    if (!places->semaphore.try_acquire()) _exit(1);
    if (places->semaphore.try_acquire()) _exit(2);
    places->semaphore.release();
  })));
  EXPECT_TRUE(places->semaphore.try_acquire());
  EXPECT_FALSE(places->semaphore.try_acquire());
}

TEST(ProcessBarrier, LetsProcessesGoOnTogetherAgainAndAgain) {
  struct State {
    ProcessBarrier barrier{2};
    int before[2] = {0, 0};
  };
  Shared<State> state;
  const auto meet = [&](int self) {
    for (int turn = 1; turn <= 100; ++turn) {
      state->before[self] = turn;
      state->barrier.arrive_and_wait();
      if (state->before[1 - self] != turn) return false;
      state->barrier.arrive_and_wait();
    }
    return true;
  };
  const pid_t child = start([&] {
    if (!meet(1)) _exit(1);
  });
  EXPECT_TRUE(meet(0));
  EXPECT_TRUE(ended_well(child));
}

}  // namespace
}  // namespace chicane
