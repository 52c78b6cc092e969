"""gate-peers.py CHICANE REVISION [AA_FOLDER [POWER_FOLDER]]: this gate beside two usual rules, on the same rounds.

Google Benchmark's comparison (compare.py: Mann-Whitney U, two-sided at 0.05, nine repetitions of each side) and "5 %
slower than last time" (means of nine). Rounds are those that gate-aa and gate-power kept; each rule's nine are
neighbours in time and come from other rounds than the other side's, as they do when one build is run after the other.
"""
# builds: release chicane-gate-replay
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "shared"))
import gates  # noqa: E402
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
same = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else "gate-aa-rounds")
slower = pathlib.Path(sys.argv[4] if len(sys.argv) > 4 else "gate-power-rounds")
AGAIN = 300
paper.head("This gate beside two usual rules", f"gate-peers {same} {slower}", revision,
           f"{AGAIN} gates of ten scenarios for each row, drawn from recorded rounds")
rows = []
for what, percent, files in [("equal builds", 0, sorted(same.glob("*.json"))), ("5 % more work", 5, sorted(slower.glob("5-*.json"))),
                             ("10 % more work", 10, sorted(slower.glob("10-*.json")))]:
    if not files:
        sys.exit(f"no rounds of {what}: run `./chicane soak gate-aa` and `gate-power` first")
    again = gates.replay(chicane, AGAIN, 7 + percent, percent, files)
    of = AGAIN * len(again["scenarios"])
    tell = lambda name: f"{sum(s[name] for s in again['scenarios']) / of:.1%}"
    undecided = again["verdicts"].get("inconclusive", 0) + again["verdicts"].get("invalid", 0)
    rows.append([what, "chicane gate", tell("found"), f"{again['verdicts'].get('regression', 0) / AGAIN:.1%}",
                 f"{undecided / AGAIN:.1%}"])
    rows.append([what, "compare.py, U test at 0.05", tell("rank_sum"), f"{again['rank_sum_gates'] / AGAIN:.1%}", "–"])
    rows.append([what, "5 % slower than last time", tell("last_time"), f"{again['last_time_gates'] / AGAIN:.1%}", "–"])
paper.table(["candidate", "rule", "scenarios called slower", "suites called slower", "suites undecided"], rows)
sys.exit(paper.deviations([]))
