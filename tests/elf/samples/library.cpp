// Code without a note: a library under a plugin, or a part of one that includes nothing of Chicane's.
int library_turns;
int library() { return ++library_turns; }
