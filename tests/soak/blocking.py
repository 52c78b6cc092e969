"""blocking.py CHICANE REVISION [RUNS [FIRST_SEED [OPTIONS…]]]: each kind of blocking in separate runs, each with a seed of its own.

Every run must show exactly the kind that docs/blocking.md says, in every lane, and what is only slow must show nothing.
Further options go to `chicane run`. Prints a Markdown table and exits with 1 when a run differs."""
import collections
import json
import os
import subprocess
import sys
import tempfile

chicane, revision = sys.argv[1:3]
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 20
first_seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
options = sys.argv[5:]

LANES = ("stress", "tsan", "asan")
EVERYWHERE = {
    "deadlock/lock-order": "deadlock",
    "deadlock/self-deadlock": "deadlock",
    "deadlock/notify-before-wait": "lost_wakeup",
    "deadlock/stepping-aside": "livelock",
    "deadlock/barrier-one-short": "hang",
    "deadlock/spin-for-ever": "hang",
    "deadlock/in-turns": None,
    "deadlock/slow-but-fine": None,
    "deadlock/scoped-lock": None,
    "deadlock/notify-and-flag": None,
    "deadlock/barrier-of-all": None,
    "deadlock/taking-turns": None,
    "deadlock/spin-until-set": None,
    "deadlock/recursive-lock": None,
    "deadlock/one-thread-reorders": None,
}
ALSO = {("deadlock/in-turns", "tsan"): "lock_order_inversion"}
# Besides, and not in every run.
TOLERATED = {("deadlock/lock-order", "tsan"): {"lock_order_inversion"}}


def expected(scenario, lane):
    return ALSO.get((scenario, lane), EVERYWHERE[scenario])


right = collections.Counter()
trials = collections.Counter()
seconds = collections.defaultdict(list)
odd = []
for number in range(runs):
    seed = first_seed + number
    with tempfile.TemporaryDirectory() as folder:  # two processes: workers on CPUs of their own, and on one
        done = subprocess.run([chicane, "run", *EVERYWHERE, "--lanes", ",".join(LANES), "--quick", "--processes", "2",
                               "--seed", str(seed), *options, "-o", folder], text=True, capture_output=True)
        try:
            with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
                run = json.load(file)
        except OSError:
            sys.exit(f"seed {seed}: no run.json, exit status {done.returncode}\n{done.stderr}")
    found = {finding["id"]: finding for finding in run["findings"]}
    seen = collections.defaultdict(list)
    for trial in run["trials"]:
        key = (trial["scenario"], trial["lane"])
        kinds = {found[each["ref"]]["kind"] for each in trial.get("findings", [])} - TOLERATED.get(key, set())
        seen[key].append(kinds)
        trials[key] += 1
        if trial["status"] == "timed_out":
            seconds[key].append(trial["duration_ns"] / 1e9)
    for scenario in EVERYWHERE:
        for lane in LANES:
            kind = expected(scenario, lane)
            wanted = set() if kind is None else {kind}
            key = (scenario, lane)
            if seen[key] and all(kinds == wanted for kinds in seen[key]):
                right[key] += 1
            else:
                odd.append(f"seed {seed}: {scenario} in {lane} showed {seen[key] or 'nothing: no trial'}")
    print(f"run {number + 1}/{runs}, seed {seed}: {len(odd)} deviations so far{': ' + odd[-1] if odd else ''}",
          file=sys.stderr, flush=True)

print(f"# Blocking told apart: {runs} runs, seeds {first_seed}–{first_seed + runs - 1}\n")
print(f"Revision {revision}. In each run every trial of a scenario and lane must show exactly the kind expected.\n")
print("| scenario | lane | expected | right in runs | trials | longest time until it was told |")
print("|---|---|---|---|---|---|")
for scenario in EVERYWHERE:
    for lane in LANES:
        key = (scenario, lane)
        longest = f"{max(seconds[key]):.1f} s" if seconds[key] else "–"
        print(f"| {scenario} | {lane} | {expected(*key) or 'nothing'} | {right[key]} of {runs} | {trials[key]} | {longest} |")
print(f"\nDeviations: {len(odd)}")
for line in odd:
    print(f"- {line}")
sys.exit(1 if odd else 0)
