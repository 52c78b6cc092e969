"""disk_test.py CHICANE TREE PLUGINS: what a run does where its results can't be written, or its runner is not there.

What can be known before the run is an error before it; what can't costs no trial that had ended.
"""
import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

CHICANE, TREE, PLUGINS = sys.argv[1:4]
OPTIONS = ["--plugin", os.path.join(PLUGINS, "faults.so"), "--lanes", "bench", "--rounds", "15", "--slice", "1ms",
           "--seed", "5", "healthy/*"]


class Disk(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = os.path.join(self.temporary.name, "out")
        os.mkdir(self.folder)
        self.options = ["--tree", TREE, *OPTIONS]

    def tearDown(self):
        self.temporary.cleanup()

    def start(self, *arguments, **more):
        return subprocess.Popen([CHICANE, "run", *arguments, "-o", self.folder], text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **more)

    def finish(self, *arguments, **more):
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=100)
        return process.returncode, out + err

    def whole_lines(self):
        with open(os.path.join(self.folder, "journal.jsonl"), "rb") as file:
            text = file.read()
        self.assertTrue(text.endswith(b"\n"))
        return [json.loads(line) for line in text.splitlines()]

    def resumed_to_its_end(self, ended):
        """`ended`: trials of the journal; all of them must be there, and each planned one once."""
        status, said = self.finish("--resume")
        self.assertEqual(status, 0, said)
        with open(os.path.join(self.folder, "run.json"), encoding="utf-8") as file:
            run = json.load(file)
        self.assertTrue(run["complete"])
        self.assertEqual(run["trials"][:len(ended)], [line["trial"] for line in ended])
        keys = [(t["plan"], t["round"], t.get("calibration", False)) for t in run["trials"]]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual(len(keys), 16 * len(run["scenarios"]))

    def test_a_file_that_may_not_grow_costs_no_trial_that_had_ended(self):
        most = 200_000
        status, said = self.finish(*self.options,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
        self.assertEqual(status, 2, said)
        self.assertIn("journal.jsonl", said)
        self.assertIn("--resume", said)
        self.assertEqual([name for name in os.listdir(self.folder) if name.endswith(".tmp")], [])
        ended = self.whole_lines()[1:]
        self.assertGreater(len(ended), 50)
        self.resumed_to_its_end(ended)

    @contextlib.contextmanager
    def disk(self, size):
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.folder], text=True,
                              capture_output=True)
        if made.returncode != 0:
            self.skipTest("a file system of its own can't be mounted here: " + made.stderr.strip())
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", self.folder], check=True)

    def test_a_disk_that_fills_up_costs_no_trial_that_had_ended(self):
        with self.disk("10m"):
            process = self.start(*self.options)
            journal, filler = (os.path.join(self.folder, name) for name in ("journal.jsonl", "filler"))
            deadline = time.monotonic() + 60
            while not (os.path.exists(journal) and os.path.getsize(journal) > 50_000):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.001)
            with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(1 << 16))
            with open(filler, "ab", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(1))
            out, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 2, out + err)
            self.assertIn("journal.jsonl: no space left", err.lower())
            ended = self.whole_lines()[1:]
            os.remove(filler)
            self.resumed_to_its_end(ended)

    def test_a_disk_that_is_full_is_found_before_the_run(self):
        with self.disk("2m"):
            status, said = self.finish(*self.options)
            self.assertEqual(status, 2, said)
            self.assertIn("KiB are free", said)
            self.assertEqual(os.listdir(self.folder), [])

    def test_a_runner_that_is_not_there_is_found_before_the_run(self):
        tree = os.path.join(self.temporary.name, "tree")
        os.mkdir(tree)
        shutil.copy(os.path.join(TREE, "chicane-tree.json"), tree)
        status, said = self.finish("--tree", tree, *OPTIONS)
        self.assertEqual(status, 2, said)
        self.assertIn("it has no runner yet", said)
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_runner_that_goes_during_the_run_is_an_error_and_no_lost_trial(self):
        tree = os.path.join(self.temporary.name, "tree")
        shutil.copytree(os.path.join(TREE, "bin"), os.path.join(tree, "bin"),
                        ignore=lambda _, names: [name for name in names if name not in ("chicane-runner", "chicane-keeper")])
        shutil.copy(os.path.join(TREE, "chicane-tree.json"), tree)
        process = self.start("--tree", tree, *OPTIONS)
        journal = os.path.join(self.folder, "journal.jsonl")
        deadline = time.monotonic() + 60
        while not (os.path.exists(journal) and os.path.getsize(journal) > 50_000):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.001)
        os.remove(os.path.join(tree, "bin", "chicane-runner"))
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 2, out + err)
        with open(os.path.join(self.folder, "run.json"), encoding="utf-8") as file:
            run = json.load(file)
        self.assertTrue(run["complete"])
        statuses = {trial["status"] for trial in run["trials"]}
        self.assertEqual(statuses, {"completed", "not_run"})
        self.assertIn("chicane-runner", next(t["status_detail"] for t in run["trials"] if t["status"] == "not_run"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
