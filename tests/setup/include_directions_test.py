"""The sources obey the design's direction of dependencies, and the check that says so sees every kind of offence."""
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from include_directions import offences

ROOT = pathlib.Path(__file__).resolve().parents[2]


def offences_of(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return list(offences(folder))


class IncludeDirections(unittest.TestCase):
    maxDiff = None

    def test_the_sources_obey_them(self):
        self.assertEqual(list(offences(ROOT)), [])

    def test_a_direction_that_the_design_draws_is_allowed(self):
        self.assertEqual(offences_of({"harness/model/run.h": "#include <chicane/plugin.h>\n#include <vector>\n",
                                      "harness/judge/judge.h": '#include "harness/model/run.h"\n',
                                      "reports/html.cpp": '#include "harness/judge/judge.h"\n'}), [])

    def assert_offence(self, path, line, *files):
        found = offences_of({path: "// a source\n" + line + "\n", **{file: "" for file in files}})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(path + ":2: "), found)

    def test_the_model_must_not_know_the_judge(self):
        self.assert_offence("harness/model/run.cpp", '#include "harness/judge/judge.h"', "harness/judge/judge.h")

    def test_the_runner_must_not_know_the_supervisor(self):
        self.assert_offence("harness/runner/main.cpp", '#include "harness/supervisor/a.h"', "harness/supervisor/a.h")

    def test_of_the_judge_the_runner_knows_the_fingerprint_alone(self):
        self.assert_offence("harness/runner/main.cpp", '#include "harness/judge/judge.h"', "harness/judge/judge.h")
        self.assertEqual(offences_of({"harness/runner/main.cpp": '#include "harness/judge/fingerprint.h"\n',
                                      "harness/judge/fingerprint.h": ""}), [])

    def test_the_reports_must_not_know_the_supervisor(self):
        self.assert_offence("reports/html.cpp", '#include "harness/supervisor/a.h"', "harness/supervisor/a.h")

    def test_a_scenario_must_not_know_the_harness(self):
        self.assert_offence("scenarios/counter/locked.cpp", '#include "harness/model/run.h"', "harness/model/run.h")

    def test_the_public_headers_know_nothing_but_themselves(self):
        self.assert_offence("harness/api/chicane/a.h", '#include "harness/model/run.h"', "harness/model/run.h")
        self.assert_offence("harness/api/chicane/a.h", "#include <fmt/format.h>")

    def test_project_includes_are_root_relative(self):
        self.assert_offence("harness/judge/judge.cpp", '#include "judge.h"', "harness/judge/judge.h")

    def test_a_library_stays_in_its_home(self):
        self.assert_offence("harness/judge/judge.cpp", "#include <nlohmann/json.hpp>")
        self.assert_offence("harness/supervisor/spawn.cpp", "#include <benchmark/benchmark.h>")

    def test_a_folder_that_the_design_does_not_know_is_named(self):
        self.assertEqual(len(offences_of({"harness/helpers/a.h": "", "harness/model/a.h": ""})), 1)

    def test_no_sources_at_all_is_no_pass(self):
        self.assertEqual(len(offences_of({"README.md": ""})), 1)


if __name__ == "__main__":
    unittest.main()
