// The files that every page carries, put into the program when it is built.
#pragma once

#include <string_view>

namespace chicane::reports {

std::string_view style_css();
std::string_view report_js();
std::string_view chart_js();  // Chart.js, of Debian's package libjs-chart.js

}  // namespace chicane::reports
