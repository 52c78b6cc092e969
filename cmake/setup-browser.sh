#!/usr/bin/env bash
# setup-browser.sh LOG: what opens and checks HTML pages in tests: Chromium, Node, and into build/browser what
# tests/browser/package-lock.json names, from npm's registry. When it can't be had, prints why in one line and exits 1:
# those tests are then skipped, and say so. All there already: silent, and neither apt nor npm is touched.
set -euo pipefail
log=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
wanted=$here/../tests/browser
place=$here/../build/browser
give_up() { echo "$*" && exit 1; }

"$here/setup-packages.sh" browser >&2 || give_up "Chromium or Node could not be installed"
! cmp -s "$wanted/package-lock.json" "$place/installed-lock.json" || exit 0
# Another source's Node brings its own npm, and Debian's would not go with it.
command -v npm >/dev/null || "$here/setup-packages.sh" npm >&2 || give_up "npm could not be installed"

echo "chicane: installing the tests' npm packages (once, into build/browser) …" >&2
mkdir -p "$place" "$(dirname "$log")"
rm -f "$place/installed-lock.json"
cp "$wanted/package.json" "$wanted/package-lock.json" "$wanted/.npmrc" "$place/"
# No package may run anything while it is installed. Without a network it ends after seconds, not minutes.
(cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1) >"$log" 2>&1 </dev/null ||
  give_up "npm ci failed: $(grep -m 1 -E '^npm (ERR!|error)' "$log" | cut -c1-160) (see build/logs/${log##*/})"
cp "$wanted/package-lock.json" "$place/installed-lock.json"
