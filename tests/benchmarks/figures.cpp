#include "tests/benchmarks/figures.h"

#include <cmath>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chicane {
namespace {

std::string digits(double value) {
  const double size = std::abs(value);
  if (value == std::floor(value) && size < 1e6) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}", value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

}  // namespace

std::string line(const Figure& figure) {
  const auto interval =
      figure.low && figure.high ? fmt::format(" [{} … {}]", digits(*figure.low), digits(*figure.high)) : "";
  return fmt::format("{} {} {}{} (reference: {})", figure.name, digits(figure.value), figure.unit, interval,
                     figure.reference);
}

std::string json(const std::vector<Figure>& figures) {
  std::vector<std::string> objects;
  for (const auto& figure : figures) {
    const auto interval =
        figure.low && figure.high ? fmt::format(R"(, "low": {:.9g}, "high": {:.9g})", *figure.low, *figure.high) : "";
    objects.push_back(fmt::format(R"(  {{"name": "{}", "value": {:.9g}, "unit": "{}"{}, "reference": "{}"}})",
                                  figure.name, figure.value, figure.unit, interval, figure.reference));
  }
  return fmt::format("[\n{}\n]\n", fmt::join(objects, ",\n"));
}

void Figures::tell(Figure figure) {
  std::cout << line(figure) << std::endl;
  all_.push_back(std::move(figure));
}

bool Figures::write(const std::string& json_file) const {
  return json_file.empty() || static_cast<bool>(std::ofstream(json_file) << json(all_) << std::flush);
}

}  // namespace chicane
