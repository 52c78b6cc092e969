// Trials that use too much. Each stops far beyond every limit, so that a limit that does not hold costs no host.
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

#include "fault.h"

namespace {

using fault::InTheLoop;

void wait_for_the_end() {
  for (;;) pause();
}

FAULT("memory", "touches 10 GB", InTheLoop<[] {
        constexpr std::size_t part = 10'000'000;
        for (int i = 0; i < 1000; ++i)
          if (void* const block = std::malloc(part)) std::memset(block, i, part), chicane::keep(block);
        wait_for_the_end();
      }>);
FAULT("memory-of-children", "touches 10 GB in processes that it forks", InTheLoop<[] {
        for (int i = 0; i < 50; ++i)
          if (fork() == 0) {
            constexpr std::size_t part = 200'000'000;
            if (void* const block = std::malloc(part)) std::memset(block, i, part), chicane::keep(block);
            wait_for_the_end();
          }
        wait_for_the_end();
      }>);
FAULT("output", "writes 1 GB to stdout", InTheLoop<[] {
        const std::string line(999, 'x');
        for (int i = 0; i < 1'000'000; ++i)
          if (write(STDOUT_FILENO, (line + "\n").c_str(), 1000) < 0) break;
      }>);
FAULT("processes", "forks 2,000 processes", InTheLoop<[] {
        for (int i = 0; i < 2000; ++i)
          if (fork() == 0) wait_for_the_end();
        wait_for_the_end();
      }>);
FAULT("threads", "starts 2,000 threads", InTheLoop<[] {
        for (int i = 0; i < 2000; ++i) std::thread(wait_for_the_end).detach();
        wait_for_the_end();
      }>);
FAULT("files", "opens a file 900 times", InTheLoop<[] {
        for (int i = 0; i < 900; ++i) chicane::keep(open("/dev/null", O_RDONLY));
        wait_for_the_end();
      }>);

}  // namespace
