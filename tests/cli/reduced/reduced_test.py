"""reduced_test.py CHICANE TREE LANE REFUSE: less is allowed, and the verdicts stay, or say what they are short of.

As an ordinary user, and behind a filter that refuses what a container's does (refuse.c): each verdict must be the one of
a run without either, or `not_judged` for a reason that the run states. Positive control: the filter does refuse.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

CHICANE, TREE, LANE, REFUSE = sys.argv[1:5]
NOBODY = 65534
SCENARIOS = {
    # The wrong twin is one that shows in every trial: what a lane need not show would make verdicts a matter of luck.
    "bench": ["counter/atomic", "counter/locked", "semaphore/at-most-two", "async/blocked-loop"],
    "stress": ["counter/atomic", "counter/locked", "litmus/store-buffering*", "async/blocked-loop"],
    "tsan": ["counter/atomic", "counter/locked", "counter/unlocked", "processes/*locked-counter"],
    "asan": ["counter/locked", "memory/*"],
}[LANE]


def open_copy(folder):
    """What a run needs of the tree, where an ordinary user may read it: not the plugins of other families, which may
    need a library in the builder's own cache."""
    tree = pathlib.Path(TREE)
    facts = json.loads((tree / "chicane-tree.json").read_text())
    families = {pattern.split("/")[0] for pattern in SCENARIOS}
    facts["plugins"] = [file for file in facts["plugins"] if pathlib.Path(file).stem in families]
    facts.pop("programs", None)
    keeper = pathlib.Path(facts["runner"]).parent / "chicane-keeper"
    for file in [facts["runner"], str(keeper), os.path.relpath(CHICANE, tree), *facts["plugins"]]:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tree / file, folder / file)
    (folder / "chicane-tree.json").write_text(json.dumps(facts))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    return str(folder / os.path.relpath(CHICANE, tree)), str(folder)


class Reduced(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.folder.chmod(0o755)
        cls.chicane, cls.tree = CHICANE, TREE
        if os.getuid() == 0:
            cls.chicane, cls.tree = open_copy(cls.folder / "tree")
        cls.free = cls.run_once("free", [])

    @classmethod
    def run_once(cls, name, before):
        out = cls.folder / name
        out.mkdir()
        out.chmod(0o777)  # whoever runs it
        done = subprocess.run([*before, cls.chicane, "run", *SCENARIOS, "--tree", cls.tree, "--lanes", LANE,
                               "--workers", "1,2", "--rounds", "2", "--processes", "4", "--slice", "40ms",
                               "--seed", "3", "-o", out], capture_output=True, text=True, timeout=200)
        if not (out / "run.json").exists():
            raise AssertionError(f"{name}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
        run = json.loads((out / "run.json").read_text())
        run["said"] = done.stdout
        run["page"] = (out / "report.html").read_text()
        return run

    def verdicts(self, run):
        return {verdict["scenario"]: verdict for verdict in run["verdicts"]}

    def assert_same(self, run, reduced=()):
        now, before = self.verdicts(run), self.verdicts(self.free)
        self.assertEqual(now.keys(), before.keys())
        self.assertTrue(run["complete"])
        for scenario, verdict in now.items():
            with self.subTest(scenario):
                expected = "not_judged" if scenario in reduced else before[scenario]["verdict"]
                self.assertEqual(verdict["verdict"], expected, verdict["why"])

    def test_an_ordinary_user_gets_the_same_verdicts(self):
        if os.getuid() != 0:
            self.skipTest("this is one")
        run = self.run_once("user", ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"])
        self.assert_same(run)
        self.assertEqual([note for note in run["notes"] if note.startswith("reduced")],
                         [note for note in self.free["notes"] if note.startswith("reduced")])

    def test_the_filter_refuses(self):
        script = "import ctypes, os; c = ctypes.CDLL(None, use_errno=True); " \
                 "print(c.ptrace(0, 0, 0, 0), c.personality(0x40000), c.unshare(0x10000000), c.personality(0xffffffff))"
        free = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        filtered = subprocess.run([REFUSE, sys.executable, "-c", script], capture_output=True, text=True, check=True)
        if not free.stdout.startswith("0 "):
            self.skipTest("this host refuses already")
        self.assertEqual(filtered.stdout.split(), ["-1", "-1", "-1", "0"])

    def test_in_a_container_there_are_no_hardware_counters_and_the_run_says_so(self):
        def counted(run):
            return {name for summary in run["summaries"] for name in summary["measures"] if name.startswith("instruct")}
        if LANE != "bench":
            self.skipTest("another lane")
        if not counted(self.free):
            self.skipTest("this host has none already")
        self.assertFalse([note for note in self.free["notes"] if note.startswith("hardware counters")])
        run = self.run_once("uncounted", [REFUSE])
        self.assertFalse(counted(run))
        notes = [note for note in run["notes"] if note.startswith("hardware counters")]
        self.assertEqual(len(notes), 1)
        self.assertIn("not available: perf_event_open is refused", notes[0])
        self.assertIn("perf_event_open is refused", run["page"])

    def test_in_a_container_verdicts_stay_or_say_what_they_are_short_of(self):
        if any(note.startswith("reduced") for note in self.free["notes"]):
            self.skipTest("this host refuses already: there is no run to compare with")
        run = self.run_once("container", [REFUSE])
        leaks = {scenario["id"] for scenario in run["scenarios"] if LANE == "asan" and "leak" in
                 {expected["kind"] for expected in scenario.get("expectation", {}).get("must", [])}}
        self.assert_same(run, leaks)
        notes = [note for note in run["notes"] if note.startswith("reduced")]
        if LANE != "asan":
            self.assertEqual(notes, [])
            return
        self.assertTrue(leaks)
        self.assertEqual(len(notes), 1)
        self.assertIn("did not look for leak", notes[0])
        self.assertIn("ptrace", notes[0])
        for text in (run["page"], " ".join(run["said"].split())):
            self.assertIn("did not look for leak", text)
        for scenario in leaks:
            self.assertIn("was not looked for: ", self.verdicts(run)[scenario]["why"])
            self.assertEqual(self.verdicts(self.free)[scenario]["verdict"], "pass")
        # What needs no tracing is found as before.
        kinds = {finding["kind"] for finding in run["findings"]}
        self.assertIn("memory_error", kinds)
        self.assertEqual({finding["kind"] for finding in self.free["findings"]} - kinds, {"leak"})
        self.assertEqual({trial["status"] for trial in run["trials"]},
                         {trial["status"] for trial in self.free["trials"]})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
