"""fuzz.py CHICANE REVISION [INPUTS [SEED [TARGET…]]]: fuzz targets (all) with as many inputs, one a core at a time."""
# builds: asan tests/fuzz/all
import concurrent.futures
import json
import os
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/soak/shared"))
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
inputs = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000
seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1, 2**32)

tree = pathlib.Path(chicane).parent.parent.parent / "asan"
# Targets, longest inputs and folders as ctest calls them.
listed = subprocess.run(["ctest", "--show-only=json-v1", "-L", "^fuzz$"], cwd=tree / "tests/fuzz", check=True,
                        capture_output=True, text=True).stdout
commands = {}
for test in json.loads(listed)["tests"]:
    commands[test["name"].removeprefix("fuzz.")] = [word for word in test["command"]
                                                    if not word.startswith("-max_total_time")]


def run(name):
    done = subprocess.run([*commands[name], f"-runs={inputs}", f"-seed={seed}"], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, errors="replace")
    print(f"{name}: exit status {done.returncode}", file=sys.stderr, flush=True)
    stat = dict(re.findall(r"^stat::(\w+):\s+(\d+)", done.stdout, re.MULTILINE))
    reached = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", done.stdout)
    odd = []
    if done.returncode != 0:
        said = [line for line in done.stdout.splitlines() if re.search(r"ERROR|does not hold|SUMMARY|Test unit", line)]
        odd = [f"{name}: exit status {done.returncode}: {' / '.join(said)[:600]}"]
    elif int(stat.get("number_of_executed_units", 0)) < inputs:
        odd = [f"{name}: only {stat.get('number_of_executed_units')} of {inputs} inputs"]
    edges, features, corpus = reached[-1] if reached else ("?", "?", "?")
    return [name, stat.get("number_of_executed_units", "?"), stat.get("average_exec_per_sec", "?"),
            stat.get("peak_rss_mb", "?"), edges, features, corpus], odd


if not commands:
    sys.exit("the asan tree has no fuzz targets")
if unknown := set(sys.argv[5:]) - set(commands):
    sys.exit(f"no fuzz target is named {', '.join(sorted(unknown))}; there are: {', '.join(sorted(commands))}")
with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    done = list(pool.map(run, sys.argv[5:] or sorted(commands)))
call = " ".join(["fuzz", str(inputs), str(seed), *sys.argv[5:]])
paper.head(f"Fuzzing with {inputs:,} inputs a target", call, revision, f"seed {seed}")
print("In the asan build: AddressSanitizer, UndefinedBehaviorSanitizer, and what each target asserts.\n")
paper.table(["target", "inputs", "a second", "peak MB", "edges", "features", "kept inputs"], [row for row, _ in done])
sys.exit(paper.deviations([line for _, odd in done for line in odd]))
