// Stacks and the source lines around them.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "harness/model/run.h"
#include "reports/markup.h"

namespace chicane::reports {

// What the page has told already. Long texts that come again (a library's frames, the source around a line) are
// referred to with a link, so that thousands of findings with the same stacks stay one readable page.
class Told {
 public:
  // Empty: `text` is new, and `anchor` is now its name. Else the name of the place that has it.
  std::string before(const std::string& text, std::string& anchor);
  // The same for lists that end alike: the place of the first that ended with `text`, which is the one at `anchor` if
  // none did.
  const std::string& ends_with(const std::string& text, const std::string& anchor);

 private:
  std::unordered_map<std::string, std::size_t> texts_;
  std::unordered_map<std::string, std::string> ends_;
};

// Frames of the user open, those of libraries folded.
void write_stack(Markup& html, const Stack& stack, Told& told);
// The lines around the first user frame whose source the run has; nothing where it has none.
void write_source(Markup& html, const Stack& stack, const std::vector<Source>& sources, Told& told);

}  // namespace chicane::reports
