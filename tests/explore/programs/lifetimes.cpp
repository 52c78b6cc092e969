// Memory, locks and threads that end while somebody uses them, and those that do not.
#include "tests/explore/programs/program.h"

static int shared;

PROGRAM(lambda_capture_bad, "data_race,memory_error") {
  int local = 0;
  thread a([&] { local = 1; });
  local = 2;
  a.join();
  return 0;
}

PROGRAM(mutex_freed_while_held_bad, "data_race,mutex_misuse,memory_error,crash") {
  auto* lock = new mutex;
  lock->lock();
  thread a([=] {
    lock->lock();
    lock->unlock();
  });
  lock->unlock();
  delete lock;
  a.join();
  return 0;
}

PROGRAM(mutex_deleted_by_last_bad, "data_race,mutex_misuse,memory_error,crash") {
  struct Counted {
    mutex m;
    int users = 2;
  };
  auto* counted = new Counted;
  auto leave = [=] {
    bool last = false;
    {
      lock_guard hold(counted->m);
      last = --counted->users == 0;
      if (last) delete counted;  // unlocks what is gone
    }
  };
  twice(leave);
  return 0;
}

PROGRAM(counted_delete_ok, "") {
  struct Counted {
    mutex m;
    int users = 2;
  };
  auto* counted = new Counted;
  auto leave = [=] {
    bool last = false;
    {
      lock_guard hold(counted->m);
      last = --counted->users == 0;
    }
    if (last) delete counted;
  };
  twice(leave);
  return 0;
}

PROGRAM(semaphore_then_free_bad, "data_race,memory_error,crash") {
  // Posting wakes the owner, who frees the semaphore while the poster may still touch what lies beside it.
  struct Job {
    sem_t done;
    int result = 0;
  };
  auto* job = new Job;
  sem_init(&job->done, 0, 0);
  thread a([=] {
    sem_post(&job->done);
    job->result = 1;
  });
  sem_wait(&job->done);
  delete job;
  a.join();
  return 0;
}

PROGRAM(use_after_join_ok, "") {
  auto* value = new int(0);
  thread a([=] { *value = 1; });
  a.join();
  assert(*value == 1);
  delete value;
  return 0;
}

PROGRAM(double_free_bad, "data_race,memory_error,crash") {
  static int* both;
  both = new int(1);
  auto release = [] {
    if (both) {
      delete both;
      both = nullptr;
    }
  };
  twice(release);
  return 0;
}

PROGRAM(thread_finished_bad, "data_race") {
  static atomic<bool> done{false};
  done = false;
  thread a([] {
    shared = 1;
    done.store(true, memory_order_relaxed);
  });
  while (!done.load(memory_order_relaxed)) this_thread::yield();
  shared = 2;  // it has ended, but nothing says so
  a.join();
  return 0;
}

PROGRAM(exception_across_ok, "") {
  promise<int> given;
  auto taken = given.get_future();
  thread a([&] {
    try {
      throw runtime_error("x");
    } catch (...) {
      given.set_exception(current_exception());
    }
  });
  bool caught = false;
  try {
    taken.get();
  } catch (const runtime_error&) {
    caught = true;
  }
  a.join();
  return caught ? 0 : 1;
}

PROGRAM(shared_ptr_object_bad, "data_race,memory_error,crash") {
  static shared_ptr<int> box;
  box = make_shared<int>(1);
  thread a([] { box = make_shared<int>(2); });
  auto copy = box;  // the pointer itself is not atomic
  a.join();
  return 0;
}

PROGRAM(shared_ptr_copies_ok, "") {
  auto box = make_shared<int>(1);
  thread a([box] { (void)*box; });
  thread b([copy = box] { (void)*copy; });
  box.reset();
  a.join();
  b.join();
  return 0;
}

PROGRAM(realloc_bad, "data_race,memory_error,crash") {
  static char* text;
  text = static_cast<char*>(malloc(8));
  thread a([] { text[0] = 1; });
  text = static_cast<char*>(realloc(text, 4096));
  a.join();
  free(text);
  return 0;
}

PROGRAM(aligned_new_ok, "") {
  struct alignas(64) Wide {
    int x = 0;
  };
  auto work = [] {
    auto owned = make_unique<Wide>();
    void* more = aligned_alloc(64, 128);
    memset(more, 1, 128);
    free(more);
    return owned->x;
  };
  twice(work);
  return 0;
}
