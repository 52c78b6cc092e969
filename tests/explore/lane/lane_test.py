#!/usr/bin/env python3
"""lane_test.py CHICANE EXPLORE_TREE PROGRAM: the explore lane as a user meets it."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

chicane, tree, program = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]


def run(*arguments, folder):
    return subprocess.run([chicane, *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=300,
                          check=False)


class ExploreLane(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def read_run(self):
        return json.loads((self.folder / "out" / "run.json").read_text())

    def explore(self, *arguments):
        return run("explore", *arguments, "--tree", tree, "--seed", "1", folder=self.folder)

    def schedules(self):
        return sorted((self.folder / "out" / "schedules").glob("*.schedule"))

    def test_every_stock_scenario_is_as_declared(self):
        # With a glob, because --quick alone leaves out the slow ones.
        ended = run("run", "*", "--lanes", "explore", "--quick", "--tree", tree, "--seed", "1", folder=self.folder)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        verdicts = {verdict["scenario"]: verdict for verdict in self.read_run()["verdicts"]}
        self.assertIn("searches", verdicts["counter/locked"]["confidence"]["says"])
        self.assertIn("exhausted", verdicts["counter/locked"]["confidence"]["says"])

    def test_lost_update_is_found_shown_and_replayed_a_hundred_times_the_same(self):
        ended = self.explore("counter/load-then-store", "--budget", "3s")
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertIn("here another thread goes on", ended.stdout)
        self.assertIn("load_then_store.cpp", ended.stdout)
        files = [file for file in self.schedules() if "wrong_result" in file.name]
        self.assertEqual(len(files), 1, self.schedules())
        finding = next(f for f in self.read_run()["findings"] if f["kind"] == "wrong_result")
        self.assertTrue(any(step.get("matters") for step in finding["evidence"]["picture"]["steps"]))
        self.assertIn("choices-that-matter: 1\n", finding["evidence"]["schedule"])
        for _ in range(100):
            replayed = run("replay", files[0], "--tree", tree, "--quiet", folder=self.folder)
            self.assertEqual(replayed.returncode, 4, replayed.stdout + replayed.stderr)
            self.assertIn("Replayed exactly", replayed.stdout)

    def test_deadlock_is_told_with_who_has_what(self):
        ended = self.explore("deadlock/lock-order", "--budget", "3s")
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertRegex(ended.stdout, r"waits for ever for M\d")
        self.assertRegex(ended.stdout, r"thread \d has it")
        replayed = run("replay", [f for f in self.schedules() if "-deadlock-" in f.name][0], "--tree", tree,
                       folder=self.folder)
        self.assertIn("Replayed exactly", replayed.stdout)

    def test_a_schedule_that_does_not_fit_is_said_to_diverge_and_where(self):
        self.explore("counter/load-then-store", "--budget", "1s")
        file = [f for f in self.schedules() if "wrong_result" in f.name][0]
        text = file.read_text().replace(" of 2", " of 5")
        changed = self.folder / "changed.schedule"
        changed.write_text(text.replace("build-id: ", "build-id: 00"))
        ended = run("replay", changed, "--tree", tree, folder=self.folder)
        self.assertEqual(ended.returncode, 3, ended.stdout + ended.stderr)
        self.assertIn("another build id", ended.stdout)
        self.assertRegex(ended.stdout, r"diverged: at choice 0 of \d+, step")

    def test_broken_files_are_refused(self):
        for text, words in (("", "is empty"), ("hello\n", "is no schedule"), ("chicane.schedule/9\n", "newer one"),
                            ("chicane.schedule/1\nscenario: a/b\nthread 7 of 2\nend\n", "line 3")):
            file = self.folder / "broken.schedule"
            file.write_text(text)
            ended = run("replay", file, "--tree", tree, folder=self.folder)
            self.assertEqual(ended.returncode, 2)
            self.assertIn(words, ended.stderr)

    def test_the_same_seed_makes_the_same_schedules(self):
        texts = []
        for _ in range(2):
            self.explore("counter/load-then-store", "--schedules", "50", "--budget", "30s")
            texts.append([file.read_text() for file in self.schedules()])
        self.assertTrue(texts[0])
        self.assertEqual(*texts)

    def test_strategies_and_memory_models_are_obeyed(self):
        self.explore("litmus/store-buffering-relaxed", "--memory-model", "sc", "--strategy", "random", "--budget", "1s")
        for trial in self.read_run()["trials"]:
            self.assertIn("random", trial["searched"])
            self.assertNotIn("pos", trial["searched"])
            seen = {outcome["outcome"]: outcome.get("count", 0) for outcome in trial["outcomes"]}
            self.assertEqual(seen["0,0"], 0)
        self.explore("litmus/store-buffering-relaxed", "--budget", "1s")
        seen = {o["outcome"]: o.get("count", 0) for t in self.read_run()["trials"] for o in t["outcomes"]}
        self.assertGreater(seen["0,0"], 0)

    def test_a_program_that_knows_nothing_of_chicane_is_explored_shown_and_replayed(self):
        ended = self.explore("--budget", "5s", "--", program, "--gtest_filter=Queue.GivesEachItemOnce")
        self.assertEqual(ended.returncode, 4, ended.stdout + ended.stderr)
        self.assertIn("exit code", ended.stdout)
        self.assertIn("sample_program.cpp", ended.stdout)
        files = [file for file in self.schedules() if "wrong_result" in file.name]
        self.assertEqual(len(files), 1)
        replayed = run("replay", files[0], "--tree", tree, folder=self.folder)
        self.assertIn("Replayed exactly", replayed.stdout, replayed.stderr)
        ended = self.explore("--budget", "1s", "--", program, "--gtest_filter=Queue.IsEmptyAtFirst")
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)

    def test_a_plugin_whose_reads_are_not_told_is_refused_and_one_whose_are_is_not(self):
        root = pathlib.Path(__file__).resolve().parents[3]
        plugin = self.folder / "counter.so"
        for flags, status in ((["-mllvm", "-tsan-instrument-read-before-write=1"], 0), ([], 2)):
            subprocess.run(["clang++-19", "-std=c++20", "-O0", "-g", "-fsanitize=thread", *flags, "-fPIC", "-shared",
                            "-fno-sanitize-link-runtime", "-fvisibility=hidden", "-DCHICANE_BUILD_EXPLORE",
                            f"-I{root}/harness/api", str(root / "scenarios/counter/unlocked.cpp"), "-o", str(plugin)],
                           check=True, timeout=120)
            ended = self.explore("counter/unlocked", "--plugin", plugin, "--budget", "300ms")
            self.assertEqual(ended.returncode, status, ended.stdout + ended.stderr)
        self.assertIn("does not see its reads", " ".join(ended.stdout.split()))

    @unittest.skipUnless(shutil.which("gdb"), "gdb is not there")
    def test_schedules_run_under_gdb_and_show_the_same(self):
        for words, says in ((["counter/load-then-store"], "wrong_result: "), (["--", program], "exit code 1")):
            for file in self.schedules():
                file.unlink()
            self.explore("--budget", "3s", *words)
            [file] = [file for file in self.schedules() if "wrong_result" in file.name]
            ended = subprocess.run([chicane, "replay", "--gdb", "--tree", tree, file], input="run\nquit\n", text=True,
                                   capture_output=True, timeout=120, cwd=self.folder, check=False)
            self.assertIn(says, ended.stdout + ended.stderr)
            self.assertNotIn("diverged", ended.stdout + ended.stderr)

    def test_programs_that_cannot_be_explored_are_refused_with_the_reason(self):
        ended = self.explore("--", "/bin/true")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("libchicane_explore", ended.stdout + ended.stderr)
        ended = self.explore("--", "./not-there")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("there is no such program", ended.stderr)


if __name__ == "__main__":
    if not (tree / "bin" / "chicane-runner").exists():
        print(f"{tree} is not built: ./chicane setup, then ./chicane test, builds it", file=sys.stderr)
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
