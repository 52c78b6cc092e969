// What a scenario may take from the process that it shares with the harness.
#pragma once

#include <string>

namespace chicane {

// Gives the process back the file descriptors and file sizes that a scenario may have denied it (setrlimit), as far as
// that is allowed. Returns why no descriptor can be had, else nothing.
std::string take_back_files();

}  // namespace chicane
