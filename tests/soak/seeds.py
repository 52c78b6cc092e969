"""seeds.py CHICANE REVISION [RUNS [FIRST_SEED [OPTION…]]]: many separate runs, each with a seed of its own.

Every broken twin must be found, in every lane that must see it, and every fixed one be silent, in every run. All
scenarios in all lanes with the lengths of --quick, unless other options of `chicane run` are given.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "shared"))
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 20
first_seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
options = sys.argv[5:] or ["--quick", "*"]


class Row:
    """A scenario in a lane, over all runs."""

    def __init__(self):
        self.declares = ()
        self.verdicts = collections.Counter()
        self.found = self.silent = self.processes = 0
        self.why = ""


rows = collections.defaultdict(Row)
odd, notes = [], collections.Counter()
exits = collections.Counter()


def one(seed):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([chicane, "run", *options, "--seed", str(seed), "-o", folder], text=True,
                              capture_output=True)
        exits[done.returncode] += 1
        try:
            with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
                run = json.load(file)
        except OSError:
            odd.append(f"seed {seed}: exit status {done.returncode}, no run.json: {done.stderr[-300:]}")
            return
    if done.returncode != 0 or not run["complete"]:
        odd.append(f"seed {seed}: exit status {done.returncode}, complete: {run['complete']}")
    notes.update(run["notes"])
    declares = {scenario["id"]: tuple(sorted({expected["kind"] for expected in
                                              scenario.get("expectation", {}).get("must", [])}))
                for scenario in run["scenarios"]}
    found = {(trial["scenario"], trial["lane"]) for trial in run["trials"] if trial.get("findings")}
    for verdict in run["verdicts"]:
        key = verdict["scenario"], verdict["lane"]
        row = rows[key]
        row.declares = declares[verdict["scenario"]]
        row.verdicts[verdict["verdict"]] += 1
        row.found += bool(verdict.get("declared"))
        row.silent += key not in found
        row.processes += verdict["confidence"]["processes"]
        row.why = verdict["why"]
        if verdict["verdict"] in ("fail", "missed", "error"):
            odd.append(f"seed {seed}: {key[0]} in {key[1]} is {verdict['verdict']}: {verdict['why']}")
            print(odd[-1], file=sys.stderr, flush=True)


for number in range(runs):
    one(first_seed + number)
    print(f"run {number + 1}/{runs}, seed {first_seed + number}: {len(odd)} deviations so far", file=sys.stderr,
          flush=True)

by_scenario = collections.defaultdict(dict)
for (scenario, lane), row in rows.items():
    by_scenario[scenario][lane] = row
    # A lane that must see it and did not is `missed`, and counted above; one that need not may see it now and then.
    if len(row.verdicts) > 1 and not (row.declares and set(row.verdicts) == {"pass", "not_judged"}):
        odd.append(f"{scenario} in {lane}: not the same verdict in every run: {dict(row.verdicts)}")
for scenario, lanes in by_scenario.items():
    judged = [row for row in lanes.values() if row.verdicts["pass"] == runs]
    if any(row.declares for row in lanes.values()) and not any(row.found == runs for row in judged):
        odd.append(f"{scenario}: broken, and no lane found it in every run")

call = " ".join(["seeds", str(runs), str(first_seed), *(sys.argv[5:])])
paper.head(f"{runs} runs with different seeds", call, revision, f"seeds {first_seed}–{first_seed + runs - 1}")
print("\"Found\": runs in which it showed what it declares. \"Silent\": runs in which it showed nothing at all.\n")
paper.table(["scenario", "lane", "declares", "found in runs", "silent in runs", "verdicts", "processes"],
            [[scenario, lane, ", ".join(row.declares) or "nothing", f"{row.found} of {runs}", f"{row.silent} of {runs}",
              ", ".join(f"{verdict} {count}" for verdict, count in sorted(row.verdicts.items())), row.processes]
             for (scenario, lane), row in sorted(rows.items()) if row.processes])
unjudged = sorted((scenario, lane, row.why) for (scenario, lane), row in rows.items() if not row.processes)
if unjudged:
    print("Without trials:\n")
    paper.table(["scenario", "lane", "why"], unjudged)
for note, count in sorted(notes.items()):
    print(f"Note of {count} runs: {note}\n")
sys.exit(paper.deviations(odd))
