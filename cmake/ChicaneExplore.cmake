# How code is compiled that the explorer shall control: each access, atomic operation and function entry calls the
# explorer's run-time, which is linked instead of ThreadSanitizer's.
#
# chicane_explore_flags(TARGET)
#   The flags for a target's own code; in a program also the explorer itself:
#     target_link_libraries(my_test PRIVATE chicane_explore)  # first
#     chicane_explore_flags(my_test)
set(CHICANE_EXPLORE_COMPILE_FLAGS
  -fsanitize=thread
  -O0 -g                 # -O1 folds loops and with them the accesses that could be switched between
  -fno-omit-frame-pointer
  # Else `++count` is told as a write alone, and the lost update can't be scheduled.
  "SHELL:-mllvm -tsan-instrument-read-before-write=1")

function(chicane_explore_flags target)
  target_compile_options(${target} PRIVATE ${CHICANE_EXPLORE_COMPILE_FLAGS})
endfunction()
