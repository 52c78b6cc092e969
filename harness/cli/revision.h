#pragma once

namespace chicane {

// Of the sources that this was built from: a commit's abbreviation, with "-dirty" when more was changed; empty:
// unknown.
const char* revision();

}  // namespace chicane
