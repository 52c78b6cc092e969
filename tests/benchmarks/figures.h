// What the project's benchmarks print: "NAME figure unit [low … high] (reference: …)" lines, and the same as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chicane {

struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  std::optional<double> low, high;  // 95 % interval
  std::string reference;
};

// Four significant digits, as in 1.003 or 12.34; whole numbers as they are.
std::string line(const Figure& figure);
std::string json(const std::vector<Figure>& figures);

// Prints each figure as it is told, and writes all of them at the end.
class Figures {
 public:
  void tell(Figure figure);
  // False when the file could not be written; an empty name is no file.
  bool write(const std::string& json_file) const;

 private:
  std::vector<Figure> all_;
};

}  // namespace chicane
