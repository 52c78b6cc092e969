"""gate-aa.py CHICANE REVISION [MINUTES [FOLDER [hog]]]: gates of two builds of one source, in both orders, as many as fit
the time; then 300 more of their rounds, drawn with replacement. How many fail for nothing, how many do not decide. Then
the same rounds, made slower by calculation: whether what the gates state of their power is what happens.

With `hog`, a process that uses one CPU runs beside them. The rounds are kept in FOLDER (gate-aa-rounds): `./chicane soak
gate-aa 0 FOLDER` makes the table again from them.
"""
# builds: release chicane-gate-replay tests/gate/plugins/all
import json
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "shared"))
import gates  # noqa: E402
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
minutes = float(sys.argv[3]) if len(sys.argv) > 3 else 60
hog = "hog" in sys.argv[3:]
words = [word for word in sys.argv[4:] if word != "hog"]
folder = pathlib.Path(words[0] if words else "gate-hog-rounds" if hog else "gate-aa-rounds")
AGAIN = 300
SLOWER, SLOWER_GATES = (2.4, 2.7, 3, 5), 100  # percent; gates of each
STATED_WITHIN = 0.05

if minutes > 0:
    gates.fresh(folder)
    eater = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if hog else None
    try:
        until = time.monotonic() + 60 * minutes
        number = 0
        with tempfile.TemporaryDirectory() as scratch:
            while number < 2 or time.monotonic() < until:
                sides = ("base", "again") if number % 2 == 0 else ("again", "base")
                result, status, seconds = gates.gate(chicane, scratch, *sides, "--seed", str(1000 + number))
                gates.keep(result, str(folder / f"{number:03}.json"))
                print(f"gate {number}: {result['verdict']}, {seconds:.0f} s", file=sys.stderr, flush=True)
                number += 1
    finally:
        if eater:
            eater.kill()

files = sorted(folder.glob("*.json"))
live = [json.loads(file.read_text()) for file in files]
paper.head("Gates of equal builds" + (", a CPU hog beside them" if hog else ""),
           f"gate-aa {minutes:g} {folder}{' hog' if hog else ''}", f"{live[0].get('tool_revision', revision)} (this table: {revision})",
           f"{len(live)} live gates of two builds of one source in both orders, seeds {live[0]['seed']} to {live[-1]['seed']}")
again = gates.replay(chicane, AGAIN, 1, 0, files)
verdicts = {"live": [g["verdict"] for g in live],
            "drawn again": [v for v, n in again["verdicts"].items() for _ in range(n)]}
rows = []
for which, all_of in verdicts.items():
    fails, open_ = all_of.count("regression"), all_of.count("inconclusive") + all_of.count("invalid")
    rows.append([which, len(all_of), gates.share(fails, len(all_of)), gates.share(open_, len(all_of)), all_of.count("invalid")])
paper.table(["gates", "number", "fail (95 % bound)", "inconclusive or invalid (95 % bound)", "of them invalid"], rows)
seconds = sorted(g["duration_ns"] / 1e9 for g in live)
print(f"A live gate of ten scenarios took {seconds[0]:.0f} to {seconds[-1]:.0f} s, the median {seconds[len(seconds) // 2]:.0f} s.\n")
noisy = sum(bool(g.get("noise")) for g in live)
foreign = sorted(g.get("foreign_cpu_percent", 0) for g in live)
print(f"{noisy} of {len(live)} name noise of the host; others used {foreign[0]:.0f} to {foreign[-1]:.0f} % of the CPUs' time.\n")
if hog:
    open_gates = [g for g in live if g["verdict"] in ("inconclusive", "invalid")]
    named = sum(any("other processes" in words for words in g.get("noise", [])) for g in open_gates)
    print(f"Of {len(open_gates)} that did not decide, {named} name the other process as the cause.\n")
paper.table(["scenario", "rounds", "ratio", "noise of a round", "seen at (median)", "fails", "undecided"],
            [[s["scenario"], s["rounds"], f"{s['ratio']:.4f}", f"{s['noise_percent']:.2f} %",
              f"{(s['detectable'] - 1) * 100:.1f} %", s["found"], s["undecided"]] for s in again["scenarios"]])
odd = []
for which, all_of in verdicts.items():
    if all_of.count("regression") > len(all_of) / 300:
        odd.append(f"{which}: {all_of.count('regression')} of {len(all_of)} fail")
    open_ = all_of.count("inconclusive") + all_of.count("invalid")
    if not hog and open_ > 0.05 * len(all_of):
        odd.append(f"{which}: {open_} of {len(all_of)} did not decide, and 5 % may")
if not hog:
    rows = []
    for percent in SLOWER:
        slower = gates.replay(chicane, SLOWER_GATES, 2, percent, files, "--slower")
        for s in slower["scenarios"]:
            happened, off = s["found"] / slower["gates"], s["power"] - s["found"] / slower["gates"]
            rows.append([s["scenario"], f"{percent:g} %", f"{s['power']:.1%}", f"{happened:.1%}", f"{off * 100:+.1f}"])
            chance = gates.at_most(s["found"], slower["gates"]) if off > 0 else gates.at_least(s["found"], slower["gates"])
            if abs(off) > STATED_WITHIN and abs(off) > abs(chance - happened):
                odd.append(f"{s['scenario']}, {percent:g} % slower: {s['power']:.1%} stated, {happened:.1%} found")
    print(f"## Stated power\n\nThe same rounds, each compared one slower by so much, and gates that are asked to find that: "
          f"what they state of their power (mean), and in how many of {SLOWER_GATES} it is found.\n")
    paper.table(["scenario", "slower by", "stated", "found", "points too high"], sorted(rows))
sys.exit(paper.deviations(odd))
