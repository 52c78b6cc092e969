#!/bin/sh
# compiles.sh COMPILER STANDARD HEADERS SOURCE: compiles without a warning; 77 where the compiler is not installed.
compiler=$1 standard=$2 headers=$3 source=$4
if ! command -v "$compiler" > /dev/null; then
  echo "skipped: $compiler is not installed"
  exit 77
fi
exec "$compiler" -std="$standard" -Wall -Wextra -pedantic -Werror -O2 -I "$headers" -fsyntax-only "$source"
