"""schema_test.py SCHEMA WRITE_FULL_RUN: holds the schema against what the harness really writes."""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import validate

schema_file, write_full_run = sys.argv[1:3]


def nodes(value):
    """Every object in a schema."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def closed(schema):
    """The same schema, but what it does not describe is wrong."""
    strict = copy.deepcopy(schema)
    for node in nodes(strict):
        if "properties" in node:
            node["additionalProperties"] = False
    return strict


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = validate.load(schema_file)
        with tempfile.TemporaryDirectory() as folder:
            run, words = f"{folder}/run.json", f"{folder}/words.json"
            subprocess.run([write_full_run, run, words], check=True)
            cls.run_json, cls.words = validate.load(run), validate.load(words)

    def wrong(self, change):
        run = copy.deepcopy(self.run_json)
        change(run)
        return validate.errors(self.schema, run)

    def test_a_run_in_which_every_member_says_something_is_valid(self):
        self.assertEqual(validate.errors(self.schema, self.run_json), [])

    def test_the_stored_file_of_this_version_is_valid(self):
        golden = pathlib.Path(__file__).parent / "golden" / "run-1.json"
        self.assertEqual(validate.main(schema_file, str(golden)), 0)

    def test_every_member_that_is_written_is_described(self):
        found = validate.errors(closed(self.schema), self.run_json)
        self.assertEqual(len(found), 1, found)
        self.assertIn("'power' was unexpected", found[0])  # the one that no version knows

    def test_every_described_member_is_written(self):
        written = {key for node in nodes(self.run_json) for key in node}
        described = {key for node in nodes(self.schema) for key in node.get("properties", {})}
        self.assertEqual(described - written, set())

    def test_every_member_has_a_description(self):
        for node in nodes(self.schema):
            for name, member in node.get("properties", {}).items():
                if isinstance(member, dict) and member.get("$ref") != "#/$defs/evidence":
                    self.assertTrue(member.get("description"), name)

    def test_closed_lists_are_those_of_the_harness(self):
        for name, words in self.words.items():
            self.assertEqual(self.schema["$defs"][name]["enum"], words, name)

    def test_members_of_later_versions_are_valid(self):
        self.assertEqual(self.wrong(lambda run: run["trials"][0].update(later={"x": 1})), [])

    def test_what_is_no_run_is_wrong(self):
        def element(name, member, value):
            return lambda run: run[name][0].update({member: value})

        def without(name, member):
            return lambda run: run[name][0].pop(member)

        changes = {
            "a newer schema": lambda run: run.update(schema="chicane.run/2"),
            "no schema": lambda run: run.pop("schema"),
            "no trials": lambda run: run.pop("trials"),
            "trials as an object": lambda run: run.update(trials={}),
            "a negative seed": lambda run: run.update(seed=-1),
            "a seed of 65 bits": lambda run: run.update(seed=1 << 64),
            "an unknown lane": element("trials", "lane", "bensh"),
            "an unknown status": element("trials", "status", "passed"),
            "an unknown placement": element("trials", "placement", []),
            "a measure as text": lambda run: run["trials"][0]["measures"].update(region_ns="1"),
            "workers as a fraction": element("trials", "workers", 1.5),
            "no status": without("trials", "status"),
            "an unknown verdict": element("verdicts", "verdict", "ok"),
            "no why": without("verdicts", "why"),
            "a reference that is none": element("verdicts", "declared", ["7"]),
            "an unknown kind of finding": element("findings", "kind", "race"),
            "no fingerprint": without("findings", "fingerprint"),
            "a stack written out": lambda run: run["findings"][0]["evidence"]["accesses"][0].update(stack=[{}]),
            "a frame's name in a stack": lambda run: run["stacks"].append(["main"]),
            "an id that is no scenario's": element("scenarios", "id", "Counter"),
            "an expectation without must": lambda run: run["scenarios"][0]["expectation"].pop("must"),
            "an estimate without rounds": lambda run: run["summaries"][0]["measures"]["wall_ns_per_operation"].pop("rounds"),
            "a host without cores": without("hosts", "cores"),
            "an unknown build": element("builds", "build", "debug"),
        }
        for what, change in changes.items():
            with self.subTest(what):
                self.assertNotEqual(self.wrong(change), [])

    def test_the_checker_fails_for_a_wrong_file(self):
        with tempfile.TemporaryDirectory() as folder:
            wrong = pathlib.Path(folder) / "run.json"
            wrong.write_text(json.dumps({**self.run_json, "complete": "yes"}), encoding="utf-8")
            checker = str(pathlib.Path(__file__).parent / "validate.py")
            result = subprocess.run([sys.executable, "-B", checker, schema_file, str(wrong)], capture_output=True, text=True)
            self.assertEqual(result.returncode, 1)
            self.assertIn("complete: 'yes' is not of type 'boolean'", result.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
