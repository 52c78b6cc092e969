/* A library like any other. */
__attribute__((visibility("default"))) int chicane_no_plugin(void);
int chicane_no_plugin(void) { return 1; }
