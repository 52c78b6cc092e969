"""kills.py CHICANE REVISION [KILLS [SEED]]: the driver is killed with SIGKILL at random moments, and the run resumed.

Half of the kills hit the bench lane with a plugin whose trials leave daemons, half hit stock scenarios in every lane.
After `--resume` every planned trial must be there exactly once, and after each kill no process of the run.
"""
# builds: release tests/cli/resume/all
import os
import pathlib
import random
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cli/resume"), str(ROOT / "tests/soak/shared")]
from killed_runs import Campaign, Runs  # noqa: E402
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
kills = int(sys.argv[3]) if len(sys.argv) > 3 else 100
seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(2**32)

tree = pathlib.Path(chicane).parent.parent
leaver = tree / "tests/cli/resume/leaver.so"
# Scenarios without anything that they must show: how many trials those get depends on when it is seen.
right = ["counter/atomic", "counter/locked", "litmus/store-buffering-seq-cst", "deadlock/scoped-lock"]
targets = {
    "bench lane, a plugin that leaves daemons": (
        kills - kills // 2, ["--tree", str(tree), "--lanes", "bench", "--plugin", str(leaver), "--rounds", "10",
                             "--workers", "1,2,3", "--slice", "1ms", "--seed", str(seed)]),
    "all lanes, stock scenarios": (
        kills // 2, [*right, "--rounds", "2", "--processes", "4", "--slice", "10ms", "--seed", str(seed)]),
}

odd = []
counts = {}
for name, (count, options) in targets.items():
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(chicane, options, os.path.join(folder, "out"), f"soak-{os.getpid()}")
        campaign = Campaign(runs, random.Random(seed))
        try:
            campaign.run(count)
        finally:
            runs.end_all()
    counts[name] = campaign.counts
    odd += [f"{name}: {line}" for line in campaign.odd]
    print(f"{name}: {dict(campaign.counts)}", file=sys.stderr, flush=True)

paper.head(f"{kills} kills of the driver", f"kills {kills} {seed}", revision, f"seed {seed}")
print("Each run is killed with SIGKILL after a random share of its length, half of the time again while it resumes, "
      "and then resumed to its end.\n")
seen = list(dict.fromkeys(what for each in counts.values() for what in each))
paper.table(["", *targets], [[what, *(each[what] for each in counts.values())] for what in seen])
sys.exit(paper.deviations(odd))
