"""What docs/faults.md says of each fault, one run of all of them, and what of that run differs."""
import collections
import json
import os
import re
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "tests", "model"), os.path.join(ROOT, "tests", "support")]
import validate  # noqa: E402
from marked import MARK, left_after  # noqa: E402

TABLE = os.path.join(ROOT, "docs", "faults.md")
SCHEMA = os.path.join(ROOT, "reports", "schema", "run.schema.json")
# Small, so that each is hit soon, and above what a healthy trial uses, also with a sanitizer.
LIMITS = {"memory": "2000MiB", "output": "64MiB", "processes": "90", "threads": "300", "files": "800"}
AMOUNTS = {"memory": 2000 << 20, "output": 64 << 20, "processes": 90, "threads": 300, "files": 800}
QUICKLY = ["--processes", "1", "--slice", "5ms", "--trial-timeout", "12s"]
LEFT_BY_A_RUN = {"run.json", "report.html", "junit.xml", "report.md", "report.sarif", "journal.jsonl"}

# Plugins that can't be loaded stand in folders of their own; what is said of each.
REFUSED = {"crashes-at-load": "SIGSEGV", "missing-symbol": "nobody_has_this_function"}

Expected = collections.namedtuple("Expected", "status kinds")


def table(build):
    """{fault: Expected, or the word "refused"} of one kind of build; faults that it does not have are left out."""
    column = {"plain": 2, "tsan": 3, "asan": 4}[build]
    faults = {}
    with open(TABLE, encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) != 5 or not re.fullmatch(r"`[a-z-]+`", cells[0]):
                continue
            says = cells[column]
            if says == "refused":
                faults[cells[0].strip("`")] = says
            elif says != "—":
                status, kinds = says.split(": ")
                kinds = set() if kinds == "none" else {kind.strip("`") for kind in kinds.split(", ")}
                faults[cells[0].strip("`")] = Expected(status.strip("`"), kinds)
    return faults


def plugins(folder):
    """The options of `chicane run` for all faults' plugins."""
    return [part for name in ("", *REFUSED) for part in ("--plugin", os.path.join(folder, name))]


class Campaign:
    """One run with a folder of its own for everything: results, temporary files, working directory."""

    def __init__(self, chicane, folder, mark):
        self.chicane, self.mark = chicane, mark
        self.places = {name: os.path.join(folder, name) for name in ("out", "tmp", "cwd")}
        for place in self.places.values():
            os.makedirs(place, exist_ok=True)
        self.status, self.said, self.seconds, self.peak_kib = None, "", 0, 0

    def run(self, *arguments):
        began = time.monotonic()
        limits = [f"--limit-{name}={value}" for name, value in LIMITS.items()]
        done = subprocess.run([self.chicane, "run", *limits, *arguments, "-o", self.places["out"]],
                              text=True, errors="replace", capture_output=True, cwd=self.places["cwd"],
                              stdin=subprocess.DEVNULL, timeout=220,
                              env={**os.environ, MARK: self.mark, "TMPDIR": self.places["tmp"]})
        self.status, self.said, self.seconds = done.returncode, done.stdout + done.stderr, time.monotonic() - began
        return self

    def results(self):
        with open(os.path.join(self.places["out"], "run.json"), encoding="utf-8") as file:
            return json.load(file)

    def processes_left(self):
        return left_after(self.mark)

    def files_left(self):
        left = sorted(set(os.listdir(self.places["out"])) - LEFT_BY_A_RUN)
        return left + [os.path.join(name, file) for name in ("tmp", "cwd") for file in os.listdir(self.places[name])]

    def schema_errors(self):
        return validate.errors(validate.load(SCHEMA), validate.load(os.path.join(self.places["out"], "run.json")))


def deviations(run, expected, lane):
    """What differs from the table, in words; also of the healthy neighbours."""
    findings = {finding["id"]: finding for finding in run["findings"]}
    trials, verdicts = collections.defaultdict(list), {}
    for trial in run["trials"]:
        if trial["lane"] == lane:
            trials[trial["scenario"]].append(trial)
    for verdict in run["verdicts"]:
        if verdict["lane"] == lane:
            verdicts[verdict["scenario"]] = verdict
    wrong = []
    for fault, wanted in sorted(expected.items()):
        if wanted == "refused":
            verdict = verdicts.get("plugin/" + fault, {"verdict": "missing", "why": ""})
            if verdict["verdict"] != "error" or REFUSED[fault] not in verdict["why"]:
                wrong.append(f"{fault}: its plugin is {verdict['verdict']}: {verdict['why']}")
            continue
        if not trials["fault/" + fault]:
            wrong.append(f"{fault}: it has no trial")
        for trial in trials["fault/" + fault]:
            seen = [findings[each["ref"]] for each in trial.get("findings", [])]
            kinds = {finding["kind"] for finding in seen}
            if kinds != wanted.kinds or trial["status"] != wanted.status:
                said = "; ".join(finding["evidence"].get("message", "") for finding in seen)
                wrong.append(f"{fault}: it is {trial['status']} with {sorted(kinds)} instead of {wanted.status} with "
                             f"{sorted(wanted.kinds)}: {trial.get('status_detail', '')} [{said}] "
                             f"{trial.get('output', {}).get('stderr_tail', '')[-300:]}")
            for finding in seen:
                if finding["kind"] == "limit_exceeded":
                    wrong += limit_deviations(fault, finding["evidence"])
        verdict = verdicts.get("fault/" + fault, {"verdict": "missing", "why": ""})
        if verdict["verdict"] != ("fail" if wanted.kinds else "pass"):
            wrong.append(f"{fault}: its verdict is {verdict['verdict']}: {verdict['why']}")
    for scenario in run["scenarios"]:
        family, name = scenario["id"].split("/")
        if family == "fault" and name not in expected:
            wrong.append(f"{name}: it is not in the table")
        if family == "healthy":
            verdict = verdicts.get(scenario["id"], {"verdict": "missing", "why": ""})
            if verdict["verdict"] != "pass":
                wrong.append(f"{scenario['id']}: {verdict['verdict']}: {verdict['why']}")
    return wrong


def limit_deviations(fault, evidence):
    limit = fault.split("-")[0]
    wrong = []
    if evidence.get("limit") != limit or evidence.get("limit_value") != AMOUNTS.get(limit):
        wrong.append(f"{fault}: the limit is {evidence.get('limit')} of {evidence.get('limit_value')}")
    if not evidence.get("limit_reached", 0) > evidence.get("limit_value", 0):
        wrong.append(f"{fault}: {evidence.get('limit_reached')} is said to be more than {evidence.get('limit_value')}")
    return wrong
