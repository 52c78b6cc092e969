// What TSan reports while the process exits, seen from outside.
#include <cstdio>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

namespace {

struct Ended {
  int status = -1;
  std::string output;  // stdout and stderr
};
Ended run(const std::string& argument) {
  Ended ended;
  FILE* const pipe = popen((CHICANE_LATE_PROGRAM " " + argument + " 2>&1").c_str(), "r");
  char buffer[4096];
  for (std::size_t size; pipe != nullptr && (size = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    ended.output.append(buffer, size);
  if (pipe != nullptr) ended.status = pclose(pipe);
  return ended;
}

TEST(LateReports, ALeakedThreadReachesTheSinkAtExit) {
  const Ended ended = run("leak");
  EXPECT_EQ(ended.output,
            "taken: 0\nlate: thread_leak x1: thread 1 has ended and was neither joined nor detached, created in "
            "leaked_thread\n");
  EXPECT_EQ(ended.status, 0) << "findings don't change how the process exits";
}

TEST(LateReports, WithoutALeakThereIsNothing) {
  const Ended ended = run("clean");
  EXPECT_EQ(ended.output, "taken: 0\n");
  EXPECT_EQ(ended.status, 0);
}

}  // namespace
