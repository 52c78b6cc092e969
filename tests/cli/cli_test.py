"""cli_test.py CHICANE TREE LANE MUTANTS: the built tool as a user calls it, in the tree of one lane."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

CHICANE, TREE, LANE, MUTANTS = sys.argv[1:5]


# What a hosted CI sets must not reach the tests that run there.
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}


def call(*arguments, cwd=None, **environment):
    return subprocess.run([CHICANE, *arguments], text=True, capture_output=True, cwd=cwd, timeout=200,
                          env={**PLAIN, **environment})


def run(folder, *arguments, **environment):
    return call("run", "--tree", TREE, "--lanes", LANE, "-o", folder, *arguments, **environment)


class Everywhere(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = os.path.join(self.temporary.name, "out")

    def tearDown(self):
        self.temporary.cleanup()

    def loaded_run(self):
        with open(os.path.join(self.folder, "run.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_help_is_there_for_every_command(self):
        for arguments in (["--help"], ["list", "--help"], ["run", "--help"], ["report", "--help"]):
            done = call(*arguments)
            self.assertEqual(done.returncode, 0)
            self.assertIn("--help", done.stdout)

    def test_unknown_words_are_refused_with_status_2(self):
        for arguments, said in ((["jump"], "jump"), (["run", "--nonsense"], "--nonsense"),
                                (["run", "--lanes", "speed"], "unknown lane 'speed'"),
                                (["run", "no/such*"], "no scenario matches 'no/such*'"),
                                (["run", "--budget", "soon"], "'soon' is no duration"),
                                (["run", "--arg", "wait_ms"], "write it as name=integer"),
                                (["run", "--tree", "/nowhere"], "/nowhere"),
                                (["run", "--plugin", "/nowhere.so"], "/nowhere.so"),
                                (["report", "/nowhere.json"], "/nowhere.json")):
            done = call(*arguments, cwd=self.temporary.name)
            self.assertEqual(done.returncode, 2, f"{arguments}: {done.stderr}")
            self.assertIn(said, done.stderr + done.stdout)

    def test_list_shows_what_is_declared(self):
        done = call("list", "--tree", TREE, "--lanes", LANE, "counter/*")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("counter/unlocked", done.stdout)
        self.assertIn("must show data_race at UnlockedCounter::work on total", done.stdout)
        self.assertNotIn("semaphore/", done.stdout)

    def test_list_quick_shows_what_a_quick_run_runs(self):
        every = call("list", "--tree", TREE, "--lanes", LANE, "deadlock/*")
        quick = call("list", "--tree", TREE, "--lanes", LANE, "deadlock/*", "--quick")
        self.assertEqual((every.returncode, quick.returncode), (0, 0), every.stderr + quick.stderr)
        core = [line for line in every.stdout.splitlines() if line.endswith("(core)")]
        self.assertTrue(core)
        self.assertEqual([line for line in quick.stdout.splitlines() if not line.startswith(" ")], core)
        self.assertIn("deadlock/slow-but-fine", every.stdout)
        self.assertNotIn("deadlock/slow-but-fine", quick.stdout)

    def test_a_run_leaves_its_files_and_says_where(self):
        done = run(self.folder, "counter/locked", "--quick", "--rounds", "2", "--processes", "2", "--seed", "5")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertIn(os.path.join(self.folder, "report.html"), done.stdout)
        self.assertEqual(sorted(os.listdir(self.folder)), ["journal.jsonl", "junit.xml", "report.html", "report.md", "report.sarif", "run.json"])
        run_file = self.loaded_run()
        self.assertTrue(run_file["complete"])
        self.assertEqual(run_file["seed"], 5)
        self.assertEqual([v["verdict"] for v in run_file["verdicts"]], ["pass"])

    def test_a_hosted_ci_gets_its_summary_and_a_run_without_trouble_no_annotations(self):
        summary = os.path.join(self.temporary.name, "summary.md")
        done = run(self.folder, "counter/locked", "--quick", "--rounds", "1", "--processes", "1", GITHUB_ACTIONS="true",
                   GITHUB_STEP_SUMMARY=summary)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertNotIn("::error", done.stdout)
        with open(summary, encoding="utf-8") as told, open(os.path.join(self.folder, "report.md"), encoding="utf-8") as own:
            self.assertEqual(told.read(), own.read())

    def test_a_report_is_made_again_from_the_run_alone(self):
        run(self.folder, "counter/locked", "--quick", "--rounds", "1", "--processes", "1")
        again = os.path.join(self.folder, "again.html")
        done = call("report", os.path.join(self.folder, "run.json"), "-o", again)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(again, "rb") as new, open(os.path.join(self.folder, "report.html"), "rb") as old:
            self.assertEqual(new.read(), old.read())

    def test_a_truncated_run_file_is_a_clear_error(self):
        run(self.folder, "counter/locked", "--quick", "--rounds", "1", "--processes", "1")
        path = os.path.join(self.folder, "run.json")
        with open(path, "rb") as file:
            whole = file.read()
        with open(path, "wb") as file:
            file.write(whole[:len(whole) // 2])
        done = call("report", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn(path, done.stderr)

    def test_an_output_folder_that_can_not_be_made_is_said_before_the_run(self):
        blocked = os.path.join(self.temporary.name, "file")
        with open(blocked, "w", encoding="utf-8"):
            pass
        done = run(os.path.join(blocked, "out"), "counter/locked", "--quick")
        self.assertEqual(done.returncode, 2)
        self.assertIn("output folder", done.stderr)

    def test_a_file_that_is_no_plugin_is_refused(self):
        path = os.path.join(self.temporary.name, "text.so")
        with open(path, "w", encoding="utf-8") as file:
            file.write("not a library\n")
        done = run(self.folder, "--plugin", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("text.so", done.stderr)

    def test_a_lane_that_did_not_judge_can_be_required(self):
        other = "tsan" if LANE == "bench" else "bench"
        done = call("run", "counter/locked", "--tree", TREE, "--lanes", f"{LANE},{other}", "--require-lanes", other,
                    "--quick", "--rounds", "1", "--processes", "1", "-o", self.folder)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"Not judged\n +counter/locked \w+: ")

    def test_ctrl_c_leaves_a_valid_run_marked_incomplete(self):
        process = subprocess.Popen([CHICANE, "run", "--tree", TREE, "--lanes", LANE, "-o", self.folder, "--rounds", "1000",
                                    "--processes", "10000", "--slice", "5ms", "counter/locked"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = process.stderr.readline()  # the campaign is planned and about to start
        self.assertIn("seed", first)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertFalse(self.loaded_run()["complete"])


@unittest.skipUnless(LANE == "bench", "of the plain tree")
class PlainTree(unittest.TestCase):
    def test_a_plain_plugin_in_the_tsan_lane_is_refused(self):
        done = call("run", "--tree", TREE, "--lanes", "tsan", "--plugin", os.path.join(TREE, "plugins", "counter.so"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("wrong build for the lane", done.stderr)
        self.assertIn("-fsanitize=thread", done.stderr)

    def test_two_scenarios_with_one_id_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = os.path.join(folder, "copy.so")
            with open(os.path.join(TREE, "plugins", "counter.so"), "rb") as old, open(copy, "wb") as new:
                new.write(old.read())
            done = call("run", "--tree", TREE, "--lanes", "bench", "-o", folder, "--plugin", copy, "--plugin",
                        os.path.join(TREE, "plugins", "counter.so"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("two scenarios have the id counter/", done.stderr)


@unittest.skipUnless(LANE == "tsan", "of the tsan tree")
class Mutants(unittest.TestCase):
    """A change that makes a declaration untrue must change the verdict: status 4, with the scenario, the place, why."""

    def judged(self, mutant, scenario):
        with tempfile.TemporaryDirectory() as folder:
            done = run(folder, scenario, "--quick", "--plugin", os.path.join(MUTANTS, mutant + ".so"))
            with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
                (verdict,) = [v for v in json.load(file)["verdicts"] if v["scenario"] == scenario]
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn(scenario, done.stdout)
        return verdict, done.stdout

    def test_a_right_scenario_without_its_lock_fails(self):
        verdict, printed = self.judged("lock_removed", "counter/locked")
        self.assertEqual(verdict["verdict"], "fail")
        self.assertIn("data_race", verdict["why"])
        self.assertIn("LockedCounter::work", printed)
        self.assertRegex(printed, r"lock_removed\.cpp:\d+")

    def test_a_wrong_scenario_with_a_lock_is_missed(self):
        verdict, _ = self.judged("lock_added", "counter/unlocked")
        self.assertEqual(verdict["verdict"], "missed")
        self.assertIn("data_race", verdict["why"])

    def test_a_second_race_beside_a_declared_one_fails(self):
        verdict, _ = self.judged("second_race", "counter/unlocked")
        self.assertEqual(verdict["verdict"], "fail")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
