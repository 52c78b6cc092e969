"""formats_test.py SAMPLE_REPORT: the formats for other tools, read by parsers that are not ours."""
import csv
import functools
import html.parser
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

import sarif_rules

REPORT = sys.argv[1]
ATTACK_TEXT = "<script>alert(1)</script>\"' onload='x()' &amp; ]]> ␛[31m␁␡"
KINDS = ("trouble", "clean", "hostile", "explored", "hostile-explored", "merged", "huge")


@functools.cache
def report(form, kind="trouble"):
    return subprocess.run([REPORT, form, kind], check=True, capture_output=True).stdout


def refuse(word):
    raise ValueError(f"{word} is no JSON")


def loaded(form, kind):
    """Strictly: RFC 8259, in UTF-8."""
    return json.loads(report(form, kind).decode("utf-8", "strict"), parse_constant=refuse)


def hidden(text):
    """Characters that hide or reorder text, or that no text has."""
    return [c for c in text if c < " " and c not in "\n\t\r" or c in "\x7f\u202e\u200b\ufffe\x9b"]


class Sarif(unittest.TestCase):
    def test_every_kind_of_run_is_as_the_format_wants_it(self):
        for kind in KINDS:
            with self.subTest(kind):
                text = report("sarif", kind).decode("utf-8", "strict")
                self.assertEqual(hidden(text), [])
                log = json.loads(text, parse_constant=refuse)
                self.assertEqual(sarif_rules.offences(log), [])

    # Microsoft's own, on request because it is 95 MB: npm's @microsoft/sarif-multitool-linux.
    @unittest.skipUnless(os.environ.get("CHICANE_SARIF_MULTITOOL"), "CHICANE_SARIF_MULTITOOL names no Sarif.Multitool")
    def test_the_formats_own_validator_finds_no_error(self):
        with tempfile.TemporaryDirectory() as folder:
            for kind in KINDS:
                log, said = os.path.join(folder, kind + ".sarif"), os.path.join(folder, kind + "-said.sarif")
                with open(log, "wb") as file:
                    file.write(report("sarif", kind))
                subprocess.run([os.environ["CHICANE_SARIF_MULTITOOL"], "validate", log, "--output", said,
                                "--max-file-size-in-kb", "100000"], check=True,
                               stdout=subprocess.DEVNULL,
                               env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
                                    "DOTNET_BUNDLE_EXTRACT_BASE_DIR": os.path.join(folder, "extracted")})
                with open(said, encoding="utf-8-sig") as file:
                    run = json.load(file)["runs"][0]
                self.assertTrue(run["artifacts"] if "artifacts" in run else run["tool"])
                wrong = [(result["ruleId"], result.get("message")) for result in run.get("results", [])
                         if result["ruleId"] not in ("SARIF2005", "SARIF2012", "SARIF2017")]  # no web site; a file without a line
                self.assertEqual(wrong, [], kind)

    def test_the_checker_finds_what_is_wrong(self):
        def change(what):
            log = loaded("sarif", "explored")
            what(log, log["runs"][0], log["runs"][0]["results"][0])
            return sarif_rules.offences(log)

        changes = {
            "another version": lambda log, run, result: log.update(version="2.0.0"),
            "no driver's name": lambda log, run, result: run["tool"]["driver"].pop("name"),
            "a rule without an id": lambda log, run, result: run["tool"]["driver"]["rules"][0].pop("id"),
            "a result without a message": lambda log, run, result: result.pop("message"),
            "an unknown level": lambda log, run, result: result.update(level="fatal"),
            "a rule that is not there": lambda log, run, result: result.update(ruleId="nothing"),
            "an index of another rule": lambda log, run, result: result.update(ruleIndex=3),
            "line 0": lambda log, run, result: result["locations"][0]["physicalLocation"]["region"].update(startLine=0),
            "a line as text": lambda log, run, result: result["locations"][0]["physicalLocation"]["region"].update(startLine="1"),
            "a space in a uri": lambda log, run, result: result["locations"][0]["physicalLocation"]["artifactLocation"].update(uri="a b"),
            "an unknown base": lambda log, run, result: result["locations"][0]["physicalLocation"]["artifactLocation"].update(uriBaseId="X"),
            "a flow without threads": lambda log, run, result: result["codeFlows"][0].pop("threadFlows"),
            "a thread without steps": lambda log, run, result: result["codeFlows"][0]["threadFlows"][0].update(locations=[]),
            "an unknown importance": lambda log, run, result: result["codeFlows"][0]["threadFlows"][0]["locations"][0].update(importance="high"),
            "a fingerprint as a number": lambda log, run, result: result["partialFingerprints"].update(x=1),
            "a member that the format lacks": lambda log, run, result: result.update(severity="high"),
            "an invocation without success": lambda log, run, result: run["invocations"][0].pop("executionSuccessful"),
            "a placeholder without an argument": lambda log, run, result: result["message"].update(text="{0}"),
            "a time that is none": lambda log, run, result: run["invocations"][0].update(startTimeUtc="yesterday"),
            "two locations of one id": lambda log, run, result: result["relatedLocations"][1].update(id=1),
        }
        for what, wrong in changes.items():
            with self.subTest(what):
                self.assertNotEqual(change(wrong), [])

    def test_one_result_a_finding_and_one_a_missed_verdict(self):
        results = loaded("sarif", "trouble")["runs"][0]["results"]
        prints = [tuple(sorted(result["partialFingerprints"].items())) for result in results]
        self.assertEqual(len(prints), len(set(prints)))
        self.assertEqual(sorted(result["ruleId"] for result in results if result["level"] == "error"), ["data_race", "missed"])
        self.assertEqual(len(results), 8)

    def test_both_stacks_are_there(self):
        race = next(r for r in loaded("sarif", "trouble")["runs"][0]["results"] if r["ruleId"] == "data_race")
        said = [related["message"]["text"] for related in race["relatedLocations"]]
        self.assertEqual(said[:2], ["write of 4 bytes by thread 1 (worker 0)", "read of 4 bytes by thread 2 (worker 1)"])
        self.assertEqual([len(stack["frames"]) for stack in race["stacks"][:2]], [4, 4])
        at = race["locations"][0]["physicalLocation"]
        self.assertEqual(at["artifactLocation"], {"uri": "scenarios/counter/unlocked.cpp", "uriBaseId": "SRCROOT"})
        self.assertEqual(at["region"]["startLine"], 14)
        self.assertIn("++total", at["region"]["snippet"]["text"])

    def test_a_schedule_is_a_flow_whose_steps_are_in_order(self):
        race = loaded("sarif", "explored")["runs"][0]["results"][0]
        (flow,) = race["codeFlows"]
        steps = sorted((step["executionOrder"], thread["id"], step["location"]["message"]["text"], step["importance"])
                       for thread in flow["threadFlows"] for step in thread["locations"])
        self.assertEqual([step[:2] for step in steps], [(1, "1"), (2, "2"), (3, "2"), (4, "1")])
        self.assertEqual(steps[1][2:], ("reads total: 0 (sees no other's write)", "essential"))

    def test_a_hostile_text_is_text(self):
        log = loaded("sarif", "hostile")
        self.assertTrue(any(ATTACK_TEXT in result["message"]["text"] for result in log["runs"][0]["results"]))


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.words = [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(name for name, _ in attributes)))

    def handle_data(self, data):
        self.words += data


class Markdown(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import markdown_it  # Debian's python3-markdown-it
        cls.renderer = markdown_it.MarkdownIt("commonmark").enable("table").enable("strikethrough")

    def page(self, kind):
        tags = Tags()
        tags.feed(self.renderer.render(report("markdown", kind).decode("utf-8", "strict")))
        tags.close()
        return tags

    def test_nothing_but_our_own_elements_results(self):
        allowed = {"h2", "h3", "p", "br", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code", "pre",
                   "ul", "li", "del"}
        for kind in KINDS + ("large",):
            with self.subTest(kind):
                page = self.page(kind)
                self.assertLessEqual({tag for tag, _ in page.tags}, allowed | {"strong"})
                titles = re.findall(rb"(?m)^\*\*.*\*\*$", report("markdown", kind))
                self.assertEqual(sum(tag == "strong" for tag, _ in page.tags), len(titles))
                self.assertLessEqual({name for _, names in page.tags for name in names}, {"style", "class"})
                self.assertEqual(hidden(page.words.replace("\u200b", "")), [])

    def test_the_checker_sees_a_script(self):
        tags = Tags()
        tags.feed(self.renderer.render("a <script>x</script> [b](javascript:c) **d** <img src=x onerror=y>"))
        self.assertLessEqual({"script", "strong", "img"}, {tag for tag, _ in tags.tags})

    def test_tables_have_the_cells_that_they_announce(self):
        for kind in KINDS + ("large",):
            tokens = self.renderer.parse(report("markdown", kind).decode())
            width = cells = 0
            for token in tokens:
                if token.type == "thead_open":
                    width = 0
                width += token.type == "th_open"
                if token.type == "tr_open":
                    cells = 0
                cells += token.type in ("td_open", "th_open")
                if token.type == "tr_close":
                    self.assertEqual(cells, width, kind)
            self.assertGreater(width, 0)

    def test_a_hostile_text_is_shown_as_it_is(self):
        self.assertIn("counter/unlocked" + ATTACK_TEXT.split(" ")[0], self.page("hostile").words)

    def test_it_is_short(self):
        for kind in KINDS + ("large",):
            self.assertLessEqual(len(report("markdown", kind)), 60_000, kind)


class Csv(unittest.TestCase):
    def rows(self, kind):
        text = report("csv", kind).decode("utf-8", "strict")
        self.assertEqual(text.count("\n"), text.count("\r\n"), "lines end with CR LF")
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    def test_every_line_is_a_value_of_a_trial(self):
        for kind in KINDS:
            rows = self.rows(kind)
            self.assertGreater(len(rows), 10)
            for row in rows:
                self.assertNotIn(None, row, f"{kind}: a line with more or fewer fields: {row}")
                self.assertNotIn(None, row.values())
                if row["value"]:
                    float(row["value"])
            self.assertEqual({row["lane"] for row in rows} - {"bench", "stress", "tsan", "asan", "explore"}, set())

    def test_no_text_is_a_formula(self):
        for kind in KINDS:
            for row in self.rows(kind):
                for name, value in row.items():
                    if name not in ("value", "workers", "round"):
                        self.assertFalse(value.lstrip(" ").startswith(tuple("=+-@")), (kind, name, value))

    def test_values_are_the_trials(self):
        rows = [row for row in self.rows("waiting") if row["measure"] == "operations"]
        self.assertEqual({(row["value"], row["unit"], row["status"]) for row in rows}, {("100000", "count", "completed")})
        self.assertEqual(len(rows), 5 * 2 * 8)


class GoogleBenchmark(unittest.TestCase):
    def test_every_kind_of_run_is_as_readers_want_it(self):
        for kind in KINDS:
            with self.subTest(kind):
                file = loaded("gbench", kind)
                self.assertIsInstance(file["context"]["num_cpus"], int)
                for entry in file["benchmarks"]:
                    for name, types in (("name", str), ("run_name", str), ("run_type", str), ("repetitions", int), ("threads", int),
                                        ("iterations", int), ("real_time", (int, float)), ("cpu_time", (int, float)),
                                        ("time_unit", str)):
                        self.assertIsInstance(entry[name], types, name)
                    self.assertEqual(entry["time_unit"], "ns")
                    if entry["run_type"] == "aggregate":
                        self.assertEqual(entry["name"], f"{entry['run_name']}_{entry['aggregate_name']}")
                        self.assertNotIn("error_occurred", entry)
                    else:
                        self.assertEqual(entry["name"], entry["run_name"])
                        self.assertLess(entry["repetition_index"], entry["repetitions"])

    def test_aggregates_are_those_of_the_rounds(self):
        import statistics
        entries = loaded("gbench", "waiting")["benchmarks"]
        names = {entry["run_name"] for entry in entries if entry["run_type"] == "aggregate"}
        self.assertEqual(len(names), 4)
        for name in names:
            times = [e["real_time"] for e in entries if e["name"] == name]
            own = {e["aggregate_name"]: e["real_time"] for e in entries if e["run_name"] == name and "aggregate_name" in e}
            self.assertAlmostEqual(own["mean"], statistics.mean(times))
            self.assertAlmostEqual(own["median"], statistics.median(times))
            self.assertAlmostEqual(own["stddev"], statistics.stdev(times))
            self.assertAlmostEqual(own["cv"], statistics.stdev(times) / statistics.mean(times))

    def test_google_benchmarks_own_comparison_reads_it(self):
        tool = "/usr/share/benchmark/compare.py"
        if not os.path.exists(tool):
            self.assertFalse(os.environ.get("CI"), "compare.py is not installed (Debian: libbenchmark-tools)")
            self.skipTest("compare.py is not installed (Debian: libbenchmark-tools)")
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for kind in ("waiting", "merged"):
                file = loaded("gbench", "waiting")
                files.append(os.path.join(folder, kind + ".json"))
                if kind == "merged":  # a candidate that takes twice as long
                    for entry in file["benchmarks"]:
                        entry["real_time"] *= 2
                with open(files[-1], "w", encoding="utf-8") as out:
                    json.dump(file, out)
            done = subprocess.run([sys.executable, "-B", tool, "--no-color", "benchmarks", *files], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"waiting/sequential/wait_ms:2/workers:1_median +\+1\.0000")
        self.assertRegex(done.stdout, r"waiting/sequential/wait_ms:2/workers:1_pvalue .*U Test, Repetitions: 8 vs 8")


class Annotations(unittest.TestCase):
    FORM = re.compile(r"::(error|warning) (file=([^,:\n]*),)?(line=(\d+),)?title=([^,:\n]*)::([^\n]*)")

    def test_each_line_is_a_command(self):
        for kind in KINDS:
            text = report("annotations", kind).decode("utf-8", "strict")
            for line in text.splitlines():
                found = self.FORM.fullmatch(line)
                self.assertIsNotNone(found, line[:200])
                self.assertNotRegex(found[7], r"%(?![0-9A-F]{2})")
            self.assertLessEqual(text.count("\n"), 11)

    def test_what_is_escaped_comes_back(self):
        first = self.FORM.match(report("annotations", "hostile").decode())
        self.assertIn(ATTACK_TEXT, urllib.parse.unquote(first[6]))
        self.assertEqual(self.FORM.match(report("annotations").decode())[3], "scenarios/counter/unlocked.cpp")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
