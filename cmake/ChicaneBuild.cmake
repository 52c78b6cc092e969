# chicane_options: what every target of this project is compiled with. chicane_api: what plugins are compiled against.
# A lane's flags are directory-wide, because a sanitizer must see all the code under test.

set(CHICANE_LANE_COMPILE_FLAGS "")
set(CHICANE_LANE_LINK_FLAGS "")
if(CHICANE_BUILD STREQUAL "tsan")
  # -O1 keeps reports readable and the loop a loop (findings on history_size and folding: docs/how-it-works.md).
  set(CHICANE_LANE_COMPILE_FLAGS -fsanitize=thread -O1 -g -fno-omit-frame-pointer)
  set(CHICANE_LANE_LINK_FLAGS -fsanitize=thread)
elseif(CHICANE_BUILD STREQUAL "asan")
  set(CHICANE_LANE_COMPILE_FLAGS -fsanitize=address,undefined -O1 -g -fno-omit-frame-pointer)
  set(CHICANE_LANE_LINK_FLAGS -fsanitize=address,undefined)
elseif(CHICANE_BUILD STREQUAL "explore")
  # Only the code under test is instrumented (ChicaneExplore.cmake), and never the explorer, which is optimized.
  include(ChicaneExplore)
elseif(NOT CHICANE_BUILD STREQUAL "plain")
  message(FATAL_ERROR "CHICANE_BUILD is '${CHICANE_BUILD}'; known: plain, tsan, asan, explore")
endif()
add_compile_options(${CHICANE_LANE_COMPILE_FLAGS})
add_link_options(${CHICANE_LANE_LINK_FLAGS})
# Reports name files from the project's root, whatever folder it was built in.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${PROJECT_BINARY_DIR}=.)

add_library(chicane_warnings INTERFACE)
target_compile_options(chicane_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wpedantic
  $<$<BOOL:${CHICANE_WARNINGS_AS_ERRORS}>:-Werror>)

# Of the tool itself debuggers know functions and lines, not variables, which saves a quarter of the compiler's time;
# code under test has everything. (For a debugger: -DCHICANE_DEBUG_INFO=-g.)
set(CHICANE_DEBUG_INFO -g1 CACHE STRING "Debug information of the tool itself: a compiler flag")
add_library(chicane_options INTERFACE)
target_compile_features(chicane_options INTERFACE cxx_std_23)
target_include_directories(chicane_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(chicane_options INTERFACE chicane_warnings)
target_compile_options(chicane_options INTERFACE ${CHICANE_DEBUG_INFO})

# chicane_compile_together(TARGET [EXCEPT a.cpp…] [APART b.cpp…]): its files as one, which takes a fifth of the time.
# Except for those whose own names clash with others', need flags of their own, or take long enough by themselves. Those
# apart are one, too, but another: a program that brings these, or all others, itself has the rest from the library.
function(chicane_compile_together target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "EXCEPT;APART")
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${CHICANE_TOGETHER} UNITY_BUILD_BATCH_SIZE 0)
  if(arg_EXCEPT)
    set_source_files_properties(${arg_EXCEPT} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  if(arg_APART)
    get_target_property(sources ${target} SOURCES)
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
    set_source_files_properties(${sources} PROPERTIES UNITY_GROUP together)
    set_source_files_properties(${arg_APART} PROPERTIES UNITY_GROUP apart)
  endif()
endfunction()

# chicane_only_tested(TARGET…): parts of the driver. In a sanitizer's tree only tests run them (and the model reads the
# runner's request and writes what it saw, before and after the trial), so they are compiled without optimization there
# (but for fuzzed ones), which takes a quarter of the time.
function(chicane_only_tested)
  if(CHICANE_BUILD MATCHES "^(tsan|asan)$")
    chicane_quick_to_compile(${ARGV})
  endif()
endfunction()

# chicane_fuzzed(TARGET…): libraries that read what comes from outside. The asan tree's fuzzers run them, so there they tell
# where they came by, and are optimized: four times as many inputs a second. Who is no fuzzer links them, too, and tells
# nobody.
function(chicane_fuzzed)
  if(CHICANE_BUILD STREQUAL "asan")
    foreach(target ${ARGV})
      target_compile_options(${target} PRIVATE -O2 -fsanitize=fuzzer-no-link)
    endforeach()
  endif()
endfunction()

# chicane_quick_to_compile(TARGET…): what only tests use, in every tree. Without optimization, which takes a third of the time.
function(chicane_quick_to_compile)
  foreach(target ${ARGV})
    target_compile_options(${target} PRIVATE -O0 -g1)
  endforeach()
endfunction()

add_library(chicane_api INTERFACE)
add_library(chicane::api ALIAS chicane_api)
target_compile_features(chicane_api INTERFACE cxx_std_20)
target_include_directories(chicane_api INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/harness/api>)
if(CHICANE_BUILD STREQUAL "explore")
  target_compile_definitions(chicane_api INTERFACE CHICANE_BUILD_EXPLORE)
endif()
