#include "tests/explore/programs/program.h"

vector<Program>& programs() {
  static vector<Program> all;
  return all;
}

int main(int count, char** words) {
  for (const Program& program : programs()) {
    if (count < 2) printf("%s %s\n", program.name, program.finds);
    if (count >= 2 && strcmp(program.name, words[1]) == 0) return program.run();
  }
  return count < 2 ? 0 : 99;
}
