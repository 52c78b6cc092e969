#!/usr/bin/env bash
# setup-packages.sh SECTION…: installs the Debian packages of debian-packages.txt that are missing, and says so first.
# Nothing missing: silent, a few milliseconds, apt is not touched. Without the right to install: names what is missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
log=$here/../build/logs/packages.log
say() { echo "chicane: $*" >&2; }

wanted=()
for section in "$@"; do
  mapfile -t -O "${#wanted[@]}" wanted < <(
    awk -v want="[$section]" '/^\[/ { on = $1 == want; next } on && NF && $1 !~ /^#/ { print $1 }' "$here/debian-packages.txt")
done
if ! command -v dpkg-query >/dev/null; then
  say "set-up knows Debian only, and there is no dpkg-query here. Install what corresponds to"
  say "  ${wanted[*]}"
  say "and build each of the presets explore, tsan, asan and release, without their tests:"
  say "  cmake --preset NAME -DCHICANE_TESTS=OFF && cmake --build --preset NAME"
  exit 2
fi
installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "${wanted[@]}" 2>/dev/null || true)"
missing=()
for package in "${wanted[@]}"; do
  [[ $installed == *" installed=$package "* ]] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=(env)
elif sudo -n true 2>/dev/null; then
  as_root=(sudo -n env)
else
  say "${#missing[@]} Debian packages are missing, and installing them needs root (no sudo without a password here)."
  say "Install them, then run this again:"
  echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 2
fi
say "installing ${#missing[@]} Debian packages${as_root[1]:+ with sudo}: ${missing[*]}"
mkdir -p "$(dirname "$log")"
apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
# One unreachable third-party source fails the whole update, while all that is needed may be there: install decides.
"${apt[@]}" update >"$log" 2>&1 </dev/null || say "apt-get update had errors (see ${log/#$PWD\//}); going on with what it got"
if ! "${apt[@]}" install --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null; then
  say "apt-get install failed; the end of $log:"
  tail -n 12 "$log" >&2
  exit 2
fi
say "packages installed in $SECONDS s"
