// Whether a child of this process may trace it, as LeakSanitizer's search does: in a container or under a debugger it
// may not, and the search then ends the process.
#pragma once

#include <string>

namespace chicane {

// Empty when it may; else why not. No thread is stopped. A scenario's handlers and waits see nothing of the child.
std::string why_no_tracing();

}  // namespace chicane
