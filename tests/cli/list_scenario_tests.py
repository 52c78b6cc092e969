"""list_scenario_tests.py CHICANE TREE LANE OUT: one ctest for each scenario that the lane judges in this tree."""
import os
import subprocess
import sys

chicane, tree, lane, out = sys.argv[1:]
listed = subprocess.run([chicane, "list", "--tree", tree, "--lanes", lane, "--ids"], text=True, capture_output=True)
if listed.returncode != 0:
    sys.exit(f"listing the scenarios of {tree} failed:\n{listed.stderr}")
# bench shows speed and judges by the way; a lane that looks for findings must really judge.
options = {"bench": ["--rounds", "2", "--slice", "5ms"], "stress": ["--quick"], "asan": ["--quick"],
           "tsan": ["--quick", "--require-lanes", "tsan"]}[lane]
# A leak is nothing that tsan is made to find.
only_asan = {"memory/detached-leak"}
lines = []
for scenario in listed.stdout.split():
    folder = os.path.join(tree, "scenario-tests", lane, scenario.replace("/", "-"))
    own = [o for o in options if o not in ("--require-lanes", "tsan")] if scenario in only_asan else options
    command = [chicane, "run", scenario, "--tree", tree, "--lanes", lane, *own, "-o", folder]
    quoted = " ".join(f"[==[{word}]==]" for word in command)
    lines.append(f"add_test([==[scenario.{lane}.{scenario}]==] {quoted})\n")
    processors = 2 if lane in ("bench", "stress") else 1
    lines.append(f"set_tests_properties([==[scenario.{lane}.{scenario}]==] PROPERTIES LABELS scenario TIMEOUT 300 "
                 f"PROCESSORS {processors})\n")
with open(out, "w", encoding="utf-8") as file:
    file.writelines(lines)
