// chicane-sample-report FORMAT [RUN]: a sample run in one format, on stdout. Golden files are made with it, and the
// tests that look at reports from outside (a browser, an XML parser) get theirs from it.
#include <cstdio>
#include <string>
#include <string_view>

#include "reports/render.h"
#include "tests/reports/golden.h"
#include "tests/reports/sample_run.h"

int main(int argc, char** argv) {
  using namespace chicane;
  const std::string_view format = argc > 1 ? argv[1] : "";
  const std::string_view kind = argc > 2 ? argv[2] : "trouble";
  const auto run = kind == "hostile" ? sample::hostile_run()
                   : kind == "clean" ? sample::sample_run(sample::Trouble::none)
                                     : sample::sample_run(sample::Trouble::some);
  std::string text;
  if (format == "html") {
    text = render_html(run);
  } else if (format == "html-without-assets") {
    text = sample::without_assets(render_html(run));
  } else if (format == "junit") {
    text = render_junit(run);
  } else if (format == "console") {
    text = render_console(run, {});
  } else {
    std::fputs("chicane-sample-report html|html-without-assets|junit|console [trouble|clean|hostile]\n", stderr);
    return 2;
  }
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
