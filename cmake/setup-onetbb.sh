#!/usr/bin/env bash
# setup-onetbb.sh LOG: Debian's oneTBB, built once with ThreadSanitizer into the user's cache. Prints its prefix; when it
# can't be had, prints why in one line and exits 1 (the rest of the project does without: TBB scenarios are then not
# judged in the tsan lane). Only an instrumented oneTBB gives neither false reports nor hides true ones.
# The machine's apt is left alone: sources come through a private configuration that is derived from its own.
set -euo pipefail
log=$1
flags=(-DTBB_TEST=OFF -DTBB_STRICT=OFF -DTBB_SANITIZE=thread -DTBBMALLOC_BUILD=OFF -DTBBMALLOC_PROXY_BUILD=OFF
  -DTBB_DISABLE_HWLOC_AUTOMATIC_SEARCH=ON)
recipe=1 # raise it when the flags change: it is part of the cache's name

say() { echo "chicane: $*" >&2; }
give_up() { echo "$*" && exit 1; }
tbb=$(dpkg-query -W -f '${source:Version}' libtbb-dev 2>/dev/null) || give_up "libtbb-dev is not installed"
clang=$(dpkg-query -W -f '${source:Version}' clang-19 2>/dev/null) || give_up "clang-19 is not installed"
name=onetbb-tsan-$tbb-clang-$clang-r$recipe
cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
[ -n "$cache" ] || give_up "there is no place for it: neither HOME nor XDG_CACHE_HOME is set"
prefix=$cache/chicane/${name//[^A-Za-z0-9.+-]/_}
[ -e "$prefix/lib/cmake/TBB/TBBConfig.cmake" ] && echo "$prefix" && exit 0

say "building oneTBB $tbb with ThreadSanitizer (once, into ${prefix%/*}) …"
mkdir -p "${prefix%/*}" "$(dirname "$log")" 2>/dev/null || give_up "the cache folder ${prefix%/*} can't be written"
work=$(mktemp -d)
partial=$prefix.partial.$$
trap 'rm -rf "$work" "$partial"' EXIT
chmod 755 "$work" # apt's download user looks in here
exec 3>&1 >"$log" 2>&1 </dev/null
give_up() { tr '\\;|"' "/,/'" <<<"$*" >&3 && exit 1; } # CMake's and JSON's own characters stay out of the reason

# Every source of this machine, in either format, as a source of sources.
mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,sources.list.d}
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ ! -r "$file" ] || sed -nE 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$file" >>"$work/apt/sources.list"
done
touch "$work/apt/sources.list"
for file in /etc/apt/sources.list.d/*.sources; do
  [ ! -r "$file" ] || sed -E 's/^[Tt]ypes:.*/Types: deb-src/' "$file" >"$work/apt/sources.list.d/$(basename "$file")"
done
apt=(apt-get -q -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts="$work/apt/sources.list.d"
  -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" -o Acquire::Languages=none)
cd "$work"
"${apt[@]}" update || true # third-party sources without source packages fail; what is needed may be there all the same
"${apt[@]}" source --only-source "onetbb=$tbb" || "${apt[@]}" source --only-source onetbb ||
  give_up "oneTBB's source package could not be fetched: $(grep -m 1 -E '^(W: Failed to fetch|E:)' "$log" | tr -s ' ')"
source=$(echo "$work"/onetbb-*/)
[ -f "$source/CMakeLists.txt" ] || give_up "oneTBB's source package could not be unpacked (see $log)"

cmake -G Ninja -S "$source" -B "$work/build" -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS="-ffile-prefix-map=$source=onetbb/" \
  -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib "${flags[@]}" ||
  give_up "oneTBB could not be configured (see $log)"
ninja -C "$work/build" || give_up "oneTBB did not build with ThreadSanitizer (see $log)"
cmake --install "$work/build" --prefix "$partial" || give_up "oneTBB could not be installed into $partial (see $log)"
nm -D --undefined-only "$partial"/lib/libtbb.so | grep -q __tsan_init ||
  give_up "the oneTBB that was built is not instrumented (see $log)"
# Renamed when complete, so that nobody sees half of it. Another set-up may have been faster.
mv -T "$partial" "$prefix" 2>/dev/null || [ -e "$prefix/lib/cmake/TBB/TBBConfig.cmake" ] ||
  give_up "$prefix could not be written"
echo "$prefix" >&3
