"""Gates over builds of one source (tests/gate/plugins), their recorded rounds, and gates again from those."""
import json
import os
import pathlib
import subprocess
import sys
import time

# Fixed before the first was run: ten scenarios of nine families, of which one starts processes and one threads.
TEN = ["async/pair", "compute/sum", "counter/atomic", "counter/locked", "lockfree/exchange", "output/lines", "pools/tasks",
       "processes/fork-wait", "queue/locked", "semaphore/two"]


def tree_of(chicane):
    return pathlib.Path(chicane).resolve().parents[1]


def plugin(chicane, build):
    return str(tree_of(chicane) / "tests" / "gate" / "plugins" / build / "gated.so")


def gate(chicane, folder, baseline, candidate, *arguments):
    """One live gate: its gate.json, its exit status, its seconds."""
    started = time.monotonic()
    done = subprocess.run([chicane, "gate", "--baseline", plugin(chicane, baseline), "--candidate", plugin(chicane, candidate),
                           "--lanes", "none", "--no-relink", "-o", str(folder), *arguments, *TEN],
                          capture_output=True, text=True)
    file = pathlib.Path(folder) / "gate.json"
    if done.returncode not in (0, 1, 3) or not file.exists():
        sys.exit(f"gate of {candidate} against {baseline}: exit status {done.returncode}\n{done.stderr[-2000:]}")
    return json.loads(file.read_text()), done.returncode, time.monotonic() - started


def fresh(folder):
    """Rounds of an earlier campaign are not mixed with these."""
    if any(folder.glob("*.json")):
        sys.exit(f"{folder} has rounds of an earlier campaign: move it away, or make its table again with 0")


def replay(chicane, gates, seed, true_percent, files, *options):
    """So many gates again, of rounds drawn from these files; what replay.cpp prints."""
    done = subprocess.run([str(tree_of(chicane) / "bin" / "chicane-gate-replay"), *options, str(gates), str(seed),
                           str(true_percent), *map(str, files)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def at_most(hits, of):
    """Upper 95 % bound of a share (Clopper-Pearson, one-sided), by bisection on the binomial's tail."""
    return bound(hits, of, lambda p: tail_below(hits, of, p) < 0.05)


def at_least(hits, of):
    """Lower 95 % bound."""
    return 1 - at_most(of - hits, of)


def bound(hits, of, beyond):
    low, high = hits / of if of else 0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return low


def tail_below(hits, of, p):
    import math
    if p in (0.0, 1.0):
        return 1.0 if p == 0.0 or hits >= of else 0.0
    return sum(math.exp(math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * math.log(p) +
                        (of - k) * math.log1p(-p)) for k in range(hits + 1))


def share(hits, of):
    return f"{hits} of {of} ({hits / of:.1%}, at most {at_most(hits, of):.1%})"


def keep(result, file):
    """The rounds alone, small: what a replay needs."""
    os.makedirs(os.path.dirname(file), exist_ok=True)
    for entry in result["entries"]:
        for one in entry["rounds"]:
            one["log_ratios"] = {name: round(value, 6) for name, value in one["log_ratios"].items()}
            for name in ("baseline_ns", "candidate_ns"):
                one[name] = round(one[name], 3)
            one["paused_share"] = round(one.get("paused_share", 0), 5)
    with open(file, "w", encoding="utf-8") as out:
        json.dump(result, out, separators=(",", ":"))
