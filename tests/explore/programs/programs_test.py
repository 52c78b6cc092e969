#!/usr/bin/env python3
"""programs_test.py CHICANE EXPLORE_TREE PROGRAM [NAME…]: each of PROGRAM's programs, explored from main.

What is wrong must be found, as what it is; what is right must be silent, and do the same twice."""
import json
import pathlib
import subprocess
import sys
import tempfile

chicane, tree, program, *only = sys.argv[1:]
if not (pathlib.Path(tree) / "bin/chicane-runner").exists():
    print(f"{tree} is not built")
    sys.exit(77)

OF_TWO_PROCESSES = {"shared_mapping_ok"}  # waits for another one, which is nobody's to schedule


def explored(name, wrong):
    with tempfile.TemporaryDirectory() as folder:
        words = ["--schedules", "400" if wrong else "100", *(["--stop-at-first"] if wrong else [])]
        done = subprocess.run([chicane, "explore", *words, "--budget", "20s", "--seed", "1", "--tree", tree, "-o", folder,
                               "--", program, name], capture_output=True, text=True, timeout=200, check=False)
        try:
            run = json.loads((pathlib.Path(folder) / "run.json").read_text(encoding="utf-8"))
        except OSError:
            return {f"no run.json: {done.stderr[-300:]}"}, ""
    said = " ".join(trial.get("searched") or "" for trial in run["trials"])
    odd = "not repeatable" if "not repeatable" in said and name not in OF_TWO_PROCESSES else ""
    if any(trial["status"] != "completed" for trial in run["trials"]):
        odd = "not completed"
    return {finding["kind"] for finding in run["findings"]}, odd


listed = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
failed = 0
for line in listed:
    name, _, finds = line.partition(" ")
    if only and name not in only:
        continue
    wanted = set(finds.split(",")) if finds else set()
    kinds, odd = explored(name, bool(wanted))
    if kinds - wanted or (wanted and not kinds) or odd:
        failed += 1
        print(f"{name}: found {sorted(kinds) or 'nothing'}, wanted {sorted(wanted) or 'nothing'} {odd}")
print(f"{len(listed)} programs, {failed} not as they must be")
sys.exit(1 if failed else 0)
