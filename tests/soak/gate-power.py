"""gate-power.py CHICANE REVISION [GATES [FOLDER]]: real slowdowns of 5 % and 10 %, built into ten scenarios.

GATES (4) live gates of each, of which the rounds are kept in FOLDER (gate-power-rounds); then 200 more of each, of rounds
drawn with replacement. How many find it, against what the gate says it could have found. GATES 0 makes the table again.
How much more work it is, is counted under callgrind where valgrind is installed; how much more time, the rounds tell.
"""
# builds: release chicane-gate-replay tests/gate/plugins/all
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "shared"))
import gates  # noqa: E402
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
live_gates = int(sys.argv[3]) if len(sys.argv) > 3 else 4
folder = pathlib.Path(sys.argv[4] if len(sys.argv) > 4 else "gate-power-rounds")
AGAIN = 200
SLOWER = (5, 10)


HEAVY = {"async/pair", "pools/tasks", "processes/fork-wait"}  # a turn is millions of instructions


def instructions(build, scenario):
    """Of a turn on one worker, children included: what a longer trial makes more of than a shorter one."""
    few, many = (2, 12) if scenario in HEAVY else (50, 1050)
    more, less = instructions_of(build, scenario, many), instructions_of(build, scenario, few)
    return (more - less) / (many - few) if more and less else 0


def instructions_of(build, scenario, turns):
    tree = gates.tree_of(chicane)
    request = {"plugin": "gated.so", "scenario": scenario, "lane": "bench", "worker_kind": "thread",
               "workers": 1, "seed": 1, "turns": turns, "placement": "free"}
    with tempfile.TemporaryDirectory() as scratch:
        # Without what it can't read: valgrind 3.19 gives up on clang 19's debug information.
        runner, request["plugin"] = f"{scratch}/chicane-runner", f"{scratch}/gated.so"
        for whole, bare in [(tree / "bin" / "chicane-runner", runner), (gates.plugin(chicane, build), request["plugin"])]:
            subprocess.run(["strip", "--strip-debug", "-o", bare, str(whole)], check=True)
        done = subprocess.run(["valgrind", "--tool=callgrind", "--trace-children=no", f"--callgrind-out-file={scratch}/%p.out",
                               runner, "trial", json.dumps(request)],
                              capture_output=True, text=True, env={"CHICANE_RESULT_FD": "1", "PATH": "/usr/bin:/bin"})
        total = 0
        for file in pathlib.Path(scratch).glob("*.out"):
            found = re.search(r"^(?:totals|summary): (\d+)", file.read_text(), re.M)
            total += int(found[1]) if found else 0
    return total if done.returncode == 0 else 0


if live_gates > 0:
    gates.fresh(folder)
for percent in SLOWER:
    for number in range(live_gates):
        with tempfile.TemporaryDirectory() as scratch:
            result, status, seconds = gates.gate(chicane, scratch, "base", f"slower_{percent}", "--seed",
                                                 str(2000 + 100 * percent + number))
        gates.keep(result, str(folder / f"{percent}-{number:02}.json"))
        print(f"{percent} %, gate {number}: {result['verdict']}, {seconds:.0f} s", file=sys.stderr, flush=True)

first = json.loads(sorted(folder.glob("*.json"))[0].read_text())
paper.head("Gates of slower builds", f"gate-power {live_gates} {folder}",
           f"{first.get('tool_revision', revision)} (this table: {revision})",
           f"{len(list(folder.glob('*.json')))} live gates, and {AGAIN} of each drawn from their rounds")
odd = []
base = {}
for percent in SLOWER:
    files = sorted(folder.glob(f"{percent}-*.json"))
    again = gates.replay(chicane, AGAIN, percent, percent, files)
    print(f"## {percent} % more work\n")
    live = [json.loads(file.read_text())["verdict"] for file in files]
    print(f"Live: {', '.join(f'{live.count(v)} {v}' for v in sorted(set(live)))}. Drawn again: "
          f"{', '.join(f'{n} {v}' for v, n in again['verdicts'].items())}.\n")
    wanted = 0.90 if percent == 5 else 0.95
    rows, seen = [], 0
    for s in again["scenarios"]:
        more = ""
        if shutil.which("valgrind"):
            if s["scenario"] not in base:
                base[s["scenario"]] = instructions("base", s["scenario"])
            if base[s["scenario"]]:
                more = f"{(instructions(f'slower_{percent}', s['scenario']) / base[s['scenario']] - 1) * 100:+.2f} %"
        lower = gates.at_least(s["found_when_able"], s["able"]) if s["able"] else None
        rows.append([s["scenario"], more or "–", f"{(s['ratio'] - 1) * 100:+.1f} % [{(s['low'] - 1) * 100:+.1f}, {(s['high'] - 1) * 100:+.1f}]",
                     f"{s['noise_percent']:.2f} %", f"{(s['detectable'] - 1) * 100:.1f} %", f"{s['power']:.1%}",
                     f"{s['found']} of {AGAIN}", f"{s['found_when_able']} of {s['able']}" + (f", at least {lower:.1%}" if lower is not None else "")])
        seen += s["detectable"] <= 1.05
        if lower is not None and s["able"] >= AGAIN / 2 and lower < wanted:
            odd.append(f"{percent} %: {s['scenario']}: found {s['found_when_able']} of {s['able']} where it could be seen; at least {wanted:.0%} wanted")
    paper.table(["scenario", "instructions", "time, 95 %", "noise of a round", "seen at (median)", "stated power at 5 %", "found",
                 "found where it could be"], rows)
    if seen < 8:
        odd.append(f"{percent} %: only {seen} of {len(rows)} scenarios could see 5 %")
sys.exit(paper.deviations(odd))
