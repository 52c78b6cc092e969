"""report_test.py CHICANE: `chicane report` as a user calls it, on a stored run."""
import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

CHICANE = sys.argv[1]
STORED = pathlib.Path(__file__).parent.parent / "model" / "golden" / "run-1.json"
# What a hosted CI sets must not reach the tests that run there.
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_") and name != "BROWSER"}


def call(*arguments, **environment):
    return subprocess.run([CHICANE, *map(str, arguments)], text=True, capture_output=True, timeout=100, env={**PLAIN, **environment})


class Report(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def run_file(self, name, **changes):
        run = json.loads(STORED.read_text(encoding="utf-8"))
        run.update(changes)
        file = self.folder / name
        file.write_text(json.dumps(run), encoding="utf-8")
        return file

    def made(self, *arguments, **environment):
        done = call("report", *arguments, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_each_format_comes_out_and_is_the_same_in_a_file(self):
        readers = {"sarif": lambda text: json.loads(text)["version"] == "2.1.0", "gbench": lambda text: "benchmarks" in json.loads(text),
                   "json": lambda text: json.loads(text)["schema"] == "chicane.run/1",
                   "csv": lambda text: len(list(csv.DictReader(io.StringIO(text)))) > 1,
                   "markdown": lambda text: text.startswith("## "), "junit": lambda text: text.startswith("<?xml"),
                   "html": lambda text: text.startswith("<!"), "console": lambda text: text.startswith("Chicane ")}
        for form, reads in readers.items():
            with self.subTest(form):
                printed = self.made(STORED, "--format", form).stdout
                self.assertTrue(reads(printed), printed[:100])
                file = self.folder / f"report.{form}"
                self.made(STORED, "--format", form, "-o", file)
                self.assertEqual(file.read_bytes().decode().replace("\r\n", "\n"), printed.replace("\r\n", "\n"))

    def test_an_unknown_format_is_refused_with_the_known_ones(self):
        done = call("report", STORED, "--format", "pdf")
        self.assertEqual(done.returncode, 2)
        self.assertIn("sarif", done.stderr + done.stdout)

    def test_several_runs_become_one(self):
        other = self.run_file("other.json", id="another", seed=7)
        run = json.loads(self.made(STORED, other, "--format", "json").stdout)
        self.assertEqual([origin["id"] for origin in run["merged_from"]], ["20260101T000000Z-4f3c", "another"])
        self.assertEqual([origin["seed"] for origin in run["merged_from"]], [42, 7])
        self.assertEqual(len(run["trials"]), 4)
        self.assertEqual(len(run["findings"]), len(json.loads(STORED.read_text())["findings"]), "they are the same findings")
        # And that file is a run as any other.
        merged = self.folder / "merged.json"
        merged.write_text(json.dumps(run), encoding="utf-8")
        self.assertIn("merged from 2 runs", self.made(merged, "--format", "markdown").stdout)

    def test_what_can_not_be_merged_is_a_clear_error(self):
        newer = self.run_file("newer.json", schema="chicane.run/2")
        nothing = self.folder / "nothing.json"
        nothing.write_text('{"context": {}, "benchmarks": []}')
        copy = self.run_file("copy.json")
        for file, said in ((newer, "newer.json: schema: the file is chicane.run/2"), (nothing, "nothing.json: no run of Chicane"),
                           (copy, "hold the same run"), (STORED, "named twice"), (self.folder / "none.json", "none.json")):
            with self.subTest(file.name):
                done = call("report", STORED, file)
                self.assertEqual(done.returncode, 2)
                self.assertIn(said, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_a_baseline_is_compared_in_the_page(self):
        old = self.run_file("old.json", id="another", started="2025-12-01T00:00:00Z")
        page = self.made(STORED, "--baseline", old).stdout
        self.assertIn("<section id=compare>", page)
        self.assertIn("Verdicts and findings are those of the baseline.", page)
        self.assertIn("old.json", page)

    def test_a_history_is_shown_in_the_page(self):
        file = self.folder / "history.sqlite"
        self.assertEqual(call("history", "add", STORED, "--file", file, "--commit", "c0ffee").returncode, 0)
        page = self.made(STORED, "--history", file).stdout
        self.assertIn("<section id=history>", page)
        self.assertIn("counter/unlocked", page[page.index("<section id=history>"):])
        elsewhere = self.run_file("elsewhere.json", id="another", hosts=[{**json.loads(STORED.read_text())["hosts"][0], "fingerprint": "0" * 16}])
        for arguments, said in (((elsewhere, "--history", file), "no times of this run's scenarios on its host"),
                                ((STORED, "--history", self.folder / "none.sqlite"), "none.sqlite"), ((STORED, "--history", STORED), "--history"),
                                ((STORED, "--history", file, "--format", "json"), "--history")):
            with self.subTest(said):
                done = call("report", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(said, done.stderr)

    def test_what_is_no_baseline_is_a_clear_error(self):
        other = self.run_file("other.json", id="another")
        copy = self.run_file("copy.json")
        for arguments, said in (((STORED, "--baseline", copy), "holds the same run"), ((STORED, "--baseline", self.folder / "none.json"), "none.json"),
                                ((STORED, "--baseline", other, "--format", "csv"), "--baseline")):
            with self.subTest(said):
                done = call("report", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(said, done.stderr)

    def browser(self):
        """One that only notes what it was to show."""
        program, seen = self.folder / "browser", self.folder / "seen"
        program.write_text(f'#!/bin/sh\nprintf %s "$1" >"{seen}.new" && mv "{seen}.new" "{seen}"\n')
        program.chmod(0o755)
        return program, seen

    def test_open_shows_the_page_in_a_browser(self):
        program, seen = self.browser()
        page = self.folder / "page.html"
        done = self.made(STORED, "--open", "-o", page, BROWSER=f"/nowhere/browser:{program}")
        self.assertIn(str(page), done.stderr)
        until = time.monotonic() + 60
        while not seen.exists() and time.monotonic() < until:
            time.sleep(0.01)
        self.assertEqual(seen.read_text(), str(page))
        self.assertTrue(page.exists())

    def test_open_without_a_browser_says_so_and_succeeds(self):
        run = self.run_file("run.json")
        done = self.made(run, "--open", PATH=str(self.folder))
        self.assertIn("there is no browser here", done.stderr)
        self.assertTrue((self.folder / "report.html").read_text().startswith("<!"))

    def test_open_is_of_pages(self):
        self.assertEqual(call("report", STORED, "--open", "--format", "csv").returncode, 2)

    def test_annotations_are_for_who_asks(self):
        self.assertNotIn("::error", "".join((lambda d: (d.stdout, d.stderr))(self.made(STORED, GITHUB_ACTIONS="true"))))
        done = self.made(STORED, "--format", "json", "--annotations", "auto", GITHUB_ACTIONS="true")
        self.assertRegex(done.stderr, r"(?m)^::error file=scenarios/counter/unlocked\.cpp,line=\d+,title=")
        json.loads(done.stdout)  # what stands on standard output is the report alone
        self.assertNotIn("::error", self.made(STORED, "--annotations", "auto").stderr)
        self.assertIn("::error", self.made(STORED, "--annotations", "github").stderr)

    def test_the_summary_of_a_job_is_appended_and_bounded(self):
        summary = self.folder / "summary.md"
        summary.write_text("before")
        self.made(STORED, "--annotations", "auto", GITHUB_STEP_SUMMARY=str(summary))
        self.assertRegex(summary.read_text(), r"\Abefore\n## ")
        self.made(STORED, "--annotations", "never", GITHUB_STEP_SUMMARY=str(summary))
        self.assertEqual(summary.read_text().count("\n## "), 1)
        summary.write_text("x" * (1 << 20))
        done = self.made(STORED, "--annotations", "auto", GITHUB_STEP_SUMMARY=str(summary))
        self.assertIn("no more than 1024 KiB are shown", done.stderr)
        self.assertEqual(summary.stat().st_size, 1 << 20)
        self.assertIn("no summary in", self.made(STORED, "--annotations", "auto", GITHUB_STEP_SUMMARY="/nowhere/s").stderr)

    def test_files_of_the_workspace_are_relative(self):
        text = STORED.read_text().replace("scenarios/counter/unlocked.cpp", "/home/me/tree/unlocked.cpp")
        run = self.folder / "run.json"
        run.write_text(text)
        for environment, option in (({"GITHUB_WORKSPACE": "/home/me/tree"}, []), ({}, ["--source-root", "/home/me/tree"])):
            sarif = self.made(run, "--format", "sarif", *option, **environment).stdout
            self.assertIn('"uri": "unlocked.cpp", "uriBaseId": "SRCROOT"', sarif)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
