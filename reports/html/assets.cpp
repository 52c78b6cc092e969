// Paths come from CMakeLists.txt, which also makes this file depend on them.
#include "reports/html/assets.h"

#define CHICANE_EMBED(name, path)   \
  asm(".pushsection .rodata\n"      \
      ".global chicane_asset_" name \
      "\n"                          \
      "chicane_asset_" name         \
      ":\n"                         \
      ".incbin \"" path             \
      "\"\n"                        \
      ".global chicane_asset_" name \
      "_end\n"                      \
      "chicane_asset_" name         \
      "_end:\n"                     \
      ".byte 0\n"                   \
      ".popsection\n")

CHICANE_EMBED("style_css", CHICANE_STYLE_CSS);
CHICANE_EMBED("report_js", CHICANE_REPORT_JS);
CHICANE_EMBED("chart_js", CHICANE_CHART_JS);

extern "C" {
__attribute__((visibility("hidden"))) extern const char chicane_asset_style_css[], chicane_asset_style_css_end[];
__attribute__((visibility("hidden"))) extern const char chicane_asset_report_js[], chicane_asset_report_js_end[];
__attribute__((visibility("hidden"))) extern const char chicane_asset_chart_js[], chicane_asset_chart_js_end[];
}

namespace chicane::reports {

std::string_view style_css() { return {chicane_asset_style_css, chicane_asset_style_css_end}; }
std::string_view report_js() { return {chicane_asset_report_js, chicane_asset_report_js_end}; }
std::string_view chart_js() { return {chicane_asset_chart_js, chicane_asset_chart_js_end}; }

}  // namespace chicane::reports
