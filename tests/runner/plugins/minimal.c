/* The smallest plugin in C, and what can be wrong with one: built again and again with one mistake defined. */
#include <chicane/plugin.h>

#ifdef CLAIMED_ABI
#undef CHICANE_ABI_VERSION
#define CHICANE_ABI_VERSION CLAIMED_ABI
#endif
#ifdef CLAIMED_BUILD
#undef CHICANE_BUILD_KIND
#define CHICANE_BUILD_KIND CLAIMED_BUILD
#endif
#ifndef ID
#define ID "minimal/count"
#endif
#ifndef SECOND_ID
#define SECOND_ID "minimal/again"
#endif

typedef struct counter {
  long total;
} counter;

static int construct(void* memory, void* environment, const chicane_setup* setup) {
  (void)environment, (void)setup;
  return ((counter*)memory)->total == 0 ? 0 : 1; /* memory comes zeroed */
}
static void destroy(void* state) { (void)state; }
static int work(void* state, void* environment, chicane_worker* worker) {
  (void)environment;
  worker->begin(worker);
  for (worker->turns_done = 0; worker->turns_done < worker->turns; ++worker->turns_done)
    __atomic_add_fetch(&((counter*)state)->total, 1, __ATOMIC_RELAXED);
  worker->end(worker);
  return 0;
}
static int check(void* state, void* environment, chicane_check* check) {
  (void)environment;
  if ((uint64_t)((counter*)state)->total != check->operations)
    check->fail(check, "wrong_result", "total", "lost updates");
  return 0;
}

static const chicane_role role = {sizeof(chicane_role), "work", 0, work};
#ifndef NO_ROLE
static const chicane_role* const roles[] = {&role};
#endif
#ifdef MAY_KIND
static const chicane_expected may = {sizeof(chicane_expected), MAY_KIND, 0, 0, 0, 0, 0, 0, MAY_REASON};
static const chicane_expected* const may_list[] = {&may};
#endif

#define SCENARIO(name, scenario_id)             \
  static const chicane_scenario name = {        \
      .struct_size = sizeof(chicane_scenario),  \
      .id = scenario_id,                        \
      .says = "C only",                         \
      .source_file = "minimal.c",               \
      .source_line = 1,                         \
      .state_size = sizeof(counter),            \
      .state_align = _Alignof(counter),         \
      .construct = construct,                   \
      .check = check,                           \
      .destroy = destroy,                       \
      ROLES MAY.worker_kinds = CHICANE_THREADS, \
      .min_workers = 1,                         \
      .multiple_of = 1,                         \
  }
#ifdef NO_ROLE
#define ROLES
#else
#define ROLES .roles = roles, .role_count = 1,
#endif
#ifdef MAY_KIND
#define MAY .may = may_list, .may_count = 1,
#else
#define MAY
#endif
SCENARIO(first, ID);
SCENARIO(second, SECOND_ID);

/* Known to be unused where NO_ROLE is. */
const void* const chicane_minimal_keep[] = {&role};

CHICANE_PLUGIN_NOTE;
__attribute__((visibility("default"))) const chicane_plugin* chicane_plugin_entry(void);
const chicane_plugin* chicane_plugin_entry(void) {
  static const chicane_scenario* const scenarios[] = {&first, &second};
  static const chicane_plugin plugin = {
      sizeof(chicane_plugin), CHICANE_ABI_VERSION, CHICANE_BUILD_KIND, __VERSION__, scenarios, 2};
  return &plugin;
}
