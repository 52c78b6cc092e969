#include "harness/cli/hosted_ci.h"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "harness/cli/results.h"
#include "reports/render.h"

namespace chicane {
namespace {

// GitHub drops a step's summary that is longer than this.
constexpr std::uintmax_t most_of_a_summary = std::uintmax_t{1} << 20;

std::string of_environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? std::string() : std::string(value);
}

void append_summary(const std::string& file, const std::string& text) {
  std::error_code none;  // it need not be there yet
  const auto there = std::filesystem::file_size(file, none);
  const auto before = none ? std::uintmax_t{0} : there;
  if (before + text.size() + 1 > most_of_a_summary) {
    fmt::print(stderr, "chicane: no summary in {}: it has {} KiB already, and no more than {} KiB are shown\n", file,
               before >> 10, most_of_a_summary >> 10);
    return;
  }
  std::FILE* out = std::fopen(file.c_str(), "ab");
  // Its own heading, whatever the line before it was.
  bool good = out != nullptr && (before == 0 || std::fputc('\n', out) != EOF);
  good = good && std::fwrite(text.data(), 1, text.size(), out) == text.size();
  good = out != nullptr && std::fclose(out) == 0 && good;
  if (!good)
    fmt::print(stderr, "chicane: no summary in {}, which GITHUB_STEP_SUMMARY names: {}\n", file, std::strerror(errno));
}

}  // namespace

void tell_hosted_ci(const std::string& annotations, const std::function<std::string()>& lines,
                    const std::function<std::string()>& summary, std::FILE* out) {
  if (annotations == "never") return;
  if (annotations == "github" || of_environment("GITHUB_ACTIONS") == "true") {
    fmt::print(out, "{}", lines());
    std::fflush(out);
  }
  if (const auto file = of_environment("GITHUB_STEP_SUMMARY"); !file.empty()) append_summary(file, summary());
}

void tell_hosted_ci(const Run& run, const std::string& annotations, std::FILE* out) {
  tell_hosted_ci(
      annotations, [&] { return render_annotations(run, source_root_here()); }, [&] { return render_markdown(run); },
      out);
}

}  // namespace chicane
