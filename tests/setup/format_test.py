"""Every source is formatted as .clang-format says, and the check can tell."""
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECK = ["clang-format-19", f"--style=file:{ROOT}/.clang-format", "--dry-run", "-Werror"]


def unformatted(files):
    checked = subprocess.run(CHECK + [str(file) for file in files], capture_output=True, text=True)
    seen = sorted({line.split(":")[0] for line in checked.stderr.splitlines() if ": error: " in line})
    return seen or [f"clang-format-19 failed: {checked.stderr}"] if checked.returncode else []


class Format(unittest.TestCase):
    maxDiff = None

    def test_every_source_is_formatted(self):
        files = [file for part in ("harness", "reports", "scenarios", "tests") for file in sorted((ROOT / part).rglob("*"))
                 if file.suffix in (".h", ".cpp", ".c")]
        self.assertTrue(files)
        self.assertEqual(unformatted(files), [])

    def test_a_source_that_is_not_is_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "a.cpp")
            source.write_text("int  main( ) {return 0 ;}\n")
            self.assertEqual(unformatted([source]), [str(source)])


if __name__ == "__main__":
    unittest.main()
