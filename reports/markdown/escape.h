// Texts of a run within GitHub-flavoured Markdown, where each character is shown as it is. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chicane::reports::markdown {

// At most so many bytes of visible text, then "…".
std::string clipped(std::string_view text, std::size_t most);

// Prose: no markup, no HTML, no link, and nobody is called by "@name", nor an issue by "#1".
std::string prose(std::string_view text, std::size_t most);
// As code within a line or a table's cell: "<code>…</code>", in which hosts look for no names or issues.
std::string code(std::string_view text, std::size_t most);
// As a block of its own, between fences that are longer than any in it.
std::string fenced(std::string_view text, std::string_view language, std::size_t most);

}  // namespace chicane::reports::markdown
