// A run as text for people and for other tools. Pure functions of the run: the same run gives the same bytes.
#pragma once

#include <string>

#include "harness/model/run.h"

namespace chicane {

std::string render_html(const Run& run);   // one offline file
std::string render_junit(const Run& run);  // one test case a scenario × lane

struct ConsoleStyle {
  unsigned width = 80;  // columns
  bool color = false;
};
std::string render_console(const Run& run, const ConsoleStyle& style);  // verdict table and what was found

}  // namespace chicane
