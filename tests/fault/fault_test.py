"""fault_test.py CHICANE TREE LANE PLUGINS: a run of all faults beside their healthy neighbours, held against
docs/faults.md."""
import os
import signal
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import campaign  # noqa: E402
from marked import marked  # noqa: E402

CHICANE, TREE, LANE, PLUGINS = sys.argv[1:5]
EXPECTED = campaign.table("plain" if LANE in ("bench", "stress") else LANE)
QUICKLY = ["--tree", TREE, *campaign.QUICKLY]


class Faults(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.campaign = campaign.Campaign(CHICANE, self.temporary.name, f"{os.getpid()}-{self.id()}")

    def tearDown(self):
        for pid in marked(self.campaign.mark):
            os.kill(pid, signal.SIGKILL)
        self.temporary.cleanup()

    def nothing_left(self):
        self.assertEqual(self.campaign.processes_left(), [])
        self.assertEqual(self.campaign.files_left(), [])

    def plugins(self, *folders):
        return [part for folder in folders for part in ("--plugin", os.path.join(PLUGINS, folder))]

    def test_each_fault_gives_what_the_table_says_and_its_neighbour_passes(self):
        done = self.campaign.run(*QUICKLY, *campaign.plugins(PLUGINS), "--lanes", LANE)
        self.nothing_left()
        self.assertEqual(done.status, 4, done.said)
        run = done.results()
        self.assertTrue(run["complete"])
        self.assertEqual(done.schema_errors(), [])
        self.assertEqual("\n".join(campaign.deviations(run, EXPECTED, LANE)), "")
        healthy = sum(scenario["id"].startswith("healthy/") for scenario in run["scenarios"])
        self.assertGreaterEqual(healthy, 25)
        print(f"{len(EXPECTED)} faults as the table says, {healthy} healthy neighbours pass ({done.seconds:.1f} s)")

    def test_bench_sees_faults_too(self):
        if LANE != "stress":
            self.skipTest("the plain tree has the bench lane")
        some = {"abort", "exit", "exception-in-worker", "exception-in-check", "garbage-results", "kills-its-parent",
                "child-stays", "lowers-limits", "output", "closes-all-descriptors"}
        done = self.campaign.run(*QUICKLY, *self.plugins(""), "--rounds", "1", "--lanes", "bench",
                                 *(f"*/{name}" for name in sorted(some)))
        self.nothing_left()
        self.assertEqual(done.status, 4, done.said)
        self.assertEqual(
            "\n".join(campaign.deviations(done.results(), {name: EXPECTED[name] for name in some}, "bench")), "")

    def test_a_timed_trial_that_gets_on_is_not_stuck_however_much_dearer_its_turns_are(self):
        if LANE != "stress":
            self.skipTest("the plain tree has the bench lane")
        done = self.campaign.run("--tree", TREE, *self.plugins(""), "--lanes", "bench", "--rounds", "1", "--slice", "100ms",
                                 "--trial-timeout", "1s", "slow/dearer-than-counted-out")
        self.nothing_left()
        self.assertEqual(done.status, 0, done.said)
        timed = [trial for trial in done.results()["trials"] if not trial.get("calibration")]
        self.assertEqual({trial["worker_kind"] for trial in timed}, {"thread", "process"})
        for trial in timed:
            self.assertEqual(trial["status"], "completed")
            self.assertGreater(trial["duration_ns"], 2e9)  # of its limit of 1

    def test_harmless_faults_alone_are_no_failure(self):
        harmless = [name for name, wanted in EXPECTED.items() if wanted != "refused" and not wanted.kinds]
        self.assertGreaterEqual(len(harmless), 5)
        done = self.campaign.run(*QUICKLY, *self.plugins(""), "--lanes", LANE, *(f"fault/{name}" for name in harmless))
        self.nothing_left()
        self.assertEqual(done.status, 0, done.said)

    def test_a_plugin_that_cannot_be_loaded_is_an_error_beside_the_others(self):
        for name, why in campaign.REFUSED.items():
            self.assertEqual(EXPECTED[name], "refused")
            done = self.campaign.run(*QUICKLY, *self.plugins("", name), "--lanes", LANE, "healthy/a*")
            self.nothing_left()
            self.assertEqual(done.status, 2, done.said)
            verdicts = {each["scenario"]: each["verdict"] for each in done.results()["verdicts"]}
            self.assertEqual(verdicts.pop("plugin/" + name), "error")
            self.assertGreaterEqual(len(verdicts), 1)
            self.assertEqual(set(verdicts.values()), {"pass"})
            self.assertIn(why, done.said)

    def test_without_another_plugin_nothing_is_run(self):
        for name, why in campaign.REFUSED.items():
            done = self.campaign.run(*QUICKLY, *self.plugins(name), "--lanes", LANE)
            self.nothing_left()
            self.assertEqual(done.status, 2, done.said)
            self.assertIn(name.replace("-", "_") + ".so", done.said)
            self.assertIn(why, done.said)
            self.assertEqual(os.listdir(self.campaign.places["out"]), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
