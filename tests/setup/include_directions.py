#!/usr/bin/env python3
"""include_directions.py ROOT: every include of the sources obeys the direction of the design, one line per offence.

api <- scenarios; api <- model <- {elf, judge, statistics} <- {supervisor <- gate, reports} <- cli; the runner sees api, model,
elf, statistics and the fingerprint. Project includes are root-relative, so that this can be read off the source.
"""
import pathlib
import re
import sys

API = "harness/api"
# part -> parts whose headers it may include, besides its own. The longest matching folder is a file's part.
ALLOWED = {
    API: set(),
    "harness/model": {API},
    "harness/elf": {API, "harness/model"},
    "harness/explore": {API, "harness/model"},
    "harness/statistics": {API, "harness/model"},
    "harness/judge": {API, "harness/model"},
    "harness/claims": {API, "harness/model", "harness/statistics"},
    "harness/gate/history": {API, "harness/model", "harness/statistics"},
    "harness/supervisor": {API, "harness/model", "harness/elf", "harness/judge", "harness/statistics"},
    "harness/gate": {API, "harness/model", "harness/statistics", "harness/supervisor"},
    "harness/runner": {API, "harness/model", "harness/elf", "harness/statistics", "harness/explore"},
    "reports": {API, "harness/model", "harness/elf", "harness/judge", "harness/statistics"},
    "harness/cli": {API, "harness/model", "harness/elf", "harness/claims", "harness/explore", "harness/gate", "harness/gate/history", "harness/judge", "harness/statistics", "harness/supervisor",
                    "reports"},
    "scenarios": {API},
}
# Single headers that a part may include besides: pure functions of the model, needed where findings are first seen.
ALSO = {"harness/runner": {"harness/judge/fingerprint.h", "harness/supervisor/stuck/frames.h"}}
# Headers of the C library that the public headers may use besides C++'s own.
C_LIBRARY = {"stddef.h", "stdint.h", "pthread.h", "semaphore.h"}
# One third-party library has one home: what may include it (a folder, or a file without its extension).
HOMES = {
    "benchmark/": ["harness/runner/"],
    "nlohmann/": ["harness/model/"],
    "CLI/": ["harness/cli/"],
    "toml++/": ["harness/gate/"],
    "tbb/": ["scenarios/"],
    "oneapi/tbb": ["scenarios/"],
    "sqlite3.h": ["harness/gate/history/"],
    "libelf.h": ["harness/elf/"],
    "gelf.h": ["harness/elf/"],
    "elfutils/": ["harness/elf/", "harness/supervisor/", "harness/runner/explore/"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def part_of(path):
    fitting = [part for part in ALLOWED if path == part or path.startswith(part + "/")]
    return max(fitting, key=len) if fitting else None


def offences_of_include(path, quote, target, root):
    part = part_of(path)
    if quote == '"':
        if not (root / target).is_file():
            yield f'"{target}" is not a path from the project\'s root'
            return
        other = part_of(target)
        if other is None:
            yield f'"{target}" belongs to no part that sources may include'
        elif other != part and other not in ALLOWED[part] and target not in ALSO.get(part, ()):
            yield f'"{target}": {part} must not depend on {other}'
        elif part == API or part == "scenarios" and other == API:
            yield f'"{target}": the public headers are included as <chicane/…>'
        return
    if target.startswith("chicane/") and part != API and API not in ALLOWED[part]:
        yield f"<{target}>: {part} must not depend on {API}"
    if part == API and "." in target and target not in C_LIBRARY and not target.startswith("chicane/"):
        yield f"<{target}>: the public headers need the standard libraries alone"
    for library, homes in HOMES.items():
        if target.startswith(library) and not any(path.startswith(home) for home in homes):
            yield f"<{target}>: its home is {', '.join(homes)}"


def offences(root):
    root = pathlib.Path(root)
    seen = 0
    for part in sorted({part.split("/")[0] for part in ALLOWED}):
        for file in sorted((root / part).rglob("*")):
            if file.suffix not in (".h", ".cpp", ".c", ".inc"):
                continue
            path = file.relative_to(root).as_posix()
            if part_of(path) is None:
                yield f"{path}: is in no part of the design; add its folder to include_directions.py"
                continue
            seen += 1
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if match:
                    for offence in offences_of_include(path, *match.groups(), root):
                        yield f"{path}:{number}: {offence}"
    if not seen:
        yield f"{root}: there are no sources here"


if __name__ == "__main__":
    found = list(offences(sys.argv[1]))
    print("\n".join(found) if found else "every include obeys the design")
    sys.exit(1 if found else 0)
