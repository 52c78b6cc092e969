// write_full_run FILE: the run in which every member says something, as run.json.
#include <fstream>
#include <iostream>

#include "harness/model/json.h"
#include "tests/model/full_run.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_full_run FILE\n";
    return 2;
  }
  std::ofstream file(argv[1], std::ios::binary);
  file << chicane::to_json(chicane::full_run()) << std::flush;
  if (!file) {
    std::cerr << argv[1] << ": can't be written\n";
    return 2;
  }
  return 0;
}
