"""Runs that are killed with SIGKILL at random moments, and resumed; what became of their trials and processes.
"""
import collections
import json
import os
import signal
import subprocess
import sys
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../support"))
from marked import MARK, left_after, marked  # noqa: E402


class Runs:
    """Runs of `chicane` with one set of options, in one folder."""

    def __init__(self, chicane, options, folder, mark):
        self.chicane, self.options, self.folder, self.mark = chicane, options, folder, mark

    def end_all(self):
        for pid in marked(self.mark):
            os.kill(pid, signal.SIGKILL)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, *arguments, folder=None):
        return subprocess.Popen([self.chicane, "run", *arguments, "-o", folder or self.folder], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, MARK: self.mark})

    def finish(self, *arguments, folder=None, timeout=200):
        process = self.start(*arguments, folder=folder)
        out, err = process.communicate(timeout=timeout)
        return process.returncode, out + err

    def trials(self, folder=None):
        """How often each trial that was planned is there, and the run."""
        with open(os.path.join(folder or self.folder, "run.json"), encoding="utf-8") as file:
            run = json.load(file)
        return collections.Counter((t["plan"], t["round"], t.get("calibration", False), t["seed"])
                                   for t in run["trials"]), run


def same_turns(run):
    """In bench, every trial of a plan has to do the same work."""
    turns = collections.defaultdict(set)
    for trial in run["trials"]:
        if trial["lane"] == "bench":
            turns[trial["plan"]].add(trial["turns"])
    return all(len(each) == 1 for each in turns.values())


class Campaign:
    """`kills` kills of one driver; counts, and in `odd` whatever was not as it must be."""

    def __init__(self, runs, chance):
        self.runs, self.chance = runs, chance
        self.counts = collections.Counter()
        self.odd = []

    def run(self, kills):
        began = time.monotonic()
        status, said = self.runs.finish(*self.runs.options, folder=self.runs.path("whole"))
        self.length = time.monotonic() - began
        self.planned, _ = self.runs.trials(self.runs.path("whole"))
        if status != 0 or set(self.planned.values()) != {1}:
            self.odd.append(f"the run that nobody killed: exit status {status}: {said[-500:]}")
            return
        journal = self.runs.path("journal.jsonl")
        fresh = True
        while self.counts["kills"] < kills:
            self.kill_one(fresh)
            self.counts["killed before there was a journal"] += not os.path.exists(journal)
            # Killed a second and third time while it resumes, too.
            fresh = not os.path.exists(journal) or self.chance.random() < 0.5
            if fresh and os.path.exists(journal):
                self.complete()
        if os.path.exists(journal):
            self.complete()

    def kill_one(self, fresh):
        process = self.runs.start(*(self.runs.options if fresh else ["--resume"]))
        time.sleep(self.chance.random() * self.length)
        if process.poll() is None:
            self.counts["kills"] += 1
            self.counts["kills of a resumed run"] += not fresh
            process.kill()
        else:
            self.counts["ended before the kill"] += 1
        _, err = process.communicate(timeout=60)
        left = left_after(self.runs.mark)
        self.counts["processes left behind"] += len(left)
        number = self.counts["kills"]
        if left:
            self.odd.append(f"kill {number}: processes left behind: {left}")
            self.runs.end_all()
        if process.returncode not in (0, -signal.SIGKILL):
            self.odd.append(f"kill {number}: exit status {process.returncode}: {err[-500:]}")

    def complete(self):
        status, said = self.runs.finish("--resume")
        done, run = self.runs.trials()
        counts = {"runs resumed to their end": 1, "planned trials of these": sum(self.planned.values()),
                  "trials missing": (self.planned - done).total(),
                  "trials twice or unplanned": (done - self.planned).total()}
        self.counts.update(counts)
        number = self.counts["kills"]
        if status != 0 or not run["complete"]:
            self.odd.append(f"after kill {number}: exit status {status}, complete {run['complete']}: {said[-500:]}")
        if done != self.planned:
            self.odd.append(f"after kill {number}: trials differ from those planned: {counts}")
        if [trial["id"] for trial in run["trials"]] != [f"t{i}" for i in range(len(run["trials"]))]:
            self.odd.append(f"after kill {number}: ids of trials are not their positions")
        if not same_turns(run):
            self.odd.append(f"after kill {number}: trials of one plan did other work before the kill than after")
        os.remove(self.runs.path("journal.jsonl"))
