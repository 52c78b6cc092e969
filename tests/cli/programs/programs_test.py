"""programs_test.py CHICANE TREE: programs of a user's own as trials, right ones, wrong ones and every way to end badly."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

CHICANE, TREE = sys.argv[1:3]
GOOD = '{"operations": 10, "region_ns": 1000, "right": true, "counters": {"most": 2}}'
WRONG = '{"operations": 10, "region_ns": 1000, "right": false, "check": "total", "why": "10 wanted, 9 found"}'


class Programs(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = self.temporary.name

    def tearDown(self):
        self.temporary.cleanup()

    def declare(self, *programs, **file):
        path = os.path.join(self.folder, "own.json")
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"schema": "chicane.programs/1", "programs": programs, **file}, out)
        return path

    def shell(self, script, name="own/program", **more):
        return {"id": name, "says": "a shell script", "command": ["sh", "-c", script], **more}

    def run_file(self, path, *arguments, rounds="2"):
        done = subprocess.run([CHICANE, "run", "--tree", TREE, "--programs", path, "--rounds", rounds, "-o",
                               os.path.join(self.folder, "out"), "--lanes", "bench,stress", *arguments],
                              text=True, capture_output=True, timeout=200)
        return done

    def judged(self, script, *arguments, **more):
        done = self.run_file(self.declare(self.shell(script, **more)), *arguments)
        with open(os.path.join(self.folder, "out", "run.json"), encoding="utf-8") as file:
            run = json.load(file)
        verdict = next(v for v in run["verdicts"] if v["lane"] == "bench")
        kinds = {finding["kind"] for finding in run["findings"]}
        return done.returncode, verdict["verdict"], kinds, run

    def test_a_right_program_is_timed_in_rounds_and_not_judged_elsewhere(self):
        status, verdict, kinds, run = self.judged(f"echo chatter; echo '{GOOD}'")
        self.assertEqual((status, verdict, kinds), (0, "pass", set()))
        stress = next(v for v in run["verdicts"] if v["lane"] == "stress")
        self.assertEqual(stress["verdict"], "not_judged")
        self.assertIn("a program of its own", stress["why"])
        timed = [t for t in run["trials"] if not t.get("calibration")]
        self.assertEqual(len(timed), 2)
        measures = timed[0]["measures"]
        self.assertEqual(measures["wall_ns_per_operation"], 100)
        for measured in ("process_ns", "process_cpu_ns", "peak_resident_bytes"):
            self.assertGreater(measures[measured], 0)
        self.assertEqual(timed[0]["counters"], {"most": 2})
        self.assertIn("chatter", timed[0]["output"]["stdout_tail"])

    def test_a_result_without_a_newline_counts(self):
        self.assertEqual(self.judged(f"printf '%s' '{GOOD}'")[:2], (0, "pass"))

    def test_a_wrong_result_is_a_finding_unless_it_is_declared(self):
        self.assertEqual(self.judged(f"echo '{WRONG}'")[:3], (4, "fail", {"wrong_result"}))
        must = [{"kind": "wrong_result", "at": "total"}]
        self.assertEqual(self.judged(f"echo '{WRONG}'", must=must)[:2], (0, "pass"))
        self.assertEqual(self.judged(f"echo '{GOOD}'", must=must)[1], "missed")
        elsewhere = [{"kind": "wrong_result", "at": "another check"}]
        self.assertEqual(self.judged(f"echo '{WRONG}'", must=elsewhere)[1], "fail")

    def test_a_bad_end_is_a_finding(self):
        for script, kind in (("exit 3", "early_exit"), ("kill -SEGV $$", "crash"), ("kill -KILL $$", "crash"),
                             (f"echo '{GOOD}'; exit 1", "early_exit")):
            status, verdict, kinds, _ = self.judged(script)
            self.assertEqual((status, verdict, kinds), (4, "fail", {kind}), script)

    def test_a_program_that_does_not_end_is_a_hang(self):
        _, verdict, kinds, _ = self.judged("sleep 1000", "--trial-timeout", "500ms")
        self.assertEqual((verdict, kinds), ("fail", {"hang"}))

    def test_what_is_no_result_is_told(self):
        future = '{"operations": 1, "region_ns": 1, "began_ns": 1, "right": true}'
        for script, said in (("true", "it printed none"), ("echo done", "no JSON"),
                             ("echo '{\"operations\": 1, \"region_ns\": 5}'", "right: is missing"),
                             ("echo '{\"operations\": 0, \"region_ns\": 5, \"right\": true}'", "there were none"),
                             (f"echo '{GOOD}' | sed s/1000/100000000000000/", "it ran for"),
                             (f"echo '{future}'", "CLOCK_MONOTONIC")):
            _, verdict, kinds, run = self.judged(script)
            self.assertEqual((verdict, kinds), ("fail", {"protocol_broken"}), script)
            self.assertIn(said, run["findings"][0]["evidence"]["message"])

    def test_a_daemon_that_keeps_the_pipe_open_holds_up_nobody(self):
        self.assertEqual(self.judged(f"(sleep 1000 &); echo '{GOOD}'")[:2], (0, "pass"))

    def test_without_what_it_needs_it_is_not_judged_and_says_why(self):
        for command in (["no-such-interpreter"], ["sh", "-c", "echo no module named x >&2; exit 1"]):
            done = self.run_file(self.declare(self.shell("true"),
                                              needs={"command": command, "otherwise": "it needs a thing"}))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("it needs a thing", " ".join(done.stdout.split()))
        required = self.run_file(self.declare(self.shell("true"), needs={"command": ["false"], "otherwise": "a thing"}),
                                 "--require-lanes", "bench")
        self.assertEqual(required.returncode, 3)

    def test_a_command_that_is_not_there_is_an_error(self):
        done = self.run_file(self.declare({"id": "own/program", "says": "x", "command": ["/no/such/program"]}))
        self.assertEqual(done.returncode, 2)
        self.assertIn("/no/such/program: it can't be started: No such file", " ".join(done.stdout.split()))

    def test_axes_and_folder_stand_in_commands(self):
        path = self.declare({"id": "own/program", "says": "x", "axes": {"n": [3, 5]},
                             "command": ["sh", "-c", 'test -f "$1/own.json" && echo "{\\"operations\\": $0, '
                                         '\\"region_ns\\": 100, \\"right\\": true}"', "{n}", "{folder}"]})
        done = self.run_file(path)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with open(os.path.join(self.folder, "out", "run.json"), encoding="utf-8") as file:
            summaries = json.load(file)["summaries"]
        self.assertEqual({s["args"]["n"]: s["measures"]["operations"]["median"] for s in summaries}, {3: 3, 5: 5})

    def test_a_file_that_is_wrong_is_refused_with_the_place(self):
        good = self.shell("true")
        for program, said in (({**good, "comand": []}, "programs/0: unknown member 'comand'"),
                              ({**good, "id": "Own"}, "its id is invalid"), ({**good, "command": []}, "its command is empty"),
                              ({**good, "must": [{"kind": "wrong"}]}, "programs/0/must/0/kind: unknown value 'wrong'"),
                              ({**good, "command": ["sh", "{n}"]}, "names {n}"),
                              ({"id": "own/program", "says": "x"}, "programs/0/command: is missing")):
            done = self.run_file(self.declare(program))
            self.assertEqual(done.returncode, 2)
            self.assertIn(said, done.stderr)
            self.assertIn("own.json", done.stderr)
        nowhere = self.run_file("/nowhere.json")
        self.assertEqual(nowhere.returncode, 2)
        self.assertIn("/nowhere.json", nowhere.stderr)

    def test_a_run_of_programs_can_be_resumed_until_they_change(self):
        out = os.path.join(self.folder, "out")
        path = self.declare(self.shell(f"echo '{GOOD}'"))
        self.assertEqual(self.run_file(path).returncode, 0)
        resume = [CHICANE, "run", "--resume", "-o", out]
        again = subprocess.run(resume, text=True, capture_output=True, timeout=100)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.declare(self.shell(f"echo '{WRONG}'"))
        other = subprocess.run(resume, text=True, capture_output=True, timeout=100)
        self.assertEqual(other.returncode, 2, other.stdout)

    def test_the_stock_programs_are_the_trees_own(self):
        done = subprocess.run([CHICANE, "list", "--tree", TREE, "python/*", "--ids"], text=True, capture_output=True,
                              timeout=100)
        self.assertIn("python/counter-unlocked", done.stdout.split(), done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
