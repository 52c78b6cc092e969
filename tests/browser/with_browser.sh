#!/usr/bin/env bash
# with_browser.sh SCRIPT ARGS…: node SCRIPT ARGS…, with Chromium and the packages that set-up put into build/browser.
# Where something is missing it says what, and exits with 77 (skipped), but with 1 in CI.
set -euo pipefail
build=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build
missing() {
  echo "not looked at any page: $*"
  [ -z "${CI:-}" ] || exit 1
  exit 77
}
[ ! -e "$build/browser-missing" ] || missing "$(<"$build/browser-missing")"
command -v node >/dev/null || missing "no node here: apt-get install nodejs"
CHICANE_CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  missing "no chromium here: apt-get install chromium"
[ -e "$build/browser/installed-lock.json" ] || missing "no npm packages in build/browser: ./chicane setup tests"
export CHICANE_CHROMIUM NODE_PATH=$build/browser/node_modules
exec node "$@"
