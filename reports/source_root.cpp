#include "reports/source_root.h"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>

namespace chicane::reports {

bool is_absolute(std::string_view file) { return file.starts_with('/'); }

std::string below_root(std::string_view file, std::string_view root) {
  if (file.empty()) return {};
  const auto normal = std::filesystem::path(file).lexically_normal();
  if (root.empty() || !normal.is_absolute()) return normal.string();
  auto folder = std::filesystem::path(root).lexically_normal().string();
  if (!folder.ends_with('/')) folder += '/';
  auto text = normal.string();
  return text.starts_with(folder) && text.size() > folder.size() ? text.substr(folder.size()) : text;
}

std::string file_uri(std::string_view file) {
  std::string uri = is_absolute(file) ? "file://" : "";
  for (const char c : file) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/+,@=").contains(c);
    if (plain)
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

SourceLine source_line_of(std::string_view source) {
  const auto colon = source.rfind(':');
  SourceLine told{std::string(source), 0};
  if (colon == std::string_view::npos) return told;
  const auto* end = source.data() + source.size();
  std::uint32_t line = 0;
  const auto [rest, error] = std::from_chars(source.data() + colon + 1, end, line);
  if (error != std::errc() || rest != end || line == 0) return told;
  return {std::string(source.substr(0, colon)), line};
}

}  // namespace chicane::reports
