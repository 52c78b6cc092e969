// What touches the world outside: descriptors, signals, other processes, the ways in which a program ends.
#include "tests/explore/programs/program.h"

static int first;
static int second;

PROGRAM(fork_ok, "") {
  first = 0;
  pid_t p = fork();
  if (p == 0) _exit(7);
  int s = 0;
  waitpid(p, &s, 0);
  assert(WEXITSTATUS(s) == 7);
  thread a([] { ++first; });
  a.join();
  return 0;
}

PROGRAM(fork_with_threads_ok, "") {
  static atomic<bool> stop{false};
  thread a([] {
    while (!stop) this_thread::yield();
  });
  pid_t p = fork();
  if (p == 0) {
    _exit(3);
  }
  int s = 0;
  waitpid(p, &s, 0);
  stop = true;
  a.join();
  assert(WEXITSTATUS(s) == 3);
  return 0;
}

PROGRAM(fork_child_threads_ok, "") {
  pid_t p = fork();
  if (p == 0) {
    int n = 0;
    thread t([&] { ++n; });
    t.join();
    _exit(n == 1 ? 0 : 9);
  }
  int s = 0;
  waitpid(p, &s, 0);
  return WEXITSTATUS(s);
}
static volatile sig_atomic_t signalled;
static atomic<int> handled{0};

PROGRAM(signal_raise_ok, "") {
  signalled = 0;
  signal(SIGUSR1, [](int) {
    signalled = 1;
    handled.fetch_add(1);
  });
  raise(SIGUSR1);
  assert(signalled == 1);
  return 0;
}

PROGRAM(signal_thread_kill_ok, "") {
  static atomic<bool> got{false};
  signal(SIGUSR1, [](int) { got = true; });
  thread a([] {
    while (!got) this_thread::yield();
  });
  pthread_kill(a.native_handle(), SIGUSR1);
  a.join();
  return 0;
}

PROGRAM(signal_to_process_ok, "") {
  static atomic<bool> got{false};
  signal(SIGUSR2, [](int) { got = true; });
  kill(getpid(), SIGUSR2);
  while (!got) this_thread::yield();
  return 0;
}

PROGRAM(sigwait_ok, "") {
  sigset_t s;
  sigemptyset(&s);
  sigaddset(&s, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &s, nullptr);
  thread a([s] {
    int got = 0;
    sigwait(&s, &got);
    assert(got == SIGUSR1);
  });
  kill(getpid(), SIGUSR1);
  a.join();
  return 0;
}

PROGRAM(pipe_ok, "") {
  static int fd[2];
  if (pipe(fd)) return 1;
  first = 0;
  thread a([] {
    first = 1;
    char c = 'x';
    if (write(fd[1], &c, 1) != 1) abort();
  });
  char c;
  if (read(fd[0], &c, 1) != 1) return 1;
  int x = first;
  assert(x == 1);
  a.join();
  close(fd[0]);
  close(fd[1]);
  return 0;
}

PROGRAM(pipe_main_writes_ok, "") {
  static int fd[2];
  if (pipe(fd)) return 1;
  first = 0;
  thread a([] {
    char c;
    if (read(fd[0], &c, 1) != 1) abort();
    assert(first == 1);
  });
  first = 1;
  char c = 'x';
  if (write(fd[1], &c, 1) != 1) abort();
  a.join();
  return 0;
}

PROGRAM(eventfd_ok, "") {
  static int e;
  e = eventfd(0, 0);
  first = 0;
  thread a([] {
    first = 1;
    uint64_t v = 1;
    if (write(e, &v, 8) != 8) abort();
  });
  uint64_t v;
  if (read(e, &v, 8) != 8) return 1;
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(socketpair_ok, "") {
  static int s[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, s)) return 1;
  first = 0;
  thread a([] {
    first = 1;
    send(s[0], "a", 1, 0);
  });
  char c;
  if (recv(s[1], &c, 1, 0) != 1) return 1;
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(poll_ok, "") {
  static int fd[2];
  if (pipe(fd)) return 1;
  first = 0;
  thread a([] {
    first = 1;
    if (write(fd[1], "x", 1) != 1) abort();
  });
  pollfd p{fd[0], POLLIN, 0};
  if (poll(&p, 1, -1) != 1) return 1;
  char c;
  if (read(fd[0], &c, 1) != 1) return 1;
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(epoll_ok, "") {
  static int fd[2];
  if (pipe(fd)) return 1;
  int e = epoll_create1(0);
  epoll_event ev{};
  ev.events = EPOLLIN;
  epoll_ctl(e, EPOLL_CTL_ADD, fd[0], &ev);
  first = 0;
  thread a([] {
    first = 1;
    if (write(fd[1], "x", 1) != 1) abort();
  });
  if (epoll_wait(e, &ev, 1, -1) != 1) return 1;
  char c;
  if (read(fd[0], &c, 1) != 1) return 1;
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(select_ok, "") {
  static int fd[2];
  if (pipe(fd)) return 1;
  first = 0;
  thread a([] {
    first = 1;
    if (write(fd[1], "x", 1) != 1) abort();
  });
  fd_set s;
  FD_ZERO(&s);
  FD_SET(fd[0], &s);
  if (select(fd[0] + 1, &s, nullptr, nullptr, nullptr) != 1) return 1;
  char c;
  if (read(fd[0], &c, 1) != 1) return 1;
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(pipe_full_ok, "") {
  static int fd[2];
  if (pipe(fd)) return 1;
  fcntl(fd[1], F_SETPIPE_SZ, 4096);
  thread a([] {
    static char b[6000];
    size_t n = 0;
    while (n < sizeof b) {
      ssize_t k = write(fd[1], b + n, sizeof b - n);
      if (k <= 0) abort();
      n += k;
    }
    close(fd[1]);
  });
  char b[512];
  size_t n = 0;
  ssize_t k;
  while ((k = read(fd[0], b, sizeof b)) > 0) n += k;
  a.join();
  assert(n == 6000);
  return 0;
}

PROGRAM(pipe_closed_ok, "") {
  static int fd[2];
  if (pipe(fd)) return 1;
  first = 0;
  thread a([] {
    first = 1;
    close(fd[1]);
  });
  char c;
  if (read(fd[0], &c, 1) != 0) return 1;
  assert(first == 1);
  a.join();
  return 0;
}

PROGRAM(exit_in_thread_ok, "") {
  thread a([] { exit(0); });
  a.join();
  return 0;
}

PROGRAM(main_pthread_exit_ok, "") {
  static atomic<int> n{0};
  thread([] { n = 1; }).detach();
  pthread_exit(nullptr);
}

PROGRAM(atexit_ok, "") {
  atexit([] { first = 1; });
  thread a([] { ++second; });
  a.join();
  return 0;
}

PROGRAM(printf_ok, "") {
  auto w = [](int i) { printf("hello %d\n", i); };
  thread a(w, 1), b(w, 2);
  a.join();
  b.join();
  return 0;
}

PROGRAM(system_ok, "") {
  thread a([] {
    if (system("true") != 0) abort();
  });
  a.join();
  FILE* p = popen("echo hi", "r");
  char b[8];
  if (!fgets(b, 8, p)) return 1;
  pclose(p);
  return 0;
}

PROGRAM(mmap_ok, "") {
  auto w = [] {
    int* p = (int*)mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *p = 1;
    munmap(p, 4096);
  };
  twice(w);
  return 0;
}

PROGRAM(cancel_ok, "") {
  thread a([] {
    for (;;) {
      this_thread::sleep_for(chrono::milliseconds(1));
      pthread_testcancel();
    }
  });
  pthread_cancel(a.native_handle());
  a.join();
  return 0;
}

PROGRAM(cancel_cond_ok, "") {
  static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
  pthread_t t;
  pthread_create(
      &t, nullptr,
      [](void*) -> void* {
        pthread_mutex_lock(&m);
        pthread_cleanup_push([](void*) { pthread_mutex_unlock(&m); }, nullptr);
        for (;;) pthread_cond_wait(&c, &m);
        pthread_cleanup_pop(1);
        return nullptr;
      },
      nullptr);
  pthread_cancel(t);
  void* r;
  pthread_join(t, &r);
  assert(r == PTHREAD_CANCELED);
  return 0;
}

PROGRAM(timerfd_ok, "") {
  int t = timerfd_create(CLOCK_MONOTONIC, 0);
  itimerspec s{{0, 0}, {0, 1000000}};
  timerfd_settime(t, 0, &s, nullptr);
  uint64_t n;
  if (read(t, &n, 8) != 8) return 1;
  return 0;
}

PROGRAM(poll_timeout_ok, "") {
  thread a([] { poll(nullptr, 0, 5); });
  a.join();
  pollfd p{0, 0, 0};
  poll(&p, 0, 1);
  return 0;
}

PROGRAM(sigsegv_handler_ok, "") {
  static sigjmp_buf j;
  static volatile int n;
  n = 0;
  signal(SIGSEGV, [](int) { siglongjmp(j, 1); });
  if (sigsetjmp(j, 1) == 0) {
    int* volatile p = nullptr;
    *p = 1;
  } else
    n = 1;
  assert(n == 1);
  return 0;
}

PROGRAM(shared_mapping_ok, "") {
  auto* p = (atomic<int>*)mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t c = fork();
  if (c == 0) {
    p->store(1);
    _exit(0);
  }
  while (p->load() == 0) usleep(100);
  waitpid(c, nullptr, 0);
  return 0;
}
