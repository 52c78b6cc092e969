"""verdicts.py CHICANE REVISION [RUNS [FIRST_SEED]]: many separate tsan-lane runs of the quick set, each with a seed of its own.

Every wrong twin that declares a race must be caught in every run, every right scenario must stay silent in every run.
Prints a Markdown table and exits with 1 when a run differs."""
import collections
import json
import os
import subprocess
import sys
import tempfile

chicane, revision = sys.argv[1:3]
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 100
first_seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1

caught = collections.Counter()   # runs in which a scenario showed what it declares as a race
silent = collections.Counter()   # runs in which it showed nothing
verdicts = collections.defaultdict(collections.Counter)
processes = collections.Counter()
declares = {}
odd = []
for number in range(runs):
    seed = first_seed + number
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([chicane, "run", "--quick", "--lanes", "tsan", "--seed", str(seed), "-o", folder],
                              text=True, capture_output=True)
        with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
            run = json.load(file)
    if done.returncode != 0:
        odd.append(f"seed {seed}: exit status {done.returncode}")
    kinds = {finding["id"]: finding["kind"] for finding in run["findings"]}
    seen = collections.defaultdict(set)
    for trial in run["trials"]:
        processes[trial["scenario"]] += 1
        for finding in trial.get("findings", []):
            seen[trial["scenario"]].add(kinds[finding["ref"]])
    for scenario in run["scenarios"]:
        must = {expected["kind"] for expected in scenario.get("expectation", {}).get("must", [])}
        declares[scenario["id"]] = must
        caught[scenario["id"]] += "data_race" in seen[scenario["id"]]
        silent[scenario["id"]] += not seen[scenario["id"]]
        if not must and seen[scenario["id"]]:
            odd.append(f"seed {seed}: {scenario['id']} showed {sorted(seen[scenario['id']])}")
        if "data_race" in must and "data_race" not in seen[scenario["id"]]:
            odd.append(f"seed {seed}: {scenario['id']} showed no data_race")
    for verdict in run["verdicts"]:
        verdicts[verdict["scenario"]][verdict["verdict"]] += 1
        if verdict["verdict"] != "pass":
            odd.append(f"seed {seed}: {verdict['scenario']} is {verdict['verdict']}: {verdict['why']}")
    print(f"run {number + 1}/{runs}, seed {seed}: exit status {done.returncode}, {len(odd)} deviations so far",
          file=sys.stderr, flush=True)

print(f"# {runs} tsan-lane runs of the quick set, seeds {first_seed}–{first_seed + runs - 1}\n")
print(f"Revision {revision}. One run has at least eight processes for each scenario.\n")
print("| scenario | declares | race caught in runs | silent in runs | verdicts | processes |")
print("|---|---|---|---|---|---|")
for scenario in sorted(declares):
    counts = ", ".join(f"{verdict} {count}" for verdict, count in sorted(verdicts[scenario].items()))
    print(f"| {scenario} | {', '.join(sorted(declares[scenario])) or 'nothing'} | {caught[scenario]} of {runs} | "
          f"{silent[scenario]} of {runs} | {counts} | {processes[scenario]} |")
print(f"\nDeviations: {len(odd)}")
for line in odd:
    print(f"- {line}")
sys.exit(1 if odd else 0)
