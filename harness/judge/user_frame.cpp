// Which frames are the user's. A stack's innermost frames are often the C++ library's or an interceptor's; what a
// reader (and a declared place) means is the first function that somebody wrote.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "harness/judge/fingerprint.h"

namespace chicane {
namespace {

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [text](std::string_view prefix) { return text.starts_with(prefix); });
}
bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

// The plugin API's headers, in this tree and installed. A user's own folder may well be called "chicane", so the name
// of the folder alone does not do.
bool is_api_header(std::string_view file) {
  for (const std::string_view header : {"chicane/scenario.h", "chicane/plugin.h"})
    if (file == header || (file.ends_with(header) && file[file.size() - header.size() - 1] == '/')) return true;
  return file.ends_with(".h") && contains_any(file, {"/include/chicane/"});
}

bool is_library_file(std::string_view file) {
  return is_api_header(file) ||
         starts_with_any(file, {"harness/", "/usr/include/", "/usr/lib/", "/usr/lib64/",
                                // as Debian's glibc names its own sources
                                "./nptl/", "./csu/", "./misc/", "./stdlib/", "./string/", "csu/../", "nptl/"}) ||
         contains_any(
             file, {"/include/c++/", "../sysdeps/", "/oneapi/tbb/", "/src/tbb/", "compiler-rt/lib/", "libsanitizer/"});
}

bool is_library_module(std::string_view module) {
  return starts_with_any(module, {"libc.so", "libc-", "libstdc++.so", "libc++.so", "libc++abi.so", "libm.so",
                                  "libgcc_s.so", "libpthread.so", "libpthread-", "ld-linux", "libtbb", "libtsan.so",
                                  "libasan.so", "libubsan.so", "liblsan.so", "libclang_rt.", "linux-vdso"});
}

// As symbolizers say it in text.
bool is_unknown(std::string_view text) { return text.empty() || text == "<null>" || text == "??"; }

bool is_runner(std::string_view module) { return module == "chicane-runner"; }

// By name alone, where no file is known. Mangled prefixes are here because older demanglers give up on newer names.
bool is_library_function(std::string_view function, const std::string& normalized) {
  if (starts_with_any(normalized, {"std::", "__gnu_cxx::", "__cxxabiv1::", "__gnu_debug::", "tbb::", "__tsan::",
                                   "__asan::", "__ubsan::", "__lsan::", "__sanitizer::", "__interception::"}))
    return true;
  return starts_with_any(
      function, {"__tsan_", "__asan_", "__ubsan_", "__lsan_", "__sanitizer", "__interceptor_", "___interceptor_",
                 "__libc_start", "__cxa_", "__clang_call_terminate", "__restore_rt", "_Unwind_", "_ZSt", "_ZNSt",
                 "_ZNKSt", "_ZN9__gnu_cxx", "_ZNK9__gnu_cxx", "_ZN3tbb", "_ZNK3tbb"});
}

bool is_harness_function(std::string_view function, const std::string& normalized) {
  if (starts_with_any(function, {"_ZN7chicane2v1", "_ZNK7chicane2v1"})) return true;
  return starts_with_any(normalized, {"chicane::internal::", "chicane::Worker::", "chicane::Check::",
                                      "chicane::Setup::", "chicane::Expected::", "chicane::Declaration::"}) ||
         normalized == "chicane::keep" || normalized == "chicane::clobber";
}

// C functions that stand in stacks without a file: libc's thread start and what sanitizers intercept.
bool is_c_library_function(const std::string& normalized) {
  static constexpr std::array<std::string_view, 28> names{
      "start_thread", "clone",     "clone3", "__clone", "__clone3", "_start",       "malloc",
      "calloc",       "realloc",   "free",   "memcpy",  "memmove",  "memset",       "memcmp",
      "strlen",       "strcmp",    "strcpy", "raise",   "gsignal",  "abort",        "exit",
      "usleep",       "nanosleep", "read",   "write",   "close",    "operator new", "operator delete"};
  return std::find(names.begin(), names.end(), normalized) != names.end() || normalized.starts_with("pthread_") ||
         normalized.starts_with("__pthread_") || normalized == "operator new[]" || normalized == "operator delete[]";
}

}  // namespace

bool is_user_frame(const Frame& frame) {
  if (is_unknown(frame.function)) return false;
  if (is_library_file(frame.file) || is_library_module(frame.module)) return false;
  const std::string normalized = normalized_function(frame.function);
  if (is_library_function(frame.function, normalized)) return false;
  if (!is_unknown(frame.file)) return true;
  return !is_runner(frame.module) && !is_harness_function(frame.function, normalized) &&
         !is_c_library_function(normalized);
}

std::optional<Frame> user_frame(const Stack& stack) {
  const auto found = std::find_if(stack.begin(), stack.end(), is_user_frame);
  return found == stack.end() ? std::nullopt : std::optional(*found);
}

}  // namespace chicane
