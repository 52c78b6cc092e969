// The least that is a plugin: a note, the entry, and some code that a sanitizer instruments.
#include <chicane/plugin.h>

#ifndef SAMPLE_ABI
CHICANE_PLUGIN_NOTE;
#else  // as a plugin built with another version's headers would say
__attribute__((section(".note.chicane"), used, aligned(4))) static const chicane_note note = {
    8, 8, 1, {'C', 'h', 'i', 'c', 'a', 'n', 'e', 0}, SAMPLE_ABI, CHICANE_BUILD_KIND};
#endif

static int turns;

#ifndef SAMPLE_NO_ENTRY
extern "C" const chicane_plugin* chicane_plugin_entry() {
  ++turns;
  static const chicane_plugin plugin = {
      sizeof(chicane_plugin), CHICANE_ABI_VERSION, CHICANE_BUILD_KIND, "", nullptr, 0};
  return &plugin;
}
#endif
