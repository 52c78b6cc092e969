"""list_scenario_tests.py CHICANE TREE LANE OUT: one ctest for each scenario that the lane judges in this tree."""
import os
import subprocess
import sys

chicane, tree, lane, out = sys.argv[1:]
listed = subprocess.run([chicane, "list", "--tree", tree, "--lanes", lane, "--ids"], text=True, capture_output=True)
if listed.returncode != 0:
    sys.exit(f"listing the scenarios of {tree} failed:\n{listed.stderr}")
# bench shows speed (of no use here, beside other tests) and judges by the way; a lane that looks for findings must really
# judge, and looks longer by itself for what it has not seen.
options = {"bench": ["--rounds", "2", "--slice", "5ms"]}.get(lane, ["--quick", "--processes", "4", "--require-lanes", lane])
# Except where what is declared is nothing that the lane is made to find, or need not show there.
BLIND = {
    "stress": {"async/dangling-reference", "compute/unlocked-sum", "counter/volatile", "deadlock/in-turns",
               "lockfree/double-checked-plain", "lockfree/publication-relaxed", "lockfree/read-copy-update-plain",
               "lockfree/treiber-aba", "memory/detached-leak", "memory/use-after-free", "pools/racy-slot",
               "queue/spsc-ring-relaxed"},
    "tsan": {"async/dangling-reference", "lockfree/treiber-aba", "memory/detached-leak", "output/unsynchronised",
             "queue/bounded-if"},
    "asan": {"compute/unlocked-sum", "counter/load-then-store", "counter/unlocked", "counter/volatile",
             "deadlock/in-turns", "lockfree/double-checked-plain", "lockfree/publication-relaxed",
             "lockfree/read-copy-update-plain", "lockfree/treiber-aba", "output/unsynchronised",
             "pools/drop-at-shutdown", "pools/racy-slot", "processes/unlocked-counter", "queue/bounded-if",
             "queue/spsc-ring-relaxed", "semaphore/check-then-act", "semaphore/release-without-acquire",
             "threads/arguments-by-reference", "waiting/counted-early"},
}.get(lane, set())
lines = []
for scenario in listed.stdout.split():
    folder = os.path.join(tree, "scenario-tests", lane, scenario.replace("/", "-"))
    own = [option for option in options if option not in ("--require-lanes", lane)] if scenario in BLIND else options
    command = [chicane, "run", scenario, "--tree", tree, "--lanes", lane, *own, "-o", folder]
    quoted = " ".join(f"[==[{word}]==]" for word in command)
    lines.append(f"add_test([==[scenario.{lane}.{scenario}]==] {quoted})\n")
    processors = 2 if lane == "stress" else 1
    lines.append(f"set_tests_properties([==[scenario.{lane}.{scenario}]==] PROPERTIES LABELS scenario TIMEOUT 300 "
                 f"PROCESSORS {processors})\n")
with open(out, "w", encoding="utf-8") as file:
    file.writelines(lines)
