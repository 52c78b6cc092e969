// Small wrong and right programs, in a library of their own that the test loads as a runner loads a plugin.
#pragma once

struct SampleState {
  long total = 0;
  long other = 0;
};

// Wrong ones and their right twins. Each starts and joins its own threads.
// clang-format off
#define CHICANE_SAMPLES(each) \
  each(race_on_first_member) each(race_on_second_member) each(race_on_global) \
  each(race_on_heap) each(race_of_two_threads) each(race_between_thread_and_main) \
  each(race_with_lock_on_one_side) each(race_by_two_named_functions) each(race_in_two_places) \
  each(two_races) each(three_races) each(three_more_races) each(three_last_races) each(locked_counter) each(atomic_counter) \
  each(race_between_atomic_and_plain) each(read_of_freed_memory) each(destroyed_while_locked) \
  each(unlocked_by_another_thread) each(inversion_by_two_threads) each(inversion_by_one_thread) \
  each(inversion_under_outer_lock) each(inversion_ordered_by_join) each(inversion_first_by_one_thread_then_by_two) \
  each(inversion_with_try_lock) each(inversion_of_readers) each(inversion_of_readers_and_writers) \
  each(inversion_by_wait) each(circle_of_three) each(inversion_on_reused_addresses) \
  each(leaked_thread) each(threads_that_end_in_every_way) each(inversion_after_many_threads) each(inversion_of_two_functions) each(inversion_by_main_thread_on_globals) \
  each(inversion_by_two_threads_on_globals)
// clang-format on

using Sample = void (*)(SampleState*);
