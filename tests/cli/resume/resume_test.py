"""resume_test.py CHICANE TREE LEAVER.so [KILLS]: a real run, killed with SIGKILL at random moments and resumed.

Every planned trial must be in run.json exactly once, with what was decided before the kill, and no process of the run
may outlive its driver. Processes are found by a mark in their environment, whatever session or parent they have.
"""
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

CHICANE, TREE, LEAVER = sys.argv[1:4]
KILLS = int(sys.argv[4]) if len(sys.argv) > 4 else 10
MARK = "CHICANE_RESUME_TEST"

def options(rounds=40, workers="1,2,3", seed=11):
    return ["--tree", TREE, "--lanes", "bench", "--plugin", LEAVER, "--rounds", str(rounds), "--workers", workers,
            "--slice", "1ms", "--seed", str(seed)]


def marked(mark):
    """Ids of living processes with the mark; a zombie's environment is empty."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if wanted in file.read().split(b"\0"):
                    found.append(int(pid))
        except OSError:
            pass  # it has ended, or is not ours
    return found


def left_after(mark):
    """What is left of a killed run: the kernel and the keepers get a moment, a daemon would sleep on."""
    deadline = time.monotonic() + 20
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.005)
    return left


class Resume(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = os.path.join(self.temporary.name, "out")
        self.mark = f"{os.getpid()}-{self.id()}"

    def tearDown(self):
        for pid in marked(self.mark):
            os.kill(pid, signal.SIGKILL)
        self.temporary.cleanup()

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, *arguments, folder=None):
        return subprocess.Popen([CHICANE, "run", *arguments, "-o", folder or self.folder], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, MARK: self.mark})

    def finish(self, *arguments, folder=None):
        process = self.start(*arguments, folder=folder)
        out, err = process.communicate(timeout=200)
        return process.returncode, out + err

    def trials(self, folder=None):
        with open(os.path.join(folder or self.folder, "run.json"), encoding="utf-8") as file:
            run = json.load(file)
        self.assertTrue(run["complete"])
        ids = [trial["id"] for trial in run["trials"]]
        self.assertEqual(ids, [f"t{i}" for i in range(len(ids))])
        return collections.Counter((t["plan"], t["round"], t.get("calibration", False), t["seed"])
                                   for t in run["trials"]), run

    def same_turns(self, run):
        turns = collections.defaultdict(set)
        for trial in run["trials"]:
            turns[trial["plan"]].add(trial["turns"])
        self.assertEqual({len(each) for each in turns.values()}, {1})

    def test_killed_at_random_moments_every_planned_trial_is_there_once(self):
        began = time.monotonic()
        status, said = self.finish(*options(), folder=self.path("whole"))
        length = time.monotonic() - began
        self.assertEqual(status, 0, said)
        planned, run = self.trials(self.path("whole"))
        self.assertEqual(set(planned.values()), {1})
        self.assertEqual(len(planned), 2 * 3 * 41)
        counts = collections.Counter()
        chance = random.Random()
        fresh = True
        while counts["kills"] < KILLS:
            process = self.start(*options()) if fresh else self.start("--resume")
            time.sleep(chance.random() * length)
            if process.poll() is None:
                counts["kills"] += 1
                process.kill()
            _, err = process.communicate(timeout=60)
            left = left_after(self.mark)
            counts["processes left"] += len(left)
            self.assertEqual(left, [])
            if process.returncode not in (0, -signal.SIGKILL):
                self.fail(err)
            counts["killed early"] += not os.path.exists(self.path("journal.jsonl"))
            # Killed a second and third time while it resumes, too.
            fresh = not os.path.exists(self.path("journal.jsonl")) or chance.random() < 0.5
            if not fresh:
                continue
            if os.path.exists(self.path("journal.jsonl")):
                self.complete(planned, counts)
        if os.path.exists(self.path("journal.jsonl")):
            self.complete(planned, counts)
        print(f"{counts['kills']} kills, {counts['runs resumed']} runs resumed to their end, "
              f"{counts['trials']} trials each planned once and there once: {counts['missing']} missing, "
              f"{counts['twice']} twice; {counts['processes left']} processes left behind; "
              f"{counts['killed early']} killed before there was a journal")

    def complete(self, planned, counts):
        status, said = self.finish("--resume")
        self.assertEqual(status, 0, said)
        done, run = self.trials()
        counts["runs resumed"] += 1
        counts["trials"] += sum(done.values())
        counts["missing"] += len(planned - done)
        counts["twice"] += len(done - planned)
        self.assertEqual(done, planned)
        self.same_turns(run)
        os.remove(self.path("journal.jsonl"))

    def test_daemons_of_a_trial_are_gone_when_the_run_is(self):
        status, said = self.finish(*options(rounds=3), "leaver/daemon")
        self.assertEqual(status, 0, said)
        self.assertEqual(marked(self.mark), [])

    def test_a_torn_line_is_run_again(self):
        self.assertEqual(self.finish(*options(rounds=3))[0], 0)
        planned, _ = self.trials()
        with open(self.path("journal.jsonl"), "r+b") as file:
            file.truncate(os.path.getsize(self.path("journal.jsonl")) - 9)
        status, said = self.finish("--resume")
        self.assertEqual(status, 0, said)
        self.assertIn("torn", said)
        self.assertEqual(self.trials()[0], planned)

    def test_a_stopped_run_goes_on_and_another_one_is_refused(self):
        process = self.start(*options())
        process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn("--resume", err)
        with open(self.path("run.json"), encoding="utf-8") as file:
            self.assertFalse(json.load(file)["complete"])
        with open(self.path("journal.jsonl"), "rb") as file:
            before = file.read()
        for others, said in ((options(seed=12), "seed: it was 11, and is 12 now"), (options(rounds=41), "plan: "),
                             (options(workers="1"), "plan: ")):
            status, text = self.finish("--resume", *others)
            self.assertEqual(status, 2, text)
            self.assertIn(said, text)
        with open(self.path("journal.jsonl"), "rb") as file:
            self.assertEqual(file.read(), before)
        status, text = self.finish("--resume", *options())
        self.assertEqual(status, 0, text)
        self.assertEqual(len(self.trials()[0]), 2 * 3 * 41)

    def test_a_run_that_cannot_start_leaves_the_old_one_alone(self):
        self.assertEqual(self.finish(*options(rounds=2))[0], 0)
        before = {name: os.stat(self.path(name)).st_mtime_ns for name in os.listdir(self.folder)}
        self.assertEqual(self.finish(*options(), "no/such")[0], 2)
        self.assertEqual({name: os.stat(self.path(name)).st_mtime_ns for name in os.listdir(self.folder)}, before)

    def test_a_folder_that_cannot_be_written_is_found_before_the_run(self):
        status, said = self.finish(*options(), folder=LEAVER)
        self.assertEqual(status, 2)
        self.assertIn("choose another with -o", said)

    def test_without_a_journal_there_is_nothing_to_resume(self):
        status, said = self.finish("--resume")
        self.assertEqual(status, 2)
        self.assertIn("no run to resume", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
