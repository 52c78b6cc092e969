"""resume_test.py CHICANE TREE LEAVER.so [KILLS]: a real run, killed with SIGKILL at random moments and resumed.

Every planned trial must be in run.json exactly once, with what was decided before the kill, and no process of the run
may outlive its driver.
"""
import json
import os
import random
import signal
import sys
import tempfile
import unittest

from killed_runs import Campaign, Runs
from marked import marked

CHICANE, TREE, LEAVER = sys.argv[1:4]
KILLS = int(sys.argv[4]) if len(sys.argv) > 4 else 10


def options(rounds=40, workers="1,2,3", seed=11):
    return ["--tree", TREE, "--lanes", "bench", "--plugin", LEAVER, "--rounds", str(rounds), "--workers", workers,
            "--slice", "1ms", "--seed", str(seed)]


class Resume(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = os.path.join(self.temporary.name, "out")
        self.mark = f"{os.getpid()}-{self.id()}"
        self.runs = Runs(CHICANE, options(), self.folder, self.mark)
        self.path, self.start, self.finish = self.runs.path, self.runs.start, self.runs.finish

    def tearDown(self):
        self.runs.end_all()
        self.temporary.cleanup()

    def trials(self):
        done, run = self.runs.trials()
        self.assertTrue(run["complete"])
        return done, run

    def test_killed_at_random_moments_every_planned_trial_is_there_once(self):
        seed = random.SystemRandom().randrange(2**32)
        campaign = Campaign(self.runs, random.Random(seed))
        campaign.run(KILLS)
        print(f"seed {seed}: " + ", ".join(f"{count} {what}" for what, count in campaign.counts.items()))
        self.assertEqual(campaign.odd, [])
        self.assertEqual(len(campaign.planned), 2 * 3 * 41)
        self.assertEqual(campaign.counts["kills"], KILLS)

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
