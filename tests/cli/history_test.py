"""history_test.py CHICANE TREE SCHEMA MODEL_TESTS: runs kept over time, as a user and a CI job keep them."""
import contextlib
import json
import os
import pathlib
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

CHICANE, TREE, SCHEMA = sys.argv[1:4]
sys.path.insert(0, sys.argv[4])
import validate  # noqa: E402


def summary(scenario, ns, **more):
    return {"scenario": scenario, "lane": "bench", "worker_kind": "thread", "workers": 2, "args": {"size": 64},
            "right": True, "measures": {"wall_ns_per_operation": {"median": ns, "low": ns * 0.99, "high": ns * 1.01,
                                                                  "rounds": 12},
                                        "operations_per_second": {"median": 1e9 / ns, "rounds": 12}}, **more}


def made_run(number, summaries, host="0123456789abcdef", **more):
    """The n-th run, a day each."""
    started = f"2026-{1 + number // 28:02}-{1 + number % 28:02}T10:00:00Z"
    load = {"load_1min": 0.1}
    return {"schema": "chicane.run/1", "id": f"{started}-{number:08x}", "started": started, "ended": started,
            "seed": number, "complete": True, "tool": {"version": "0.1.0", "revision": "r"},
            "command": ["chicane", "run"], "lanes": ["bench"], "notes": [],
            "hosts": [{"id": "h0", "fingerprint": host, "cpu": "A CPU of 2 cores with a name as long as names of CPUs are, "
                       "2.00GHz", "cores": 2, "memory_bytes": 1, "virtualized": False, "before": load, "during": load}],
            "builds": [{"id": "b0", "plugin": "counter", "build": "plain", "build_id": f"{number:040x}",
                        "compiler": "clang", "flags": ""}],
            "scenarios": [], "findings": [], "gaps": [], "trials": [], "sources": [], "summaries": summaries,
            "verdicts": [{"scenario": each["scenario"], "lane": "bench", "verdict": "pass", "why": "",
                          "confidence": {"processes": 12, "operations": 100}, "detail": []} for each in summaries], **more}


def stepped(before, after, step=1.1, noise=0.01, seed=1):
    """Times about 20 ns that become `step` times as long."""
    dice = random.Random(seed)
    return [20 * (1 if i < before else step) * (1 + dice.gauss(0, noise)) for i in range(before + after)]


class History(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.file = self.folder / "history.sqlite"

    def tearDown(self):
        self.temporary.cleanup()

    def call(self, *arguments, cwd=None, **more):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment["GIT_CEILING_DIRECTORIES"] = str(self.folder.parent)
        return subprocess.run([CHICANE, "history", *map(str, arguments)], text=True, capture_output=True,
                              cwd=cwd or self.folder, timeout=200, env=environment, **more)

    def written(self, run, name="run.json"):
        path = self.folder / name
        path.write_text(json.dumps(run), encoding="utf-8")
        return path

    def add(self, run, *arguments, **more):
        return self.call("add", self.written(run), "--commit", f"c{run['seed']:07}", *arguments, **more)

    def add_all(self, times, scenario="counter/locked", first=0):
        for number, ns in enumerate(times, first):
            done = self.add(made_run(number, [summary(scenario, ns)]))
            self.assertEqual(done.returncode, 0, done.stderr)

    def exported(self):
        done = self.call("export")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)


class Commands(History):
    def test_help_is_there(self):
        for arguments in (["--help"], ["add", "--help"], ["show", "--help"], ["check", "--help"], ["export", "--help"]):
            done = self.call(*arguments)
            self.assertEqual(done.returncode, 0)
            self.assertIn("--help", done.stdout)
        self.assertEqual(self.call().returncode, 2)
        self.assertEqual(self.call("forget").returncode, 2)

    def test_a_run_is_added_once(self):
        run = made_run(1, [summary("counter/locked", 20)])
        done = self.add(run)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("added run 2026-01-02T10:00:00Z-00000001 of commit c0000001 (2 figures, 1 verdict); 1 run now",
                      done.stdout)
        before = self.file.read_bytes()
        done = self.add(run)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("is there already", done.stdout)
        self.assertIn("nothing was changed", done.stdout)
        done = self.call("add", self.folder / "run.json", "--commit", "another")
        self.assertEqual(done.returncode, 2)
        self.assertIn("as of commit c0000001, and differs from this one of commit another", done.stderr)
        self.assertEqual(self.file.read_bytes(), before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["history.sqlite", "run.json"])

    def test_a_run_that_is_no_base_for_comparison_is_refused(self):
        good = made_run(1, [summary("counter/locked", 20)])
        for what, run in (("not complete", {**good, "complete": False}),
                          ("2 hosts", {**good, "hosts": [good["hosts"][0], {**good["hosts"][0], "id": "h1"}]}),
                          ("nothing to keep", {**good, "summaries": [], "verdicts": []})):
            done = self.add(run)
            self.assertEqual(done.returncode, 2)
            self.assertIn(what, done.stderr)
        (self.folder / "run.json").write_text("{}")
        self.assertEqual(self.call("add", self.folder / "run.json").returncode, 2)
        self.assertEqual(self.call("add", self.folder / "nowhere.json").returncode, 2)
        self.assertFalse(self.file.exists())

    def test_a_slowdown_is_found_and_shown(self):
        self.add_all(stepped(20, 10))
        done = self.call("check")
        self.assertEqual(done.returncode, 1, done.stderr)
        words = " ".join(done.stdout.split())
        self.assertRegex(words, r"counter/locked, 2 threads, size 64: wall time per operation: worse by (9|10|11)\.\d %")
        self.assertIn("since the run of 2026-01-21T10:00:00Z (commit c0000020), 10 runs ago", words)
        self.assertIn("1 became slower by more than 5% within the last 20 runs", words)
        done = self.call("show", "counter/*")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertLessEqual(max(map(len, lines)), 80)
        mark = next(i for i, line in enumerate(lines) if line.startswith("-- worse by"))
        self.assertIn("c0000019", lines[mark - 1])
        self.assertIn("c0000020", lines[mark + 1])
        self.assertIn("bench pass", done.stdout)
        self.assertEqual(sum(" c00000" in line for line in lines), 30)

    def test_what_is_not_new_or_not_large_passes(self):
        self.add_all(stepped(12, 30))
        self.assertEqual(self.call("check").returncode, 0, "30 runs ago")
        self.assertEqual(self.call("check", "--within", "30").returncode, 1)
        self.assertEqual(self.call("check", "--within", "30", "--margin", "20%").returncode, 0)
        self.assertEqual(self.call("check", "--within", "30", "--measure", "operations_per_second").returncode, 1)
        self.assertEqual(self.call("check", "--within", "30", "counter/*").returncode, 1)

    def test_too_few_runs_are_inconclusive(self):
        self.add_all(stepped(4, 5, step=3))
        done = self.call("check")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("1 with fewer than 10 runs", " ".join(done.stdout.split()))
        self.add_all(stepped(9, 1, step=1), first=9)
        self.assertIn("below 10 no change is looked for", " ".join(self.call("show", "*", "--file", self.short()).stdout.split()))

    def short(self):
        file = self.folder / "short.sqlite"
        self.assertEqual(self.add(made_run(1, [summary("counter/locked", 20)]), "--file", file).returncode, 0)
        return file

    def test_hosts_are_never_compared(self):
        for number, ns in enumerate(stepped(15, 15, step=2)):
            host = "a" * 16 if number < 15 else "b" * 16
            self.assertEqual(self.add(made_run(number, [summary("counter/locked", ns)], host=host)).returncode, 0)
        done = self.call("check")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("2 series checked", done.stdout)

    def test_a_wrong_answer_has_no_speed_to_lose(self):
        for number, ns in enumerate(stepped(15, 15, step=2)):
            run = made_run(number, [summary("counter/unlocked", ns, right=False)])
            self.assertEqual(self.add(run).returncode, 0)
        done = self.call("check")
        self.assertEqual(done.returncode, 3)
        self.assertIn("not right", done.stdout)
        self.assertIn("no speed to compare", " ".join(self.call("show", "counter/unlocked").stdout.split()))

    def test_unknown_names_are_refused_with_the_known_ones(self):
        self.add_all([20])
        for arguments, said in ((["show", "no/such"], "there are: counter/locked"),
                                (["show", "*", "--measure", "speed"], "operations_per_second, wall_ns_per_operation"),
                                (["check", "--margin", "5"], "is no share"),
                                (["check", "--alpha", "0%"], "is no share"),
                                (["show", "*", "--file", "nowhere.sqlite"], "there is no history yet")):
            done = self.call(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(said, done.stderr)
        self.assertFalse((self.folder / "nowhere.sqlite").exists())

    def test_any_text_is_shown_within_the_columns(self):
        run = made_run(1, [summary("a/" + "long-name-" * 12, 123456789.0)])
        done = self.call("add", self.written(run), "--commit", "\u65e5\u672c\u8a9e \x1b[31m" + "x" * 200)
        self.assertEqual(done.returncode, 0, done.stderr)
        shown = self.call("show", "*").stdout
        self.assertNotIn("\x1b", shown)
        rows = [line for line in shown.splitlines() if "2026-01-02" in line]
        self.assertEqual(len(rows), 1)
        self.assertLessEqual(len(rows[0]), 80)

    def test_the_commit_is_that_of_the_folder_it_is_called_in(self):
        plain = self.folder / "plain"
        plain.mkdir()
        done = self.call("add", self.written(made_run(1, [summary("a/b", 1)])), "--file", self.file, cwd=plain)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("no commit is known here", done.stderr)
        tree = self.folder / "tree"
        tree.mkdir()
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
                       "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}

        def git(*arguments):
            return subprocess.run(["git", *arguments], cwd=tree, env=environment, check=True, text=True,
                                  capture_output=True).stdout.strip()

        git("init", "-q")
        (tree / "code").write_text("1")
        git("add", "code")
        git("commit", "-qm", "one")
        head = git("rev-parse", "HEAD")
        run = self.written(made_run(2, [summary("a/b", 1)]))
        self.assertEqual(self.call("add", run, "--file", self.file, cwd=tree).returncode, 0)
        (tree / "code").write_text("2")
        run = self.written(made_run(3, [summary("a/b", 1)]))
        self.assertEqual(self.call("add", run, "--file", self.file, cwd=tree).returncode, 0)
        self.assertEqual([each["commit"] for each in self.exported()["runs"]], ["unknown", head, head + "-dirty"])

    def test_a_real_run_can_be_kept(self):
        lane = {"tsan": "tsan", "asan": "asan"}.get(json.loads((pathlib.Path(TREE) / "chicane-tree.json").read_text())["build"],
                                                    "bench")
        done = subprocess.run([CHICANE, "run", "--tree", TREE, "--lanes", lane, "--plugin", os.path.join(TREE, "plugins", "counter.so"), "--quick", "--rounds", "6", "--processes", "2",
                               "--slice", "2ms", "--workers", "1,2", "-o", self.folder / "out", "counter/locked"],
                              text=True, capture_output=True, timeout=200, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.call("add", self.folder / "out/run.json").returncode, 0)
        run, = self.exported()["runs"]
        self.assertEqual([(each["scenario"], each["lane"]) for each in run["verdicts"]], [("counter/locked", lane)])
        if lane == "bench":
            self.assertIn("counter/locked, 1 thread: wall time", self.call("show", "counter/locked").stdout)


class Export(History):
    @classmethod
    def setUpClass(cls):
        cls.schema = validate.load(SCHEMA)

    def test_an_export_is_what_the_schema_says(self):
        self.add_all(stepped(2, 1))
        self.assertEqual(self.add(made_run(9, [summary("a/b", 7, right=False, args={}, worker_kind="process",
                                                       counters={"found": {"median": 3, "rounds": 2}})])).returncode, 0)
        history = self.exported()
        self.assertEqual(validate.errors(self.schema, history), [])
        strict = json.loads(json.dumps(self.schema))
        for part in [strict, *strict["$defs"].values()]:
            part["additionalProperties"] = False
        self.assertEqual(validate.errors(strict, history), [], "every member is described")
        written = {key for run in history["runs"] for part in [run, *run["builds"], *run["values"], *run["verdicts"]]
                   for key in part}
        described = {key for part in self.schema["$defs"].values() for key in part["properties"]}
        self.assertEqual(written, described)
        last = history["runs"][-1]
        self.assertEqual(last["builds"][0]["build_id"], f"{9:040x}")
        self.assertEqual({value["measure"]: value["median"] for value in last["values"]},
                         {"wall_ns_per_operation": 7, "operations_per_second": 1e9 / 7, "counters.found": 3})
        self.assertEqual(self.call("export", "-o", "all.json").returncode, 0)
        self.assertEqual(validate.load(self.folder / "all.json"), history)

    def test_the_schema_refuses_what_is_none(self):
        self.add_all([20])
        changes = {"a newer schema": lambda h: h.update(schema="chicane.history/2"),
                   "no runs": lambda h: h.pop("runs"),
                   "a run without commit": lambda h: h["runs"][0].pop("commit"),
                   "an unknown lane": lambda h: h["runs"][0]["verdicts"][0].update(lane="bensh"),
                   "an unknown verdict": lambda h: h["runs"][0]["verdicts"][0].update(verdict="ok"),
                   "a median as text": lambda h: h["runs"][0]["values"][0].update(median="7"),
                   "no rounds": lambda h: h["runs"][0]["values"][0].update(rounds=0),
                   "an unknown build": lambda h: h["runs"][0]["builds"][0].update(build="debug")}
        for what, change in changes.items():
            history = self.exported()
            change(history)
            self.assertNotEqual(validate.errors(self.schema, history), [], what)


class Trouble(History):
    def test_eight_writers_at_once_lose_nothing(self):
        writers, each = 8, 20
        script = ('for f in "$@"; do "$CHICANE" history add "$f" --commit c --file "$FILE" || exit 1; done')
        processes = []
        for writer in range(writers):
            files = [self.written(made_run(writer * each + i, [summary("a/b", 20 + i)]), f"run-{writer}-{i}.json")
                     for i in range(each)]
            processes.append(subprocess.Popen(["sh", "-c", script, "sh", *files], stdout=subprocess.DEVNULL,
                                              stderr=subprocess.PIPE, text=True,
                                              env={**os.environ, "CHICANE": CHICANE, "FILE": str(self.file)}))
        for process in processes:
            _, said = process.communicate(timeout=200)
            self.assertEqual(process.returncode, 0, said)
        runs = self.exported()["runs"]
        self.assertEqual(len({run["id"] for run in runs}), writers * each)
        self.assertEqual(len(runs), writers * each)
        self.assertEqual([name for name in os.listdir(self.folder) if not name.startswith("run-")], ["history.sqlite"])

    def test_a_writer_that_is_killed_leaves_a_whole_history(self):
        self.add_all([20])
        dice = random.Random(1)
        many = [summary(f"many/{i}", 20) for i in range(3000)]
        said = 0
        for number in range(1, 11):
            path = self.written(made_run(number, many))
            process = subprocess.Popen([CHICANE, "history", "add", path, "--commit", "c", "--file", self.file],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(dice.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL)
            out, _ = process.communicate(timeout=60)
            said += "added run" in out
        runs = self.exported()["runs"]
        self.assertGreaterEqual(len(runs), 1 + said)
        for run in runs[1:]:
            self.assertEqual(len(run["values"]), 6000, "whole or not at all")

    def assert_refused(self, said):
        before = self.file.read_bytes()
        run = self.written(made_run(99, [summary("counter/locked", 20)]))
        for arguments in (["add", run, "--commit", "c"], ["show", "*"], ["check"], ["export"]):
            done = self.call(*arguments)
            self.assertEqual(done.returncode, 2, f"{arguments}: {done.stdout}{done.stderr}")
            self.assertIn(said, done.stderr)
        self.assertEqual(self.file.read_bytes(), before)

    def test_a_damaged_file_is_said_and_left_alone(self):
        self.add_all(stepped(10, 2))
        whole = self.file.read_bytes()
        self.file.write_bytes(whole[:len(whole) // 2])
        self.assert_refused("left as it is")
        self.file.write_bytes(os.urandom(len(whole)))
        self.assert_refused("left as it is")
        self.file.write_bytes(b"")
        self.assert_refused("the file is empty")
        self.file.write_bytes(whole)
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA user_version = 2")
        self.assert_refused("a newer Chicane wrote this history")
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA user_version = 1")
            database.execute("PRAGMA application_id = 1")
        self.assert_refused("no history of Chicane")

    def assert_still_there(self, before):
        self.assertEqual(self.exported(), before)
        self.assertEqual(self.add(made_run(98, [summary("counter/locked", 20)])).returncode, 0, "and it can go on")

    def large(self):
        return made_run(97, [summary(f"many/{i}", 20) for i in range(4000)])

    def test_a_file_that_may_not_grow_keeps_what_it_has(self):
        self.add_all(stepped(10, 2))
        before = self.exported()
        most = self.file.stat().st_size + 50_000
        done = self.add(self.large(), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("nothing was added", done.stderr)
        self.assert_still_there(before)

    def test_a_full_disk_is_said_and_keeps_what_it_has(self):
        disk = self.folder / "disk"
        disk.mkdir()
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk], text=True, capture_output=True,
                              check=False)
        if made.returncode != 0:
            self.skipTest("a file system of its own can't be mounted here: " + made.stderr.strip())
        try:
            self.file = disk / "history.sqlite"
            calls = ["--file", self.file]
            for number in range(3):
                self.assertEqual(self.add(made_run(number, [summary("counter/locked", 20)]), *calls).returncode, 0)
            before = self.call("export", *calls).stdout
            done = self.add(self.large(), *calls)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn("there is no room left; nothing was added", done.stderr)
            self.assertEqual(self.call("export", *calls).stdout, before)
            self.assertEqual(self.add(made_run(96, [summary("counter/locked", 20)]), *calls).returncode, 0)
        finally:
            subprocess.run(["umount", "-l", disk], check=True)

    def test_a_new_history_that_has_no_room_is_not_begun(self):
        done = self.add(self.large(), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(os.listdir(self.folder), ["run.json"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
