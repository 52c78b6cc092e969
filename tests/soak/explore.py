"""explore.py CHICANE REVISION [SEARCHES [SCHEDULES [FIRST_SEED [OPTION…]]]]: the explore lane over all scenarios.

Right twins: so many searches of so many schedules each, and nothing may be found but what they declare. Broken ones:
after how many schedules each search found something, how many context switches the shrunk schedule forces, and whether
100 replays of it take the same steps. `--only=GLOB` (once or more) leaves the others out; further options go to
`chicane explore`.

A search makes no more than MOST_STEPS steps, so scenarios with long schedules get fewer of them; `--cheapest` gives
the right twins all schedules, however long, with one set of parameters: of those with more than one worker or thread,
the one whose schedules take the least time.
"""
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "shared"))
import paper  # noqa: E402

chicane, revision = sys.argv[1:3]
searches = int(sys.argv[3]) if len(sys.argv) > 3 else 20
schedules = int(sys.argv[4]) if len(sys.argv) > 4 else 10_000
first_seed = int(sys.argv[5]) if len(sys.argv) > 5 else 1
cheapest = "--cheapest" in sys.argv[6:]
options = [word for word in sys.argv[6:] if word != "--cheapest" and not word.startswith("--only=")]
only = [word.removeprefix("--only=") for word in sys.argv[6:] if word.startswith("--only=")] or ["*"]
replays = 100 if searches >= 20 else 10

# One search makes no more steps than this: pools whose tasks compute for long would take hours.
MOST_STEPS = 4_000_000
LONG = 20_000  # steps of one schedule: where broken scenarios never end, they are searched until the first finding
# Median number of schedules until the first finding, at most.
WITHIN = {"counter/unlocked": 10, "counter/load-then-store": 10, "deadlock/lock-order": 10, "queue/bounded-if": 50,
          "lockfree/double-checked-plain": 20, "lockfree/treiber-aba": 200, "litmus/peterson-relaxed": 50,
          "pools/drop-at-shutdown": 200, "semaphore/at-most-two": 5_000}
# Right by itself; what it may show is a fault of libstdc++ 12, which needs three workers to show.
ALSO_BROKEN = {"semaphore/at-most-two": ["--workers", "3"]}
# Depth of a bug: how many of its operations must come in one order (Burckhardt et al. 2010). Where nothing is said: 2.
# A race shows by what is not ordered, so in the plain course of things; who waits for himself does so in any order.
DEPTHS = {"data_race": 1, "deadlock/self-deadlock": 1, "deadlock/spin-for-ever": 1, "deadlock/barrier-one-short": 1,
          "deadlock/stepping-aside": 1, "queue/bounded-if": 3, "lockfree/treiber-aba": 3,
          "semaphore/release-without-acquire": 4, "semaphore/at-most-two": None}  # None: not known

CORES = len(os.sched_getaffinity(0))  # `chicane explore` makes one search on each
odd = []


def explore(words, seed, schedules_each, keep=None):
    """One call; its run.json, and its schedule files in `keep`."""
    with tempfile.TemporaryDirectory() as folder:
        folder = keep or folder
        done = subprocess.run([chicane, "explore", *words, *options, "--budget", "3600s" if cheapest else "120s",
                               "--seed", str(seed), "--schedules", str(schedules_each * CORES), "-o", folder],
                              text=True, capture_output=True)
        try:
            with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
                return json.load(file)
        except OSError:
            sys.exit(f"{words}, seed {seed}: no run.json, exit status {done.returncode}\n{done.stderr[-2000:]}")


def explored(words, schedules_each, wanted):
    """Runs until each set of parameters has had so many searches; all of them, and the verdicts that are not good."""
    runs, seed = [], first_seed
    while len(runs) * CORES < wanted:
        runs.append(explore(words, seed, schedules_each))
        seed += 1
    return runs


def must_show(finding, expectation):
    """Whether it is one that the scenario must show; what it only may show is as it comes."""
    return any(expected["kind"] == finding["kind"] and expected.get("at", finding.get("name")) in
               (finding.get("name"), None) or expected["kind"] == finding["kind"] != "wrong_result"
               for expected in expectation.get("must", []))


def affordable(steps):
    """Schedules of one search."""
    return schedules if cheapest or steps * schedules <= MOST_STEPS else max(int(MOST_STEPS / steps), 1)


def look_first():
    """All scenarios with what they declare, how many steps one schedule of each takes, and its cheapest parameters."""
    run = explore(only, first_seed, 50)
    declared = {scenario["id"]: scenario.get("expectation", {}) for scenario in run["scenarios"]}
    steps = collections.defaultdict(float)
    costs = collections.defaultdict(list)
    for trial in run["trials"]:
        measures = trial.get("measures", {})
        made = measures.get("schedules", 0)
        if not made:
            continue
        steps[trial["scenario"]] = max(steps[trial["scenario"]], measures["steps"] / made)
        parameters = ["--workers", str(trial["workers"])]
        for argument, value in trial.get("args", {}).items():
            parameters += ["--arg", f"{argument}={value}"]
        alone = max(trial["workers"], trial.get("args", {}).get("threads", 1)) == 1
        costs[trial["scenario"]].append((alone, trial["duration_ns"] / made, measures["steps"] / made, parameters))
    judged = {verdict["scenario"]: verdict for verdict in run["verdicts"]}
    return declared, steps, judged, {name: min(each) for name, each in costs.items()}


def right_twin(name, steps, parameters):
    each = affordable(steps)
    made, most, ends, found = 0, 0, collections.Counter(), collections.Counter()
    seconds = 0.0
    sets = collections.Counter()
    for run in explored([name, *parameters], each, searches):
        known = {finding["id"]: finding for finding in run["findings"]}
        for verdict in run["verdicts"]:
            if verdict["verdict"] not in ("pass", "not_judged"):
                odd.append(f"{name}, seed {run['seed']}: {verdict['verdict']}: {verdict['why']}")
        for trial in run["trials"]:
            measures = trial.get("measures", {})
            made += int(measures.get("schedules", 0))
            most = max(most, int(measures.get("schedules", 0)))
            ends["exhausted" if measures.get("exhausted") and "exhausted within" not in trial.get("searched", "")
                 else "not exhausted"] += 1
            sets[json.dumps([trial["workers"], trial.get("args", {})])] += 1
            seconds += trial["duration_ns"] / 1e9
            for each_found in trial.get("findings", []):
                found[known[each_found["ref"]]["kind"]] += 1
    note = f"{each:,} schedules each: one takes {steps:,.0f} steps" if each < schedules else " ".join(
        word.removeprefix("--") for word in parameters)
    return [name, "; ".join(str(count) for count in sorted(set(sets.values()))), len(sets), f"{made:,}", f"{most:,}",
            f"{ends['exhausted']} of {ends.total()}",
            ", ".join(f"{kind} in {count}" for kind, count in sorted(found.items())) or "nothing", f"{seconds:.0f} s", note]


def broken_twin(name, words, steps, expectation, folder):
    firsts, missing = [], 0
    for run in explored([name, *words, "--stop-at-first"], affordable(steps), searches):
        for trial in run["trials"]:
            first = trial.get("measures", {}).get("first_finding_schedule")
            if first:
                firsts.append(int(first))
            else:
                missing += 1
                odd.append(f"{name}, seed {run['seed']}: a search of {trial.get('measures', {}).get('schedules')} "
                           "schedules found nothing")
    if not firsts:
        return [name, "–", f"0 of {missing}", "–", "–", WITHIN.get(name, "–"), "–", "–", "–"]
    median = statistics.median(firsts)
    if name in WITHIN and median > WITHIN[name]:
        odd.append(f"{name}: median of {median} schedules to the first finding, and at most {WITHIN[name]} wanted")

    # A full search finds the other kinds too.
    thorough = ["--stop-at-first"] if steps > LONG else []
    run = explore([name, *words, *thorough], first_seed, min(affordable(steps), 5_000), keep=str(folder))
    for verdict in run["verdicts"]:
        if verdict["verdict"] not in ("pass", "not_judged"):
            odd.append(f"{name}, seed {run['seed']}: {verdict['verdict']}: {verdict['why']}")
    wanted = {finding["id"] for finding in run["findings"]
              if not expectation.get("must") or must_show(finding, expectation)}
    rows, same, files = [], 0, 0
    for finding in run["findings"]:
        picture = finding["evidence"].get("picture")
        if finding["id"] not in wanted or not picture:
            continue
        switches = sum(1 for step in picture["steps"] if step.get("matters") and step.get("switched"))
        depth = DEPTHS.get(finding["kind"], DEPTHS.get(name, 2))
        rows.append(f"{finding['kind']}: {switches} ({depth or 'not known'})")
        if depth and switches > depth + 1:
            odd.append(f"{name}: the shrunk schedule of its {finding['kind']} forces {switches} switches, the bug's "
                       f"depth is {depth}")
    for file in sorted((folder / "schedules").glob("*.schedule")):
        files += 1
        good = replay(file)
        same += good
        if good != replays:
            odd.append(f"{file.name}: {good} of {replays} replays took the same steps")
    return [name, "; ".join(sorted({run_finding["kind"] for run_finding in run["findings"]})),
            f"{len(firsts)} of {len(firsts) + missing}", f"{median:g}", max(firsts), WITHIN.get(name, "–"),
            "; ".join(rows) or "–", files, f"{same} of {files * replays}"]


def replay(file):
    tree = [word for at, word in enumerate(options) if word == "--tree" or at and options[at - 1] == "--tree"]
    good = 0
    for _ in range(replays):  # 4: the same steps, by their digest, and the same finding
        good += subprocess.run([chicane, "replay", "--quiet", *tree, str(file)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL).returncode == 4
    return good


declared, steps, judged, costs = look_first()
right, broken, unjudged = [], [], []
for name in sorted(declared):
    verdict = judged.get(name, {"verdict": "not_judged", "why": "no verdict"})
    if name not in steps:
        unjudged.append([name, verdict["why"]])
        continue
    if declared[name].get("must") and verdict["verdict"] != "not_judged":
        if cheapest:
            continue
        with tempfile.TemporaryDirectory() as folder:
            broken.append(broken_twin(name, [], steps[name], declared[name], pathlib.Path(folder)))
    else:
        if cheapest:
            right.append(right_twin(name, *costs[name][2:]))
        else:
            right.append(right_twin(name, steps[name], []))
        if name in ALSO_BROKEN and not cheapest:
            with tempfile.TemporaryDirectory() as folder:
                broken.append(broken_twin(name, ALSO_BROKEN[name], steps[name], declared[name], pathlib.Path(folder)))
    print(f"{name}: {len(odd)} deviations so far{': ' + odd[-1] if odd else ''}", file=sys.stderr, flush=True)

call = " ".join(["explore", str(searches), str(schedules), str(first_seed), *sys.argv[6:]])
paper.head(f"Explored with {searches} seeds of {schedules:,} schedules", call, revision,
           f"seeds {first_seed}–{first_seed + (searches + CORES - 1) // CORES - 1}, {CORES} searches of each")
print("## Right twins\n\nNothing may be found but what they declare. A search that has run all schedules there are has "
      "ended (\"exhausted\").\n")
paper.table(["scenario", "searches of each set", "sets of parameters", "schedules in all", "most in one", "exhausted",
             "found", "time", "parameters" if cheapest else "fewer schedules"], right)
if broken:
    print("## Broken twins\n\nSchedules until a search's first finding of any kind; then, of a full search, the context "
          "switches that the shrunk schedule of what is declared forces (and the bug's depth: at most one more), and "
          f"{replays} replays of each schedule that was left.\n")
    paper.table(["scenario", "kinds", "found in searches", "median", "most", "wanted", "forced switches (depth)",
                 "schedules left", "replays with the same steps"], broken)
if unjudged:
    print("Without a search:\n")
    paper.table(["scenario", "why"], unjudged)
sys.exit(paper.deviations(odd))
