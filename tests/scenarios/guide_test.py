#!/usr/bin/env python3
"""guide_test.py SOURCE BUILD CHICANE TREE: every C++ block of docs/writing-a-scenario.md is a whole plugin. It compiles
by the guide's own command for this build, without warnings where there are more of them, and what it declares is true.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

source, build, chicane, tree = sys.argv[1:]
GUIDE = (pathlib.Path(source) / "docs" / "writing-a-scenario.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```cpp\n(.*?)^```", GUIDE, re.S | re.M)
COMMANDS = [line for block in re.findall(r"^```sh\n(.*?)^```", GUIDE, re.S | re.M) for line in block.splitlines()]
OUTPUT = {"plain": "mine.so", "tsan": "mine-tsan.so"}[build]
LANE = {"plain": "bench", "tsan": "tsan"}[build]
# As the guide says, from the project's root, whose harness/api is in the folder by a link.
COMPILE = [line for line in COMMANDS if line.endswith(f"-o {OUTPUT}")]


def run(command, folder):
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=250)


class Guide(unittest.TestCase):
    def folder(self, code):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        folder = pathlib.Path(holder.name)
        (folder / "harness").symlink_to(pathlib.Path(source) / "harness")
        (folder / "mine.cpp").write_text(code, encoding="utf-8")
        return folder

    def compiled(self, code):
        folder = self.folder(code)
        done = run(shlex.split(COMPILE[0]), folder)
        self.assertEqual(done.returncode, 0, f"{COMPILE[0]}\n{done.stderr}")
        return folder

    def test_has_one_command_for_this_build(self):
        self.assertEqual(len(COMPILE), 1, COMMANDS)

    def test_first_scenario_is_under_25_lines(self):
        self.assertLess(BLOCKS[0].count("\n"), 25)

    def test_code_has_no_warnings(self):
        for code in BLOCKS:
            with self.subTest(code.splitlines()[0]):
                folder = self.folder(code)
                compiler, *flags = [word for word in shlex.split(COMPILE[0]) if word != "-shared"]  # not linked here
                done = run([compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", *flags], folder)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_what_it_declares_is_true(self):
        # All at once, as plugins of one run: so their ids differ, too.
        plugins = [str(self.compiled(code) / OUTPUT) for code in BLOCKS]
        with tempfile.TemporaryDirectory() as out:
            command = [chicane, "run", "--tree", tree, "--lanes", LANE, "-o", out, "--rounds", "2", "--processes", "8",
                       "--slice", "20ms"]
            for plugin in plugins:
                command += ["--plugin", plugin]
            done = run(command, out)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for name in re.findall(r'CHICANE_(?:SCENARIO|LITMUS)\("([^"]+)"', "".join(BLOCKS)):
            self.assertIn(name, done.stdout)

    def test_a_wrong_declaration_is_found_out(self):
        if build != "tsan":
            self.skipTest("the plain lanes see no races")
        code = re.sub(r"\n\s*\.must\([^;]*\);", ";", BLOCKS[0])
        self.assertNotEqual(code, BLOCKS[0])
        plugin = self.compiled(code) / OUTPUT
        with tempfile.TemporaryDirectory() as out:
            done = run([chicane, "run", "--tree", tree, "--lanes", LANE, "-o", out, "--processes", "8", "--slice", "20ms",
                        "--plugin", str(plugin)], out)
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("mine/hasty", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
