// Small programs, explored from main: `PROGRAM NAME` runs one, without a name all are listed with what must be found.
#pragma once

#include <atomic>
#include <barrier>
#include <cassert>
#include <condition_variable>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <future>
#include <latch>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <semaphore>
#include <shared_mutex>
#include <sstream>
#include <stop_token>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

using namespace std;  // NOLINT: programs as one finds them

struct Program {
  const char* name;
  const char* finds;  // kinds, any of them, all others are forbidden; "": nothing may be found
  int (*run)();
};
vector<Program>& programs();

template <typename Work>
void twice(Work work) {  // at once
  thread a(work), b(work);
  a.join();
  b.join();
}

struct AddProgram {
  AddProgram(const char* name, const char* finds, int (*run)()) { programs().push_back({name, finds, run}); }
};
#define PROGRAM(name, finds)                        \
  static int name();                                \
  static AddProgram add_##name(#name, finds, name); \
  static int name()
