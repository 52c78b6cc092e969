# chicane_add_plugin(NAME SOURCES a.cpp b.cpp [LIBRARIES lib…] [FOLDER dir])
#   A plugin NAME.so in the tree's plugins/ folder, and one of the tree's own; with FOLDER it is there instead, and the
#   tree does not know it.
# chicane_add_programs(NAME DECLARED file.json FILES a.py…)
#   Programs that are run as trials (docs/programs.md): a file that declares them, and the files that they need.
# chicane_gap(SCENARIO id REASON text)
#   This tree can't build a scenario: its lanes then say `not_judged` with the reason, instead of nothing.

define_property(GLOBAL PROPERTY CHICANE_GAPS BRIEF_DOCS "scenarios this tree could not build" FULL_DOCS "id|reason")
define_property(GLOBAL PROPERTY CHICANE_PROGRAM_FILES BRIEF_DOCS "files that declare programs" FULL_DOCS "relative to the tree")
define_property(GLOBAL PROPERTY CHICANE_PLUGINS BRIEF_DOCS "plugin targets" FULL_DOCS "names")

function(chicane_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER" "SOURCES;LIBRARIES")
  set(target chicane_plugin_${name})
  add_library(${target} SHARED ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE chicane_api Threads::Threads ${arg_LIBRARIES})
  if(TARGET chicane_warnings)
    target_compile_options(${target} PRIVATE $<TARGET_PROPERTY:chicane_warnings,INTERFACE_COMPILE_OPTIONS>)
  endif()
  if(CHICANE_BUILD STREQUAL "explore")
    chicane_explore_flags(${target})
  endif()
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY $<IF:$<BOOL:${arg_FOLDER}>,${arg_FOLDER},${PROJECT_BINARY_DIR}/plugins>)
  set_property(GLOBAL APPEND PROPERTY CHICANE_PLUGINS ${target})
  if(NOT arg_FOLDER)
    set_property(GLOBAL APPEND PROPERTY CHICANE_PLUGIN_FILES ${name}.so)
  endif()
endfunction()

# Copies in the tree, which thus stands by itself; made anew whenever one of the files changes.
function(chicane_add_programs name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DECLARED" "FILES")
  if(NOT CHICANE_BUILD STREQUAL "plain")
    return()  # they are timed, and nothing else
  endif()
  foreach(file IN LISTS arg_DECLARED arg_FILES)
    configure_file(${file} ${PROJECT_BINARY_DIR}/programs/${name}/${file} COPYONLY)
  endforeach()
  set_property(GLOBAL APPEND PROPERTY CHICANE_PROGRAM_FILES programs/${name}/${arg_DECLARED})
endfunction()

function(chicane_gap)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SCENARIO;REASON" "")
  set_property(GLOBAL APPEND PROPERTY CHICANE_GAPS "${arg_SCENARIO}|${arg_REASON}")
endfunction()

# What the driver needs to know of this tree: <tree>/chicane-tree.json.
# Sets a member of the JSON in `variable` to a list of texts.
function(chicane_json_list variable member)
  string(JSON json SET "${${variable}}" ${member} "[]")
  set(i 0)
  foreach(text IN LISTS ARGN)
    string(JSON json SET "${json}" ${member} ${i} "\"${text}\"")
    math(EXPR i "${i} + 1")
  endforeach()
  set(${variable} "${json}" PARENT_SCOPE)
endfunction()

function(chicane_write_tree_file)
  get_property(gaps GLOBAL PROPERTY CHICANE_GAPS)
  set(json "{}")
  string(JSON json SET "${json}" build "\"${CHICANE_BUILD}\"")
  string(JSON json SET "${json}" runner "\"bin/chicane-runner\"")
  # By name: a plugin of an earlier configuration may still lie in the folder.
  get_property(files GLOBAL PROPERTY CHICANE_PLUGIN_FILES)
  list(TRANSFORM files PREPEND plugins/)
  chicane_json_list(json plugins ${files})
  get_property(files GLOBAL PROPERTY CHICANE_PROGRAM_FILES)
  chicane_json_list(json programs ${files})
  string(JSON json SET "${json}" source "\"${PROJECT_SOURCE_DIR}\"")
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  string(JOIN " " flags ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} ${CHICANE_LANE_COMPILE_FLAGS})
  if(CHICANE_BUILD STREQUAL "explore")
    string(JOIN " " flags ${flags} ${CHICANE_EXPLORE_COMPILE_FLAGS})
    string(REPLACE "SHELL:" "" flags "${flags}")
  endif()
  string(JSON json SET "${json}" flags "\"${flags}\"")
  string(JSON json SET "${json}" gaps "[]")
  set(i 0)
  foreach(gap IN LISTS gaps)
    string(REPLACE "|" ";" parts "${gap}")
    list(GET parts 0 id)
    list(GET parts 1 reason)
    string(REPLACE "\"" "'" reason "${reason}")
    string(JSON json SET "${json}" gaps ${i} "{\"scenario\":\"${id}\",\"reason\":\"${reason}\"}")
    math(EXPR i "${i} + 1")
  endforeach()
  file(WRITE ${PROJECT_BINARY_DIR}/chicane-tree.json "${json}\n")
endfunction()
