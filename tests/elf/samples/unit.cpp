// Another translation unit of a plugin, with a note of its own.
#include <chicane/plugin.h>

CHICANE_PLUGIN_NOTE;

int unit_turns;
int unit() { return ++unit_turns; }
