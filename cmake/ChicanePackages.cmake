# Third-party libraries: Debian's packages (the list that set-up installs is cmake/debian-packages.txt).
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost REQUIRED)  # headers only
find_package(SQLite3 REQUIRED)

if(CHICANE_BUILD STREQUAL "plain")
  find_package(benchmark REQUIRED)
endif()

# libelf and libdw have no CMake package.
find_library(CHICANE_LIBELF elf REQUIRED)
find_path(CHICANE_LIBELF_INCLUDE libelf.h REQUIRED)
add_library(chicane_libelf INTERFACE)
target_link_libraries(chicane_libelf INTERFACE ${CHICANE_LIBELF})
target_include_directories(chicane_libelf SYSTEM INTERFACE ${CHICANE_LIBELF_INCLUDE})
find_library(CHICANE_LIBDW dw REQUIRED)
find_path(CHICANE_LIBDW_INCLUDE elfutils/libdwfl.h REQUIRED)
add_library(chicane_libdw INTERFACE)
target_link_libraries(chicane_libdw INTERFACE ${CHICANE_LIBDW} ${CHICANE_LIBELF})
target_include_directories(chicane_libdw SYSTEM INTERFACE ${CHICANE_LIBDW_INCLUDE})

# GoogleTest: compiled here from Debian's sources, so that a sanitizer sees it too.
if(CHICANE_TESTS)
  set(BUILD_GMOCK ON CACHE BOOL "" FORCE)
  set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
  add_subdirectory(/usr/src/googletest ${PROJECT_BINARY_DIR}/googletest EXCLUDE_FROM_ALL)
  include(GoogleTest)
  chicane_quick_to_compile(gtest gtest_main gmock gmock_main)
endif()

# oneTBB: Debian's library, but in the tsan and explore builds one that is instrumented itself (set-up builds
# it into a cache).
set(CHICANE_TBB_ROOT "" CACHE PATH "Prefix of a oneTBB built with -fsanitize=thread (tsan and explore builds only)")
set(CHICANE_TBB_MISSING "" CACHE STRING "Why there is none, in words")
set(CHICANE_HAS_TBB ON)
if(CHICANE_BUILD STREQUAL "tsan" OR CHICANE_BUILD STREQUAL "explore")
  if(CHICANE_TBB_ROOT)
    find_package(TBB REQUIRED CONFIG PATHS ${CHICANE_TBB_ROOT} NO_DEFAULT_PATH)
  else()
    set(CHICANE_HAS_TBB OFF)
    if(NOT CHICANE_TBB_MISSING)
      set(CHICANE_TBB_MISSING "no instrumented oneTBB was given to this build (CHICANE_TBB_ROOT)")
    endif()
  endif()
else()
  find_package(TBB REQUIRED)
endif()
