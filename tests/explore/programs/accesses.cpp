// More of the kinds that ThreadSanitizer's own tests have: what the C library does to memory, odd layouts, signals and
// times, destruction while in use; each beside what is right.
#include <netdb.h>

#include <sys/time.h>

#include "tests/explore/programs/program.h"

static int shared;
static char bytes[64];

// --- the C library reads and writes for its caller -------------------------------------------------------------
PROGRAM(read_into_shared_bad, "data_race") {
  int fds[2];
  if (pipe(fds) != 0 || write(fds[1], "ab", 2) != 2) return 1;
  thread a([&] { (void)!read(fds[0], bytes, 1); });
  thread b([&] { (void)!read(fds[0], bytes, 1); });
  a.join();
  b.join();
  return 0;
}
PROGRAM(write_from_shared_bad, "data_race") {
  int fd = open("/dev/null", O_WRONLY);
  thread a([&] { (void)!write(fd, bytes, 1); });
  bytes[0] = 1;
  a.join();
  close(fd);
  return 0;
}
PROGRAM(puts_shared_bad, "data_race") {
  static char text[] = "hello";
  thread a([] { puts(text); });
  text[0] = 'j';
  a.join();
  return 0;
}
PROGRAM(memcmp_bad, "data_race") {
  static char here[8], there[8];
  thread a([] { shared = memcmp(here, there, 8); });
  here[3] = 1;
  a.join();
  return 0;
}
PROGRAM(strlen_bad, "data_race") {
  static char text[8] = "abc";
  thread a([] { shared = (int)strlen(text); });
  text[1] = 'x';
  a.join();
  return 0;
}
PROGRAM(strcpy_bad, "data_race") {
  static char to[8];
  thread a([] { strcpy(to, "one"); });
  strcpy(to, "two");
  a.join();
  return 0;
}
PROGRAM(snprintf_bad, "data_race") {
  static char to[16];
  thread a([] { snprintf(to, sizeof to, "%d", 12); });
  to[0] = 'x';
  a.join();
  return 0;
}
PROGRAM(memmove_bad, "data_race") {
  thread a([] { memmove(bytes, bytes + 1, 8); });
  bytes[4] = 4;
  a.join();
  return 0;
}
PROGRAM(gettimeofday_like_bad, "data_race") {
  static timespec now;
  thread a([] { clock_gettime(CLOCK_REALTIME, &now); });
  clock_gettime(CLOCK_REALTIME, &now);
  a.join();
  return 0;
}
PROGRAM(pipe_orders_ok, "") {
  int fds[2];
  if (pipe(fds) != 0) return 1;
  shared = 0;
  thread a([&] {
    shared = 1;
    (void)!write(fds[1], "x", 1);
  });
  char c;
  (void)!read(fds[0], &c, 1);
  assert(shared == 1);
  a.join();
  return 0;
}

PROGRAM(unrelated_pipes_bad, "data_race") {
  int one[2], other[2];
  if (pipe(one) != 0 || pipe(other) != 0 || write(other[1], "x", 1) != 1) return 1;
  thread a([&] {
    shared = 1;
    (void)!write(one[1], "x", 1);
  });
  char c;
  (void)!read(other[0], &c, 1);  // not what a wrote
  shared = 2;
  a.join();
  return 0;
}
PROGRAM(device_orders_nothing_bad, "data_race") {
  int in = open("/dev/zero", O_RDONLY), out = open("/dev/null", O_WRONLY);
  thread a([&] {
    shared = 1;
    (void)!write(out, "x", 1);
  });
  char c;
  (void)!read(in, &c, 1);
  shared = 2;
  a.join();
  close(in);
  close(out);
  return 0;
}
PROGRAM(file_orders_ok, "") {
  FILE* file = tmpfile();
  const int fd = fileno(file);
  shared = 0;
  thread a([&] {
    shared = 1;
    (void)!write(fd, "x", 1);
  });
  char c = 0;
  if (pread(fd, &c, 1, 0) == 0) c = 0;
  lseek(fd, 0, SEEK_SET);
  if (read(fd, &c, 1) == 1 && c == 'x') assert(shared == 1);
  a.join();
  fclose(file);
  return 0;
}

// --- layouts ---------------------------------------------------------------------------------------------------
PROGRAM(unaligned_bad, "data_race") {
  static char memory[16];
  auto* at = reinterpret_cast<int __attribute__((aligned(1)))*>(memory + 3);
  thread a([=] { *at = 42; });
  memory[5] = 1;
  a.join();
  return 0;
}
PROGRAM(size_mismatch_bad, "data_race") {
  static long long word;
  thread a([] { word = 1; });
  reinterpret_cast<char*>(&word)[6] = 2;
  a.join();
  return 0;
}
PROGRAM(neighbours_ok, "") {
  static char memory[16];
  thread a([] { memory[3] = 42; });
  memory[4] = 1;
  memory[2] = 1;
  a.join();
  return 0;
}
struct Bits {
  int a : 5, b : 3;
};
PROGRAM(separate_words_ok, "") {
  static struct {
    Bits one;
    int : 0;
    Bits two;
  } both;
  thread a([] { both.one.a = 1; });
  both.two.a = 1;
  a.join();
  return 0;
}
PROGRAM(vector_bool_bad, "data_race") {
  static vector<bool> flags(8);
  thread a([] { flags[1] = true; });
  flags[2] = true;
  a.join();
  return 0;
}
PROGRAM(lambda_capture_bad, "data_race,memory_error") {
  int local = 0;
  thread a([&] { local = 1; });
  local = 2;
  a.join();
  return 0;
}
PROGRAM(struct_copy_bad, "data_race") {
  struct S {
    int x[10];
  };
  static S from, to;
  thread a([] { to = from; });
  from.x[5] = 1;
  a.join();
  return 0;
}

// --- atomics ---------------------------------------------------------------------------------------------------
PROGRAM(atomic_freed_bad, "data_race,memory_error,crash") {
  auto* at = new atomic<int>(0);
  thread a([=] { at->fetch_add(1); });
  delete at;
  a.join();
  return 0;
}
PROGRAM(relaxed_publication_bad, "data_race") {
  static atomic<int*> box{nullptr};
  box = nullptr;
  thread a([] { box.store(new int(7), memory_order_relaxed); });
  if (int* p = box.load(memory_order_relaxed)) (void)*p, shared = *p;
  a.join();
  return 0;
}
PROGRAM(acquire_release_ok, "") {
  static atomic<int> ready{0};
  ready = 0;
  thread a([] {
    shared = 5;
    ready.store(1, memory_order_release);
  });
  if (ready.load(memory_order_acquire) == 1) assert(shared == 5);
  a.join();
  return 0;
}
PROGRAM(failed_exchange_orders_nothing_bad, "data_race") {
  static atomic<int> word{0};
  word = 0;
  thread a([] {
    shared = 1;
    int none = 9;
    word.compare_exchange_strong(none, 1, memory_order_release, memory_order_relaxed);  // fails: writes nothing
  });
  int none = 9;
  word.compare_exchange_strong(none, 1, memory_order_acq_rel, memory_order_acquire);
  (void)shared;
  shared = 2;
  a.join();
  return 0;
}
PROGRAM(builtin_atomics_ok, "") {
  static int counter;
  counter = 0;
  auto work = [] {
    __sync_fetch_and_add(&counter, 1);
    __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
  };
  thread a(work), b(work);
  a.join();
  b.join();
  assert(counter == 4);
  return 0;
}
PROGRAM(wide_atomic_ok, "") {
  struct alignas(16) Pair {
    long a, b;
    bool operator==(const Pair&) const = default;
  };
  static atomic<Pair> pair{};
  auto work = [] {
    Pair was = pair.load();
    while (!pair.compare_exchange_weak(was, {was.a + 1, was.b + 1})) {
    }
  };
  thread a(work), b(work);
  a.join();
  b.join();
  return pair.load().a % 2;
}

PROGRAM(wide_treiber_ok, "") {  // its 16 bytes are changed by calls of libatomic
  struct Node {
    int value;
    Node* next;
  };
  struct alignas(16) Head {
    Node* top;
    unsigned long tag;
  };
  static atomic<Head> head;
  head.store({nullptr, 0});
  static Node nodes[2];
  auto push = [](Node* node, int value) {
    node->value = value;
    Head was = head.load();
    do node->next = was.top;
    while (!head.compare_exchange_weak(was, {node, was.tag + 1}));
  };
  auto pop = []() -> Node* {
    Head was = head.load();
    while (was.top != nullptr && !head.compare_exchange_weak(was, {was.top->next, was.tag + 1})) {
    }
    return was.top;
  };
  push(&nodes[1], 2);
  thread a([&] { push(&nodes[0], 1); });
  Node* got = pop();
  assert(got != nullptr && got->value >= 1);
  a.join();
  return 0;
}

// --- destruction while in use ----------------------------------------------------------------------------------
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
  thread a(leave), b(leave);
  a.join();
  b.join();
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
  thread a(leave), b(leave);
  a.join();
  b.join();
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
  thread a(release), b(release);
  a.join();
  b.join();
  return 0;
}

// --- locks -----------------------------------------------------------------------------------------------------
PROGRAM(different_locks_bad, "data_race,crash") {
  static mutex one, two;
  shared = 0;
  thread a([] {
    lock_guard hold(one);
    ++shared;
  });
  thread b([] {
    lock_guard hold(two);
    ++shared;
  });
  a.join();
  b.join();
  return 0;
}
PROGRAM(trylock_failed_bad, "data_race") {
  static mutex m;
  shared = 0;
  auto work = [] {
    const bool got = m.try_lock();
    ++shared;  // whether or not
    if (got) m.unlock();
  };
  thread a(work), b(work);
  a.join();
  b.join();
  return 0;
}
PROGRAM(trylock_ok, "") {
  static mutex m;
  shared = 0;
  auto work = [] {
    if (m.try_lock()) {
      ++shared;
      m.unlock();
    }
  };
  thread a(work), b(work);
  a.join();
  b.join();
  return shared == 0;
}
PROGRAM(shared_lock_upgrade_bad, "deadlock,hang") {
  static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
  pthread_rwlock_rdlock(&l);
  thread a([] {
    pthread_rwlock_wrlock(&l);
    pthread_rwlock_unlock(&l);
  });
  a.join();  // while it holds what a waits for
  pthread_rwlock_unlock(&l);
  return 0;
}
PROGRAM(recursive_static_init_ok, "") {
  struct Slow {
    int value = 3;
    Slow() { this_thread::yield(); }
  };
  auto get = []() -> Slow& {
    static Slow slow;
    return slow;
  };
  thread a([&] { assert(get().value == 3); }), b([&] { assert(get().value == 3); });
  a.join();
  b.join();
  return 0;
}
PROGRAM(error_check_mutex_ok, "") {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_t m;
  pthread_mutex_init(&m, &kind);
  pthread_mutex_lock(&m);
  const bool told = pthread_mutex_lock(&m) == EDEADLK;
  pthread_mutex_unlock(&m);
  pthread_mutex_destroy(&m);
  return told ? 0 : 1;
}
PROGRAM(robust_mutex_ok, "") {
  static pthread_mutex_t m;
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&m, &kind);
  thread a([] { pthread_mutex_lock(&m); });
  a.join();
  const int got = pthread_mutex_lock(&m);
  if (got == EOWNERDEAD) pthread_mutex_consistent(&m);
  pthread_mutex_unlock(&m);
  return got == EOWNERDEAD ? 0 : 1;
}

// --- signals and times -------------------------------------------------------------------------------------------
static int by_handler;
PROGRAM(pause_ok, "") {
  signal(SIGALRM, [](int) {});
  alarm(2);
  return pause() == -1 && errno == EINTR ? 0 : 1;
}
PROGRAM(alarm_while_all_wait_ok, "") {
  static sem_t rang;
  sem_init(&rang, 0, 0);
  struct sigaction action{};
  action.sa_handler = [](int) { sem_post(&rang); };
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  thread a([] { sem_wait(&rang); });
  alarm(1);
  a.join();
  return 0;
}
PROGRAM(interval_timer_ok, "") {
  static volatile sig_atomic_t rang;
  rang = 0;
  signal(SIGALRM, [](int) { rang = rang + 1; });
  itimerval every{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every, nullptr);
  while (rang < 3) usleep(100);
  itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  return 0;
}
PROGRAM(poll_interrupted_ok, "") {
  static int never[2];
  if (pipe(never) != 0) return 1;
  signal(SIGALRM, [](int) {});
  alarm(1);
  pollfd asked{never[0], POLLIN, 0};
  return poll(&asked, 1, -1) == -1 && errno == EINTR ? 0 : 1;
}
PROGRAM(signal_to_waiting_thread_ok, "") {
  static mutex m;
  static condition_variable c;
  static bool ready;
  static atomic<int> handled{0};
  ready = false;
  handled = 0;
  signal(SIGUSR1, [](int) { handled.fetch_add(1); });
  thread a([] {
    unique_lock hold(m);
    c.wait(hold, [] { return ready; });
  });
  pthread_kill(a.native_handle(), SIGUSR1);
  while (handled == 0) this_thread::yield();  // its handler runs although it waits
  {
    lock_guard hold(m);
    ready = true;
  }
  c.notify_one();
  a.join();
  return 0;
}
PROGRAM(alarm_ok, "") {
  static volatile sig_atomic_t rang;
  rang = 0;
  signal(SIGALRM, [](int) { rang = 1; });
  alarm(1);
  while (!rang) usleep(100000);
  return 0;
}
PROGRAM(signal_interrupts_sleep_ok, "") {
  static atomic<bool> asleep{false};
  asleep = false;
  signal(SIGUSR1, [](int) {});
  static atomic<bool> woke{false};
  woke = false;
  thread a([] {
    asleep = true;
    timespec day{86400, 0};
    nanosleep(&day, nullptr);
    woke = true;
  });
  while (!asleep) this_thread::yield();
  pthread_kill(a.native_handle(), SIGUSR1);
  a.join();
  return woke ? 0 : 1;
}
PROGRAM(signal_interrupts_semaphore_ok, "") {
  static sem_t never;
  static atomic<bool> waits{false};
  waits = false;
  sem_init(&never, 0, 0);
  struct sigaction action{};
  action.sa_handler = [](int) {};
  sigaction(SIGUSR1, &action, nullptr);
  static int told;
  thread a([] {
    waits = true;
    while (sem_wait(&never) == 0) {
    }
    told = errno;
  });
  while (!waits) this_thread::yield();
  for (int i = 0; i < 3; ++i) {
    usleep(1000);
    pthread_kill(a.native_handle(), SIGUSR1);
  }
  a.join();
  return told == EINTR ? 0 : 1;
}
PROGRAM(handler_and_thread_race_bad, "data_race") {
  by_handler = 0;
  signal(SIGUSR2, [](int) { ++by_handler; });
  thread a([] { raise(SIGUSR2); });
  by_handler = 5;
  a.join();
  return 0;
}
PROGRAM(sleep_is_no_order_bad, "data_race") {
  shared = 0;
  thread a([] {
    usleep(1000000);
    shared = 1;
  });
  shared = 2;
  a.detach();
  sleep(3);
  (void)shared;
  shared = 3;
  return 0;
}
PROGRAM(getaddrinfo_ok, "") {
  auto look = [] {
    addrinfo* found = nullptr;
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    if (getaddrinfo("127.0.0.1", nullptr, &hints, &found) == 0) freeaddrinfo(found);
  };
  thread a(look), b(look);
  a.join();
  b.join();
  return 0;
}
PROGRAM(strerror_localtime_ok, "") {
  auto work = [] {
    char to[64];
    (void)!strerror_r(ENOENT, to, sizeof to);
    time_t now = time(nullptr);
    tm parts;
    localtime_r(&now, &parts);
    strftime(to, sizeof to, "%F", &parts);
  };
  thread a(work), b(work);
  a.join();
  b.join();
  return 0;
}
PROGRAM(localtime_bad, "data_race") {
  auto work = [] {
    time_t now = 0;
    tm* parts = localtime(&now);
    ++parts->tm_year;
  };
  thread a(work), b(work);
  a.join();
  b.join();
  return 0;
}
PROGRAM(many_threads_ok, "") {
  static atomic<int> count{0};
  count = 0;
  vector<thread> all;
  for (int i = 0; i < 100; ++i) all.emplace_back([] { ++count; });
  for (auto& each : all) each.join();
  return count == 100 ? 0 : 1;
}
PROGRAM(threads_one_after_another_ok, "") {
  for (int i = 0; i < 50; ++i) {
    thread a([] { ++shared; });
    a.join();
  }
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
PROGRAM(condition_notified_unlocked_ok, "") {
  static mutex m;
  static condition_variable c;
  static bool ready;
  ready = false;
  thread a([] {
    {
      lock_guard hold(m);
      ready = true;
    }
    c.notify_one();
  });
  unique_lock hold(m);
  c.wait(hold, [] { return ready; });
  hold.unlock();
  a.join();
  return 0;
}
PROGRAM(condition_flag_unlocked_bad, "data_race,hang,lost_wakeup,deadlock") {
  static mutex m;
  static condition_variable c;
  static bool ready;
  ready = false;
  thread a([] {
    ready = true;  // without the lock
    c.notify_one();
  });
  unique_lock hold(m);
  c.wait(hold, [] { return ready; });
  hold.unlock();
  a.join();
  return 0;
}
PROGRAM(map_reader_writer_bad, "data_race") {
  static map<int, int> table;
  table.clear();
  for (int i = 0; i < 4; ++i) table[i] = i;
  thread a([] { table[10] = 1; });
  (void)table.count(3);
  a.join();
  return 0;
}
PROGRAM(map_iteration_bad, "data_race,memory_error,crash") {
  static map<int, int> table;
  table.clear();
  for (int i = 0; i < 4; ++i) table[i] = i;
  thread a([] { table.erase(2); });
  int sum = 0;
  for (auto at = table.begin(); at != table.end(); ++at) sum += at->first;
  a.join();
  return 0;
}
PROGRAM(map_readers_ok, "") {
  static map<int, int> table;
  table.clear();
  for (int i = 0; i < 4; ++i) table[i] = i;
  auto look = [] {
    int sum = 0;
    for (const auto& [key, value] : table) sum += value;
    (void)table.count(3);
  };
  thread a(look), b(look);
  a.join();
  b.join();
  return 0;
}
PROGRAM(maps_of_their_own_ok, "") {
  auto work = [] {
    map<int, string> own;
    for (int i = 0; i < 4; ++i) own[i] = "text";
    own.erase(1);
  };
  thread a(work), b(work);
  a.join();
  b.join();
  return 0;
}
PROGRAM(list_bad, "data_race,memory_error,crash") {
  static list<int> items;
  items.assign({1, 2, 3});
  thread a([] { items.push_back(4); });
  (void)items.back();
  a.join();
  return 0;
}
PROGRAM(list_locked_ok, "") {
  static list<int> items;
  static mutex m;
  items.assign({1, 2, 3});
  auto work = [] {
    lock_guard hold(m);
    items.push_back(4);
    items.pop_front();
  };
  thread a(work), b(work);
  a.join();
  b.join();
  return 0;
}
PROGRAM(texts_of_their_own_ok, "") {
  auto work = [] {
    char to[32];
    snprintf(to, sizeof to, "%s %d", "text", 4);
    string text = to;
    text += strchr(to, ' ');
    return strcmp(to, text.c_str()) != 0 && strlen(to) == 6;
  };
  thread a(work), b(work);
  a.join();
  b.join();
  return 0;
}
PROGRAM(iostream_lines_ok, "") {
  thread a([] { printf("one\n"); });
  printf("two\n");
  a.join();
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
  thread a(work), b(work);
  a.join();
  b.join();
  return 0;
}
