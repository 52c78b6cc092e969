// What the C library and the containers do to memory for their caller, and layouts that share words.
#include <netdb.h>

#include "tests/explore/programs/program.h"

static int shared;
static char bytes[64];

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

PROGRAM(getaddrinfo_ok, "") {
  auto look = [] {
    addrinfo* found = nullptr;
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    if (getaddrinfo("127.0.0.1", nullptr, &hints, &found) == 0) freeaddrinfo(found);
  };
  twice(look);
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
  twice(work);
  return 0;
}

PROGRAM(localtime_bad, "data_race") {
  auto work = [] {
    time_t now = 0;
    tm* parts = localtime(&now);
    ++parts->tm_year;
  };
  twice(work);
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
  twice(look);
  return 0;
}

PROGRAM(maps_of_their_own_ok, "") {
  auto work = [] {
    map<int, string> own;
    for (int i = 0; i < 4; ++i) own[i] = "text";
    own.erase(1);
  };
  twice(work);
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
  twice(work);
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
  twice(work);
  return 0;
}

PROGRAM(iostream_lines_ok, "") {
  thread a([] { printf("one\n"); });
  printf("two\n");
  a.join();
  return 0;
}

PROGRAM(strlen_of_nothing_bad, "crash") {
  static const char* volatile nothing = nullptr;
  return static_cast<int>(strlen(nothing));
}
