#include "harness/cli/results.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/ioctl.h>

#include "harness/cli/hosted_ci.h"
#include "harness/model/files.h"
#include "harness/model/json.h"
#include "reports/picture.h"
#include "reports/render.h"

namespace chicane {

namespace fs = std::filesystem;

namespace {

// Journal, run.json and reports of a short run; what a long one takes can't be known.
constexpr std::uintmax_t least_free_bytes = std::uintmax_t{8} << 20;

}  // namespace

std::string source_root_here() {
  const char* const folder = std::getenv("GITHUB_WORKSPACE");
  return folder == nullptr ? "" : folder;
}

Result<void> open_results(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return failure(fmt::format("output folder {}: {}; choose another with -o", folder, error.message()));
  const auto probe = (fs::path(folder) / ".chicane-probe").string();
  if (auto written = write_file(probe, "probe\n"); !written)
    return std::unexpected(std::move(written.error()).within("output folder " + folder));
  fs::remove(probe, error);
  if (const auto space = fs::space(folder, error); !error && space.available < least_free_bytes)
    return failure(
        fmt::format("output folder {}: {} KiB are free there, and a run needs {} MiB at least; make room, or "
                    "choose another with -o",
                    folder, space.available >> 10, least_free_bytes >> 20));
  return {};
}

void remove_results(const std::string& folder) {
  for (const auto* file : {"run.json", "report.html", "junit.xml", "report.md", "report.sarif"}) {
    std::error_code none;  // it was not there, or is in the way of the new one, which then says so
    fs::remove(fs::path(folder) / file, none);
  }
}

Result<void> write_results(const Run& run, const std::string& folder) {
  const fs::path base(folder);
  if (auto written =
          write_file_in_parts((base / "run.json").string(), [&run](const TextSink& out) { write_json(run, out); });
      !written)
    return written;
  if (auto written = write_schedules(run, folder); !written) return written;
  if (auto written = write_file((base / "report.html").string(), render_html(run)); !written) return written;
  if (auto written = write_file((base / "junit.xml").string(), render_junit(run)); !written) return written;
  if (auto written = write_file((base / "report.md").string(), render_markdown(run)); !written) return written;
  return write_file((base / "report.sarif").string(), render_sarif(run, source_root_here()));
}

Result<void> write_schedules(const Run& run, const std::string& folder) {
  const auto schedules = fs::path(folder) / "schedules";
  std::error_code error;
  fs::remove_all(schedules, error);  // of an earlier run
  for (std::size_t i = 0; i < run.findings.size(); ++i) {
    const auto file = reports::schedule_name(run, i);
    if (file.empty()) continue;
    fs::create_directories(schedules, error);
    if (auto written = write_file((schedules / file).string(), run.findings[i].evidence.schedule); !written)
      return written;
  }
  return {};
}

unsigned picture_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 60)
    return std::min<unsigned>(size.ws_col, 200);
  return 110;
}

ConsoleStyle console_style(std::FILE* out) {
  ConsoleStyle style;
  const bool terminal = isatty(fileno(out)) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  style.color = terminal && (no_color == nullptr || *no_color == '\0');
  if (winsize size{}; terminal && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col >= 60)
    style.width = std::min<unsigned>(size.ws_col, 120);
  return style;
}

void print_summary(const Run& run, std::FILE* out) {
  fmt::print(out, "{}", render_console(run, console_style(out)));
  std::fflush(out);
}

}  // namespace chicane
