"""gate-history.py CHICANE REVISION [SERIES [SEED]]: change points of simulated histories, false and true ones.

Of series that do not change at most 1 % may show any; a step of 10 % under 3 % noise, with 100 runs on each side, must be
placed within two runs in at least 95 %. Other rows show how far that carries.
"""
# builds: release chicane-history-simulation
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "shared"))
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
series = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1

simulation = pathlib.Path(chicane).parent / "chicane-history-simulation"
rows, odd = [], []
with subprocess.Popen([simulation, str(series), str(seed)], text=True, stdout=subprocess.PIPE) as process:
    for line in process.stdout:
        rows.append(json.loads(line))
        print(line, end="", file=sys.stderr, flush=True)
if process.returncode != 0:
    odd.append(f"the simulation ended with status {process.returncode}")

for row in rows:
    what = f"{row['noise_shape']} noise of {row['noise_percent']} %, {row['before']} + {row['after']} runs"
    if row["step_percent"] == 0 and row["any_at_most"] > 0.01:
        odd.append(f"{what}: {row['any']} of {series} series show a change point (up to {row['any_at_most']:.2%})")
    if (row["step_percent"], row["after"]) == (10, 100) and row["placed_at_least"] < 0.95:
        odd.append(f"{what}: a 10 % step is placed in {row['placed']} of {series} (from {row['placed_at_least']:.2%} on)")


def share(hits):
    return f"{hits / series:.2%}"


paper.head("Change points of simulated histories", f"gate-history {series} {seed}", revision, f"seed {seed}")
print(f"{series} series a row. Bounds are two-sided 95 % ones (Clopper and Pearson). \"Placed\": a change point within two "
      "runs of the step. \"Alone\": exactly one change point.\n")
print("Without a change:\n")
paper.table(["noise", "runs", "series with any change point", "at most"],
            [[f"{row['noise_shape']}, {row['noise_percent']} %", row["before"], f"{row['any']} ({share(row['any'])})",
              f"{row['any_at_most']:.2%}"] for row in rows if row["step_percent"] == 0])
print("With a step:\n")
paper.table(["noise", "step", "runs before, after", "placed", "at least", "alone", "any"],
            [[f"{row['noise_shape']}, {row['noise_percent']} %", f"{row['step_percent']} %",
              f"{row['before']}, {row['after']}", share(row["placed"]), f"{row['placed_at_least']:.2%}",
              share(row["alone"]), share(row["any"])] for row in rows if row["step_percent"] != 0])
sys.exit(paper.deviations(odd))
