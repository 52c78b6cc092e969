// chicane-sample-report FORMAT [RUN]: the sample run in one format, on stdout.
#include <cstdio>
#include <string>
#include <string_view>

#include "reports/render.h"
#include "tests/reports/sample_run.h"

int main(int argc, char** argv) {
  const std::string_view format = argc > 1 ? argv[1] : "";
  const std::string_view kind = argc > 2 ? argv[2] : "trouble";
  const auto run =
      chicane::sample::sample_run(kind == "clean" ? chicane::sample::Trouble::none : chicane::sample::Trouble::some);
  std::string text;
  if (format == "html") {
    text = chicane::render_html(run);
  } else if (format == "junit") {
    text = chicane::render_junit(run);
  } else if (format == "console") {
    text = chicane::render_console(run, {});
  } else {
    std::fputs("chicane-sample-report html|junit|console [trouble|clean]\n", stderr);
    return 2;
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}
