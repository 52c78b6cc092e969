#!/usr/bin/env bash
# fuzz.sh TARGET CORPUS FOUND LONGEST OPTION…: fuzzes from the committed inputs. New ones are forgotten; one that shows a
# fault is left in FOUND, and `TARGET FILE` shows it again.
set -euo pipefail
target=$1 corpus=$2 found=$3 longest=$4
shift 4
mkdir -p "$found"
inputs=$(mktemp -d)
trap 'rm -rf "$inputs"' EXIT
[ -n "$(ls -A "$corpus")" ] || { echo "no inputs in $corpus" >&2; exit 2; }
# What is slow or large is a fault too. The entropic schedule of inputs costs these targets half their speed: it keeps
# account of every feature of each input, and prefers long ones.
"$target" -entropic=0 -max_len="$longest" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1 \
  -artifact_prefix="$found/" "$@" "$inputs" "$corpus"
