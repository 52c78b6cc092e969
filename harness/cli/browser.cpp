#include "harness/cli/browser.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sstream>
#include <unistd.h>
#include <vector>

#include <sys/wait.h>

namespace chicane {
namespace {

// Where a command lies; empty: nowhere.
std::string found_in_path(const std::string& command) {
  if (command.empty()) return {};
  if (command.contains('/')) return access(command.c_str(), X_OK) == 0 ? command : std::string();
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const auto file = folder + "/" + command; !folder.empty() && access(file.c_str(), X_OK) == 0) return file;
  return {};
}

std::vector<std::string> browsers() {
  std::vector<std::string> all;
  const char* wanted = std::getenv("BROWSER");
  std::istringstream list(wanted == nullptr ? "" : wanted);
  for (std::string one; std::getline(list, one, ':');) all.push_back(one);
  all.emplace_back("xdg-open");
  return all;
}

// In a session of its own and nobody's child, so that it outlives this program and Ctrl-C; its words are not ours.
void start_detached(const std::string& program, const std::string& file) {
  const auto child = fork();
  if (child == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing >= 0)
      for (const int stream : {0, 1, 2}) dup2(nothing, stream);
    execl(program.c_str(), program.c_str(), file.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  if (child > 0) waitpid(child, nullptr, 0);
}

}  // namespace

std::string open_in_browser(const std::string& file) {
  for (const auto& one : browsers())
    if (const auto program = found_in_path(one); !program.empty()) {
      start_detached(program, std::filesystem::absolute(file).string());
      return one;
    }
  return {};
}

}  // namespace chicane
