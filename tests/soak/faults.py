"""faults.py CHICANE REVISION [CAMPAIGNS [LANES]]: campaigns of faults in a row, in the lanes stress, tsan and asan each time.

Every fault must give what docs/faults.md says, every healthy neighbour must pass, and no campaign may leave a process or
a temporary file, or a run.json that its schema refuses.
"""
# builds: release tests/fault/all
# builds: tsan tests/fault/all
# builds: asan tests/fault/all
import collections
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/fault"), str(ROOT / "tests/soak/shared")]
import campaign  # noqa: E402
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
campaigns = int(sys.argv[3]) if len(sys.argv) > 3 else 10
trees = pathlib.Path(chicane).parent.parent.parent
lanes = {"stress": ("plain", "release"), "tsan": ("tsan", "tsan"), "asan": ("asan", "asan")}
if len(sys.argv) > 4:
    lanes = {lane: lanes[lane] for lane in sys.argv[4].split(",")}

counts = {lane: collections.Counter() for lane in lanes}
odd = []
for number in range(1, campaigns + 1):
    for lane, (build, preset) in lanes.items():
        tree = trees / preset
        with tempfile.TemporaryDirectory() as folder:
            done = campaign.Campaign(chicane, folder, f"soak-{os.getpid()}-{number}-{lane}").run(
                *campaign.QUICKLY, "--tree", str(tree), *campaign.plugins(tree / "tests/fault/plugins"), "--lanes", lane,
                "--seed", str(number))
            left, files = done.processes_left(), done.files_left()
            run = done.results() if done.status == 4 else None
            wrong = [f"exit status {done.status}: {done.said[-500:]}"] if run is None else []
            errors = done.schema_errors() if run else []
        if run:
            wrong += campaign.deviations(run, campaign.table(build), lane)
            healthy = {verdict["scenario"]: verdict["verdict"] == "pass" for verdict in run["verdicts"]
                       if verdict["scenario"].startswith("healthy/")}
            counts[lane]["faults"] += sum(s["id"].startswith(("fault/", "plugin/")) for s in run["scenarios"])
            counts[lane]["healthy neighbours"] += len(healthy)
            counts[lane]["healthy neighbours that pass"] += sum(healthy.values())
            counts[lane]["trials"] += len(run["trials"])
        wrong += [f"process {pid} is left" for pid in left] + [f"{file} is left" for file in files] + errors
        counts[lane]["campaigns"] += 1
        counts[lane]["processes left"] += len(left)
        counts[lane]["files left"] += len(files)
        counts[lane]["errors of the schema"] += len(errors)
        counts[lane]["seconds"] += round(done.seconds)
        counts[lane]["deviations from the table"] += len(wrong)
        odd += [f"campaign {number}, {lane}: {line}" for line in wrong]
        print(f"campaign {number}/{campaigns}, {lane}: {done.seconds:.1f} s, {len(odd)} deviations so far",
              *wrong, sep="\n  ", file=sys.stderr, flush=True)

paper.head(f"{campaigns} campaigns of faults in a row", f"faults {campaigns} {','.join(lanes)}", revision, f"seeds 1–{campaigns}")
print("Each campaign runs every fault of docs/faults.md beside its healthy neighbour, in each lane.\n")
seen = list(dict.fromkeys(what for each in counts.values() for what in each))
paper.table(["", *lanes], [[what, *(each[what] for each in counts.values())] for what in seen])
sys.exit(paper.deviations(odd))
