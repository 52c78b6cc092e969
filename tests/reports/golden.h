// What golden files hold of a page.
#pragma once

#include <string>
#include <string_view>

namespace chicane::sample {

// The page without style and scripts and without their hashes: those have their own tests, and Chart.js is Debian's.
inline std::string without_assets(std::string html) {
  const auto cut = [&html](std::string_view from, std::string_view to) {
    for (std::size_t at = html.find(from); at != std::string::npos; at = html.find(from, at)) {
      at += from.size();
      const auto end = html.find(to, at);
      if (end == std::string::npos) return;
      html.replace(at, end - at, "…");
    }
  };
  cut("'sha256-", "'");
  cut("<style>", "</style>");
  cut("<script>", "</script>");
  return html;
}

}  // namespace chicane::sample
