/* chicane/plugin.h: the C ABI between a plugin (a shared library with scenarios) and the harness.
 *
 * C++ authors use <chicane/scenario.h>, which fills these tables in. Another language fills them in itself: it exports
 * chicane_plugin_entry() and the note CHICANE_PLUGIN_NOTE.
 *
 * Rules of the ABI
 *  - Tables only grow: new members go to the end. `struct_size` is sizeof the table in the header its writer was
 *    compiled with; a reader never looks past it. A removed or changed member raises CHICANE_ABI_VERSION.
 *  - Lists are arrays of pointers, so that their elements can grow too.
 *  - Strings are UTF-8, NUL-terminated, and live as long as the plugin, which is never unloaded.
 *  - Words of closed lists (kinds of finding, lanes) cross as their names, so that numbers never have to agree.
 *  - No exception may cross: the functions below return 0 or, after reporting through `fail`, something else.
 *  - Threads: a trial calls construct, check and destroy on one thread; `work` runs on all workers at once, each with a
 *    chicane_worker of its own; the callbacks in chicane_worker and chicane_check may be called on any thread that the
 *    worker or the check started, until it returns.
 */
#ifndef CHICANE_PLUGIN_H
#define CHICANE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define CHICANE_ABI_VERSION 1u

#if defined(CHICANE_BUILD_EXPLORE)
#define CHICANE_BUILD_KIND 3u
#elif defined(__SANITIZE_THREAD__)
#define CHICANE_BUILD_KIND 1u
#elif defined(__SANITIZE_ADDRESS__)
#define CHICANE_BUILD_KIND 2u
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CHICANE_BUILD_KIND 1u
#elif __has_feature(address_sanitizer)
#define CHICANE_BUILD_KIND 2u
#endif
#endif
#ifndef CHICANE_BUILD_KIND
#define CHICANE_BUILD_KIND 0u
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* How a translation unit was built; read from the ELF section .note.chicane without loading the plugin. A plugin of
 * several units has several notes, which must agree. */
enum { CHICANE_BUILD_PLAIN = 0, CHICANE_BUILD_TSAN = 1, CHICANE_BUILD_ASAN = 2 };
typedef struct chicane_note {
  uint32_t name_size;   /* 8 */
  uint32_t desc_size;   /* 8 */
  uint32_t type;        /* 1 */
  char name[8];         /* "Chicane" */
  uint32_t abi_version; /* CHICANE_ABI_VERSION */
  uint32_t build;       /* 0 plain, 1 tsan, 2 asan, 3 explore */
} chicane_note;

/* AddressSanitizer of clang would pad the note, and nobody could read it (gcc's leaves named sections alone). */
#if defined(__clang__)
#define CHICANE_UNPADDED __attribute__((no_sanitize("address")))
#else
#define CHICANE_UNPADDED
#endif

#define CHICANE_PLUGIN_NOTE                                                                                     \
  CHICANE_UNPADDED                                                                                              \
  __attribute__((section(".note.chicane"), used, aligned(4))) static const chicane_note chicane_plugin_note = { \
      8, 8, 1, {'C', 'h', 'i', 'c', 'a', 'n', 'e', 0}, CHICANE_ABI_VERSION, CHICANE_BUILD_KIND}

/* How the values that workers report under one name become one counter of the trial. */
enum {
  CHICANE_SUM = 0,  /* added up */
  CHICANE_MEAN = 1, /* arithmetic mean */
  CHICANE_MAX = 2,  /* largest */
  CHICANE_RATE = 3  /* added up, then divided by the seconds of the timed region */
};

enum { CHICANE_THREADS = 1u, CHICANE_PROCESSES = 2u }; /* kinds of worker, as bits */

/* What the trial is: given to both constructors. Owned by the harness, valid until the constructor returns. */
typedef struct chicane_setup {
  uint32_t struct_size;
  uint32_t workers;
  uint32_t worker_kind; /* CHICANE_THREADS or CHICANE_PROCESSES: how the workers really run in this trial */
  uint32_t reserved;
  uint64_t turns;      /* of each worker, on this state */
  uint64_t seed;       /* for the scenario's own random choices */
  const int64_t* args; /* one a declared axis, in the order of chicane_scenario.axes */
  const char* lane;    /* "bench", "stress", "tsan", "asan", "explore" */
  void* host;          /* the harness's own */
  void (*fail)(const struct chicane_setup*, const char* kind, const char* name, const char* message);
} chicane_setup;

/* Latencies that one worker recorded, as <chicane/latency.h> writes them. Memory of the harness, zeroed. */
#define CHICANE_LATENCY_BUCKETS 4096
typedef struct chicane_latency {
  uint64_t recorded;   /* how many, those in `beyond` too */
  uint64_t total_ns;   /* of all of them */
  uint64_t longest_ns; /* of all of them */
  uint64_t beyond;     /* how many were longer than the buckets go */
  uint64_t buckets[CHICANE_LATENCY_BUCKETS];
} chicane_latency;

/* One worker's view of the trial: given to `work`. Owned by the harness, valid until `work` returns. */
typedef struct chicane_worker {
  uint32_t struct_size;
  uint32_t index; /* 0 … workers-1 */
  uint32_t workers;
  uint32_t role; /* index into chicane_scenario.roles */
  uint32_t index_in_role;
  uint32_t workers_in_role;
  uint64_t turns;      /* how often the loop must run; known before it starts */
  uint64_t turns_done; /* written by the worker when its loop ends or is left */
  uint64_t seed;       /* of this worker */
  const int64_t* args; /* as in chicane_setup */
  const char* lane;
  void* host;
  void (*begin)(struct chicane_worker*); /* waits for the peers, then the worker's clock starts */
  void (*end)(struct chicane_worker*);   /* the clock stops, then waits for the peers */
  void (*count)(struct chicane_worker*, const char* name, double value, uint32_t how);
  void (*fail)(struct chicane_worker*, const char* kind, const char* name, const char* message);
  chicane_latency* latency; /* of this worker alone; NULL: none are recorded in this trial */
  /* To be called by the worker after each `tell_every` turns, between two of them; 0: not asked for. Who has
   * not called it lately is taken for stuck when time is up. */
  uint64_t tell_every;
  void (*tell_progress)(struct chicane_worker*);
} chicane_worker;

/* Given to `check` once, after the last worker. Owned by the harness, valid until `check` returns. */
typedef struct chicane_check {
  uint32_t struct_size;
  uint32_t workers;
  uint64_t operations;             /* turns done, over all workers */
  const uint64_t* role_operations; /* the same by role, in the order of chicane_scenario.roles */
  const int64_t* args;
  const char* lane;
  void* host;
  void (*count)(struct chicane_check*, const char* name, double value, uint32_t how);
  void (*fail)(struct chicane_check*, const char* kind, const char* name, const char* message);
} chicane_check;

/* A finding that the scenario must show, or may show. */
typedef struct chicane_expected {
  uint32_t struct_size;
  const char* kind;     /* "data_race", "wrong_result", …: the closed list of docs/writing-a-scenario.md */
  const char* at;       /* function or global variable, as its author writes it ("Queue::pop"); NULL: anywhere */
  const char* field;    /* name of a member of the state, for `field_offset`/`field_size`; NULL: any memory */
  size_t field_offset;  /* bytes from the start of the state */
  size_t field_size;    /* bytes */
  uint32_t min_workers; /* from how many workers on; 0: the harness's default for the kind (2 for races) */
  const char* lanes;    /* "bench,tsan": these lanes must see it; NULL: the lanes that always see its kind */
  const char* reason;   /* in words; required for `may` */
} chicane_expected;

typedef struct chicane_not_judged {
  uint32_t struct_size;
  const char* lane;
  const char* reason;
} chicane_not_judged;

typedef struct chicane_role {
  uint32_t struct_size;
  const char* name;
  uint32_t exactly; /* workers in this role; 0: shares what the others leave, evenly */
  int (*work)(void* state, void* environment, chicane_worker* worker);
} chicane_role;

/* A named integer parameter and the values it is run with. */
typedef struct chicane_axis {
  uint32_t struct_size;
  const char* name;
  const int64_t* values;
  size_t value_count;
} chicane_axis;

/* What an outcome of a litmus scenario means. An outcome that is not declared is as forbidden as one that is. */
enum {
  CHICANE_ACCEPTABLE = 0,  /* sequentially consistent: an interleaving shows it */
  CHICANE_INTERESTING = 1, /* allowed by the memory model, but by no interleaving */
  CHICANE_FORBIDDEN = 2
};

typedef struct chicane_outcome {
  uint32_t struct_size;
  uint32_t grade;
  const char* text;   /* as `collect` tells it: "0,1" */
  const char* reason; /* in words */
} chicane_outcome;

/* One worker's view of its strides: given to an actor and to `collect`. Owned by the harness. */
typedef struct chicane_stride {
  uint32_t struct_size;
  uint32_t worker;
  void* host;
  void (*add)(struct chicane_stride*, const char* outcome, uint64_t count); /* from `collect` only */
  void (*fail)(struct chicane_stride*, const char* kind, const char* name, const char* message);
} chicane_stride;

typedef struct chicane_actor {
  uint32_t struct_size;
  const char* name;
  /* Runs the actor once on each of `count` states, in their order; peers run on the same states at once. `step`: bytes
   * from one state to the next. 0, or after `fail` something else. */
  int (*run)(void* states, size_t step, size_t count, chicane_stride* stride);
} chicane_actor;

/* Actors that each run once on a fresh state. The harness gives memory for many states at once, so that actors race
 * through them without a call or a meeting for each. */
typedef struct chicane_litmus {
  uint32_t struct_size;
  const chicane_actor* const* actors; /* at least two; each has one worker */
  size_t actor_count;
  const chicane_outcome* const* outcomes;
  size_t outcome_count;
  /* All three on a part of the states that no other thread touches meanwhile. `collect` counts the outcomes (after the
   * arbiter, where there is one) and leaves fresh states behind. */
  int (*construct)(void* states, size_t step, size_t count, chicane_stride* stride);
  int (*collect)(void* states, size_t step, size_t count, chicane_stride* stride);
  void (*destroy)(void* states, size_t step, size_t count);
} chicane_litmus;

typedef struct chicane_scenario {
  uint32_t struct_size;
  const char* id;   /* family/name: [a-z0-9][a-z0-9-]* on both sides, at most 100 bytes */
  const char* says; /* one line */
  const char* source_file;
  uint32_t source_line;

  /* Memory is given by the harness: zeroed, aligned, and a shared mapping where workers are processes. */
  size_t state_size;
  size_t state_align;
  size_t environment_size; /* 0: no environment */
  size_t environment_align;
  int (*construct_environment)(void* memory, const chicane_setup* setup);
  void (*destroy_environment)(void* environment);
  int (*construct)(void* memory, void* environment, const chicane_setup* setup);
  int (*check)(void* state, void* environment, chicane_check* check); /* NULL: nothing to check */
  void (*destroy)(void* state);

  const chicane_role* const* roles; /* at least one */
  size_t role_count;
  uint32_t worker_kinds;        /* bits CHICANE_THREADS | CHICANE_PROCESSES */
  uint32_t min_workers;         /* at least 1 */
  uint32_t exactly;             /* 0: no fixed number */
  uint32_t multiple_of;         /* at least 1 */
  const uint32_t* also_workers; /* worker counts wanted besides the sweep */
  size_t also_worker_count;
  const chicane_axis* const* axes;
  size_t axis_count;

  const chicane_expected* const* must;
  size_t must_count;
  const chicane_expected* const* may;
  size_t may_count;
  const chicane_not_judged* const* not_judged;
  size_t not_judged_count;
  const char* const* tags; /* "core": part of --quick */
  size_t tag_count;

  uint64_t items_per_operation; /* 0: not stated */
  uint64_t bytes_per_operation; /* 0: not stated */
  const char* operation; /* what one turn does; only equal ones of a family are ranked together. NULL: the family's */
  const chicane_litmus* litmus; /* NULL: workers loop. Else it has actors and no roles, and construct is not called */
  /* Wall time after which one trial of it is stuck, start included; in the bench lane not while its workers get on.
   * 0: the harness's own. */
  uint64_t time_limit_ns;
  const char* latency; /* what its workers record as one latency ("from push to pop"). NULL: they record none */
  /* What throughput is to grow with: "workers", or the name of an axis, whose values then are the sweep instead of its
   * own. NULL: no such fit is asked for. */
  const char* scales_with;
  /* What it measures is written by hand; why it may be slower than a library's. Those of libraries are tagged
   * "library". NULL: it is not. */
  const char* by_hand;
} chicane_scenario;

typedef struct chicane_plugin {
  uint32_t struct_size;
  uint32_t abi_version;
  uint32_t build; /* CHICANE_BUILD_KIND */
  const char* compiler;
  const chicane_scenario* const* scenarios;
  size_t scenario_count;
} chicane_plugin;

/* The one symbol a plugin exports. */
typedef const chicane_plugin* (*chicane_plugin_entry_function)(void);
#define CHICANE_PLUGIN_ENTRY "chicane_plugin_entry"

#ifdef __cplusplus
}
#endif
#endif
