"""seeds.py CHICANE REVISION [RUNS [FIRST_SEED [--keep=FOLDER] [--whole] [OPTION…]]]: separate runs, each with its seed.

Every broken twin must be found, in every lane that must see it, and every fixed one be silent, in every run. All
scenarios in all lanes with the lengths of --quick, unless other options of `chicane run` are given ("*" alone: full
runs, half an hour each). With --keep the verdicts of each run go to FOLDER/SEED.json, and runs that are there already
are not made again: so many hours need not be in one go. A run that was not as declared leaves its whole run.json, too,
as FOLDER/SEED-whole-run.json: what it measured is what tells why. With --whole every run does.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "shared"))
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 20
first_seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
keep = next((pathlib.Path(word.split("=", 1)[1]) for word in sys.argv[5:] if word.startswith("--keep=")), None)
if keep:
    keep.mkdir(parents=True, exist_ok=True)
whole = "--whole" in sys.argv[5:]
options = [word for word in sys.argv[5:] if word != "--whole" and not word.startswith("--keep=")] or ["--quick", "*"]


class Row:
    """A scenario in a lane, over all runs."""

    def __init__(self):
        self.declares = ()
        self.verdicts = collections.Counter()
        self.found = self.silent = self.processes = 0
        self.why = ""


rows = collections.defaultdict(Row)
odd, notes, done_runs = [], collections.Counter(), []


def run(seed):
    """What there is to know of one run, short enough to be kept."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([chicane, "run", *options, "--seed", str(seed), "-o", folder], text=True,
                              capture_output=True)
        try:
            with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
                run = json.load(file)
        except OSError:
            return {"seed": seed, "revision": revision, "exit": done.returncode, "no_run": done.stderr[-300:]}
        if keep and (whole or done.returncode != 0):
            shutil.copy(os.path.join(folder, "run.json"), keep / f"{seed}-whole-run.json")
    declares = {scenario["id"]: sorted({expected["kind"] for expected in scenario.get("expectation", {}).get("must", [])})
                for scenario in run["scenarios"]}
    found = {(trial["scenario"], trial["lane"]) for trial in run["trials"] if trial.get("findings")}
    verdicts = [[v["scenario"], v["lane"], v["verdict"], declares[v["scenario"]], bool(v.get("declared")),
                 (v["scenario"], v["lane"]) not in found, v["confidence"]["processes"],
                 v["why"] if v["verdict"] != "pass" else ""] for v in run["verdicts"]]
    return {"seed": seed, "revision": revision, "options": options, "exit": done.returncode, "complete": run["complete"],
            "minutes": round(run["duration_ns"] / 6e10, 1), "started": run["started"], "trials": len(run["trials"]),
            "notes": run["notes"], "verdicts": verdicts}


def kept(seed):
    file = keep / f"{seed}.json" if keep else None
    if file and file.exists():
        return json.loads(file.read_text(encoding="utf-8"))
    made = run(seed)
    if file:
        lines = ",\n".join(json.dumps(verdict, ensure_ascii=False) for verdict in made.pop("verdicts", []))
        head = json.dumps(made, ensure_ascii=False)
        file.write_text(f'{head[:-1]}, "verdicts": [\n{lines}\n]}}\n', encoding="utf-8")
        made = json.loads(file.read_text(encoding="utf-8"))
    return made


def one(seed):
    made = kept(seed)
    done_runs.append(made)
    if "no_run" in made:
        odd.append(f"seed {seed}: exit status {made['exit']}, no run.json: {made['no_run']}")
        return
    if made["exit"] != 0 or not made["complete"]:
        odd.append(f"seed {seed}: exit status {made['exit']}, complete: {made['complete']}")
    notes.update(made["notes"])
    for scenario, lane, verdict, declares, declared, silent, processes, why in made["verdicts"]:
        row = rows[scenario, lane]
        row.declares = tuple(declares)
        row.verdicts[verdict] += 1
        row.found += declared
        row.silent += silent
        row.processes += processes
        row.why = why or row.why
        if verdict in ("fail", "missed", "error"):
            odd.append(f"seed {seed}: {scenario} in {lane} is {verdict}: {why}")
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
paper.table(["seed", "revision", "started", "minutes", "trials", "exit status"],
            [[made["seed"], made["revision"], made.get("started", "–"), made.get("minutes", "–"), made.get("trials", "–"),
              made["exit"]] for made in done_runs])
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
