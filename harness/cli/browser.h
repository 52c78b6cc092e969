// A page shown to the user.
#pragma once

#include <string>

namespace chicane {

// Starts a browser ($BROWSER, a list parted by colons, else xdg-open), and does not wait for it. Returns what was
// started; empty: this machine has none.
std::string open_in_browser(const std::string& file);

}  // namespace chicane
