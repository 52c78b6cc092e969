// write_full_run RUN_FILE [WORDS_FILE]: the run in which every member says something as run.json, and the closed lists
// of words by the names that the schema gives them.
#include <iostream>
#include <string>

#include "harness/model/files.h"
#include "harness/model/json.h"
#include "tests/model/full_run.h"

namespace {

using namespace chicane;

template <typename Word>
std::string list(const std::string& schema_name) {
  std::string text;
  for (const auto& name : Spelling<Word>::names) text += (text.empty() ? "\"" : ", \"") + std::string(name) + "\"";
  return "\"" + schema_name + "\": [" + text + "]";
}

std::string words() {
  return "{" + list<Lane>("lane") + ", " + list<Build>("build") + ", " + list<WorkerKind>("worker_kind") + ", " +
         list<Verdict>("verdict_word") + ", " + list<FindingKind>("finding_kind") + ", " + list<TrialStatus>("status") +
         ", " + list<Placement>("placement") + "}\n";
}

bool write(const std::string& file, const std::string& text) {
  const auto written = write_file(file, text);
  if (!written) std::cerr << written.error().message << '\n';
  return written.has_value();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: write_full_run RUN_FILE [WORDS_FILE]\n";
    return 2;
  }
  const bool written = write(argv[1], to_json(full_run())) && (argc == 2 || write(argv[2], words()));
  return written ? 0 : 2;
}
