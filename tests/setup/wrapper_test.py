"""The wrapper, as its user sees it, in a copy of the project where apt, dpkg and the compilers are fakes.

The fakes note their calls in `calls`. dpkg-query knows the packages in `installed`; apt-get adds to them.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ["chicane", "cmake/setup-packages.sh", "cmake/setup-onetbb.sh", "cmake/setup-browser.sh", ".ci/run",
           "tests/browser/with_browser.sh"]
NPM_FILES = ["tests/browser/package.json", "tests/browser/package-lock.json", "tests/browser/.npmrc"]
BUILD = "harness/cli/all harness/runner/all scenarios/all"

FAKES = {
    "dpkg-query": r"""
format=$3; shift 3
for package; do
  grep -qx "$package" "$FAKE/installed" || { missing=1; continue; }
  case $format in *Status*) printf 'installed=%s ' "$package" ;; *) printf 1.0-1 ;; esac
done
[ -z "${missing:-}" ]
""",
    "apt-get": r"""
echo "apt-get $*" >>"$FAKE/calls"
case " $* " in
  *" source "*) echo 'E: no network' >&2; exit 100 ;;
  *" install "*) [ ! -e "$FAKE/apt-breaks" ] || { echo 'E: disk full'; exit 100; }
    for word; do case $word in -* | install | DPkg*) ;; *) echo "$word" >>"$FAKE/installed" ;; esac; done ;;
esac
""",
    "id": 'cat "$FAKE/uid"',
    "sudo": r"""
[ -e "$FAKE/sudo-works" ] || exit 1
[ "$1" = -n ] && shift
[ "$1" = true ] || echo "sudo $*" >>"$FAKE/calls"
exec "$@"
""",
    "npm": r"""
echo "npm $*" >>"$FAKE/calls"
[ ! -e "$FAKE/npm-breaks" ] || { echo 'npm ERR! code ENOTFOUND'; exit 1; }
""",
    "cmake": r"""
echo "cmake $*" >>"$FAKE/calls"
[ ! -e "$FAKE/configure-breaks" ] || { echo 'CMake Error: no such compiler'; exit 1; }
mkdir -p "build/$2" && touch "build/$2/build.ninja"
""",
    "ninja": r"""
tree=$2; shift 2
[ "$1" != -j ] || shift 2
[ "$1" != -t ] || { printf 'bin/chicane-benchmark-%s: CXX_EXECUTABLE_LINKER\n' render loop; exit 0; }
echo "ninja $(basename "$tree") $*" >>"$FAKE/calls"
if [ -e "$FAKE/build-breaks-$(basename "$tree")" ]; then
  printf '[0/1] Re-running CMake...\nCMake Warning: old\n[1/2] Building a.o\n'
  printf 'FAILED: a.o\na.cpp:1:1: error: unknown type name\nninja: build stopped\n'; exit 1
fi
mkdir -p "$tree/bin"
for name in chicane chicane-benchmark-loop chicane-benchmark-render; do
  printf '#!/bin/sh\necho "%s $*"\nexit ${TOOL_EXIT:-0}\n' "$name" >"$tree/bin/$name"; chmod +x "$tree/bin/$name"
done
echo 'ninja: no work to do.'
""",
    "ctest": r"""
echo "ctest $*" >>"$FAKE/calls"
case "$*" in
  *tsan*) cat <<'END'
    Start 1: first
1/3 Test #1: first ......   Passed    0.03 sec
2/3 Test #2: second .....***Failed    0.12 sec
expected 1, got 2
    Start 3: third
3/3 Test #3: third ......***Skipped   0.02 sec
no such tool
67% tests passed, 1 tests failed out of 3
END
    exit 8 ;;
  *) echo '100% tests passed, 0 tests failed out of 3' ;;
esac
""",
}


def packages(section):
    text = (ROOT / "cmake/debian-packages.txt").read_text().split(f"[{section}]\n")[1].split("\n[")[0]
    return re.findall(r"^([a-z0-9][a-z0-9.+-]+)", text, re.MULTILINE)


class Wrapper(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.project = self.folder / "a project"
        for name in SCRIPTS + NPM_FILES + ["cmake/debian-packages.txt", "CMakePresets.json"]:
            (self.project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.project / name)
        (self.folder / "bin").mkdir()
        for name, text in FAKES.items():
            fake = self.folder / "bin" / name
            fake.write_text("#!/bin/bash\n" + text.lstrip())
            fake.chmod(0o755)
        self.note("uid", "1000")
        self.note("installed", "\n".join(packages("tool")) + "\n")

    def note(self, name, text=""):
        (self.folder / name).write_text(text)

    def calls(self, command):
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(command)]

    def run_it(self, *arguments, folder=None, **environment):
        return subprocess.run([str(self.project / "chicane"), *arguments], cwd=folder or self.project,
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                              env={**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
                                   "HOME": str(self.folder), "FAKE": str(self.folder), "XDG_CACHE_HOME": "",
                                   **environment})

    # Set-up

    def test_without_root_and_sudo_it_names_what_is_missing_and_how_to_install_it(self):
        self.note("installed", "\n".join(set(packages("tool")) - {"ninja-build", "libdw-dev"}) + "\n")
        done = self.run_it("setup")
        self.assertEqual(done.returncode, 2)
        self.assertIn("apt-get install --no-install-recommends ninja-build libdw-dev\n", done.stderr)
        self.assertEqual(self.calls("apt-get"), [])

    def test_with_sudo_it_says_what_it_installs_and_installs_only_that(self):
        self.note("installed", "\n".join(set(packages("tool")) - {"cmake"}) + "\n")
        self.note("sudo-works")
        done = self.run_it("setup")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("installing 1 Debian packages with sudo: cmake", done.stderr)
        update, install = self.calls("sudo")
        self.assertTrue(update.endswith(" update"), update)
        self.assertTrue(install.endswith(" install --no-install-recommends cmake"), install)

    def test_as_root_it_needs_no_sudo(self):
        self.note("uid", "0")
        self.note("installed")
        done = self.run_it("setup")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.calls("sudo"), [])
        self.assertTrue(any(call.endswith(" " + " ".join(packages("tool"))) for call in self.calls("apt-get")))

    def test_what_only_tests_need_is_not_installed_for_a_report(self):
        self.assertIn("chromium", packages("browser"))
        self.note("sudo-works")
        done = self.run_it("report")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.calls("sudo") + self.calls("npm"), [])
        self.run_it("setup", "tool", "tests")
        self.assertEqual([call.partition("--no-install-recommends ")[2].split() for call in self.calls("sudo") if " install " in call],
                         [packages("tests"), packages("browser")])

    # What opens pages

    def path_without_npm(self):
        """Every program of this machine but npm, and no fake of it."""
        (self.folder / "bin/npm").unlink()
        programs = self.folder / "programs"
        programs.mkdir()
        for folder in os.environ["PATH"].split(":"):
            for program in pathlib.Path(folder).glob("*"):
                if program.name != "npm" and not os.path.lexists(programs / program.name):
                    (programs / program.name).symlink_to(program)
        return f"{self.folder}/bin:{programs}"

    def test_npm_packages_are_installed_once_as_the_lock_file_says_and_without_their_scripts(self):
        self.note("uid", "0")
        for _ in range(2):
            done = self.run_it("setup", "tests")
            self.assertEqual(done.returncode, 0, done.stderr)
            (call,) = self.calls("npm")
            self.assertTrue(call.startswith("npm ci --ignore-scripts "), call)
            self.assertEqual([line for line in (self.folder / "installed").read_text().splitlines() if line == "npm"], [])
        for name in NPM_FILES:
            self.assertEqual((self.project / "build/browser" / pathlib.Path(name).name).read_text(), (ROOT / name).read_text())
        with open(self.project / NPM_FILES[1], "a") as lock:
            lock.write("\n")
        self.run_it("setup", "tests")
        self.assertEqual(len(self.calls("npm")), 2)

    def test_debian_s_npm_is_installed_where_there_is_none(self):
        self.note("uid", "0")
        done = self.run_it("setup", "tests", PATH=self.path_without_npm())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(self.calls("apt-get")[-1].endswith(" --no-install-recommends npm"), self.calls("apt-get"))

    def test_without_npm_packages_it_goes_on_says_why_and_tries_again_in_setup_alone(self):
        self.note("uid", "0")
        self.note("npm-breaks")
        says = "tests of the HTML pages will be skipped: npm ci failed: npm ERR! code ENOTFOUND"
        self.assertIn(says, self.run_it("test").stderr)
        self.assertNotIn(says, self.run_it("test").stderr)
        self.assertEqual(len(self.calls("npm")), 1)
        self.assertIn(says, self.run_it("setup", "tests").stderr)
        self.assertEqual(len(self.calls("npm")), 2)
        (self.folder / "npm-breaks").unlink()
        self.assertNotIn("skipped", self.run_it("setup", "tests").stderr)
        self.assertFalse((self.project / "build/browser-missing").exists())

    def test_a_test_of_pages_is_skipped_with_the_reason_but_fails_in_ci(self):
        (self.project / "build").mkdir()
        (self.project / "build/browser-missing").write_text("no network\n")
        for ci, status in (("", 77), ("true", 1)):
            done = subprocess.run([self.project / "tests/browser/with_browser.sh", "x.js"], capture_output=True, text=True,
                                  env={**os.environ, "CI": ci})
            self.assertEqual((done.returncode, done.stdout), (status, "not looked at any page: no network\n"))

    def test_the_lock_file_has_exact_versions_and_names_no_host(self):
        package, lock = (json.loads((ROOT / name).read_text()) for name in NPM_FILES[:2])
        for version in package["dependencies"].values():
            self.assertRegex(version, r"^\d+\.\d+\.\d+$")
        self.assertNotIn("://", (ROOT / NPM_FILES[1]).read_text())
        for name, entry in lock["packages"].items():
            self.assertTrue(name == "" or entry["integrity"].startswith("sha512-"), name)

    def test_a_failing_installation_shows_the_end_of_its_log(self):
        self.note("installed")
        self.note("uid", "0")
        self.note("apt-breaks")
        done = self.run_it("setup")
        self.assertEqual(done.returncode, 2)
        self.assertIn("E: disk full", done.stderr)
        self.assertIn("build/logs/packages.log", done.stderr)

    def test_with_everything_installed_apt_is_asked_for_nothing_but_the_source_of_onetbb(self):
        self.assertEqual(self.run_it("setup").returncode, 0)
        self.assertTrue(self.calls("apt-get"))
        for call in self.calls("apt-get"):
            self.assertIn("Dir::Etc::SourceList=/", call)

    def test_without_an_instrumented_onetbb_it_goes_on_and_tells_the_tsan_tree_why(self):
        done = self.run_it("list")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "chicane list\n")
        self.assertIn("no network", done.stderr)
        (tsan,) = self.calls("cmake --preset tsan")
        self.assertRegex(tsan, r"-DCHICANE_TBB_ROOT= -DCHICANE_TBB_MISSING=.*could not be fetched: E: no network$")
        (release,) = self.calls("cmake --preset release")
        self.assertNotIn("TBB", release)

    def test_a_onetbb_that_could_not_be_had_is_tried_again_by_setup_alone(self):
        self.run_it("list")
        tried = len(self.calls("apt-get"))
        self.run_it("list")
        self.assertEqual(len(self.calls("apt-get")), tried)
        self.run_it("setup")
        self.assertGreater(len(self.calls("apt-get")), tried)

    def test_a_onetbb_in_the_cache_is_taken_and_apt_left_alone(self):
        prefix = self.folder / ".cache/chicane/onetbb-tsan-1.0-1-clang-1.0-1-r1"
        (prefix / "lib/cmake/TBB").mkdir(parents=True)
        (prefix / "lib/cmake/TBB/TBBConfig.cmake").touch()
        done = self.run_it("list")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.calls("apt-get"), [])
        (tsan,) = self.calls("cmake --preset tsan")
        self.assertTrue(tsan.endswith(f"-DCHICANE_TBB_ROOT={prefix} -DCHICANE_TBB_MISSING="), tsan)

    # Building

    def test_the_second_call_configures_nothing_and_says_nothing(self):
        self.run_it("list")
        configured = len(self.calls("cmake"))
        done = self.run_it("list")
        self.assertEqual(len(self.calls("cmake")), configured)
        self.assertEqual(done.stderr, "")

    def test_changed_presets_are_configured_again(self):
        self.run_it("list")
        configured = len(self.calls("cmake"))
        (self.project / "CMakePresets.json").write_text("{}")
        self.run_it("list")
        self.assertEqual(len(self.calls("cmake")), configured + 4)

    def test_a_failing_compile_shows_the_error_and_runs_nothing(self):
        self.note("build-breaks-tsan")
        done = self.run_it("list")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        self.assertIn("building tsan failed", done.stderr)
        self.assertIn("a.cpp:1:1: error: unknown type name", done.stderr)
        self.assertIn("build/logs/build-tsan.log", done.stderr)

    def test_a_failing_configure_shows_the_error_and_is_tried_again(self):
        self.note("configure-breaks")
        done = self.run_it("list")
        self.assertEqual(done.returncode, 2)
        self.assertIn("CMake Error: no such compiler", done.stderr)
        (self.folder / "configure-breaks").unlink()
        self.assertEqual(self.run_it("list").returncode, 0)

    # Commands

    def test_report_runs_every_lane_and_passes_its_arguments_and_its_exit_code_on(self):
        done = self.run_it("report", "--quick", "--seed", "7", TOOL_EXIT="4")
        self.assertEqual(done.stdout, "chicane run --quick --seed 7 -o out\n")
        self.assertEqual(done.returncode, 4)
        self.assertEqual(self.calls("ninja"), [f"ninja release {BUILD}", "ninja tsan harness/runner/all scenarios/all",
                                               "ninja asan harness/runner/all scenarios/all",
                                               "ninja explore harness/runner/all scenarios/all"])

    def test_report_writes_into_the_project_from_any_folder(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        done = self.run_it("report", folder=elsewhere)
        self.assertEqual(done.stdout, "chicane run -o ../a project/out\n")

    def test_report_of_a_stored_run_makes_it_again(self):
        for arguments in (["out/run.json"], ["--format", "junit"], ["--format=json"], ["-o", "x.html"],
                          ["a/run.json", "b/run.json", "--open"], ["--quick", "--open"]):
            self.assertEqual(self.run_it("report", *arguments).stdout, f"chicane report {' '.join(arguments)}\n")

    def test_help_of_report_tells_of_both_its_forms(self):
        lines = self.run_it("report", "--quick", "--help").stdout.splitlines()
        self.assertIn("./chicane run --help", lines[0])
        self.assertEqual(lines[-1], "chicane report --help")

    def test_help_of_the_wrappers_own_commands_sets_nothing_up(self):
        self.note("installed")
        campaign = self.project / "tests/soak/seeds.py"
        campaign.parent.mkdir(parents=True)
        campaign.write_text('"""seeds.py CHICANE REVISION [RUNS]: many."""\n')
        for command in ("test", "benchmark", "soak", "lint", "setup"):
            done = self.run_it(command, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            self.assertIn(f"./chicane {command} ", done.stdout)
            self.assertEqual("  seeds [RUNS]: many." in done.stdout, command == "soak")
        self.assertEqual(self.calls("ninja"), [])

    def test_report_of_programs_runs_them(self):
        for arguments in (["--programs", "mine.json"], ["--programs=mine.json"]):
            self.assertEqual(self.run_it("report", *arguments).stdout, f"chicane run {' '.join(arguments)} -o out\n")

    def test_other_commands_go_to_the_tool_with_their_arguments(self):
        done = self.run_it("run", "counter/*", "--budget", "1 s", TOOL_EXIT="3")
        self.assertEqual((done.stdout, done.returncode), ("chicane run counter/* --budget 1 s\n", 3))

    def test_test_runs_every_preset_even_when_one_fails_and_closes_with_a_line_for_each(self):
        self.note("uid", "0")
        done = self.run_it("test", "-R", "judge")
        self.assertEqual(done.returncode, 1)
        self.assertEqual([call.split()[2] for call in self.calls("ctest")], ["release", "tsan", "asan"])
        self.assertTrue(all(call.endswith(" -R judge") for call in self.calls("ctest")))
        closing = done.stdout.splitlines()[-3:]
        self.assertEqual(closing[0], "chicane test: release: 100% tests passed, 0 tests failed out of 3")
        self.assertTrue(closing[1].startswith("chicane test: tsan: FAILED, 67% tests passed"), closing)
        self.assertEqual(closing[2], "chicane test: asan: 100% tests passed, 0 tests failed out of 3")
        self.assertTrue(all("-DCHICANE_TESTS=ON" in call for call in self.calls("cmake")))
        again = done.stdout.splitlines()[:-3]
        self.assertEqual(again[-2:], ["chicane test: tsan: second .....***Failed    0.12 sec", "  expected 1, got 2"])

    def test_a_preset_that_does_not_build_fails_the_test_and_the_others_still_run(self):
        self.note("uid", "0")
        self.note("build-breaks-release")
        done = self.run_it("test")
        self.assertEqual(done.returncode, 1)
        self.assertIn("chicane test: release: not built, so not tested\n", done.stdout)
        self.assertEqual([call.split()[2] for call in self.calls("ctest")], ["tsan", "asan"])

    def test_benchmark_runs_those_named_or_all(self):
        self.note("uid", "0")
        self.assertEqual(self.run_it("benchmark", "render").stdout, "chicane-benchmark-render \n")
        self.assertEqual(self.run_it("benchmark").stdout, "chicane-benchmark-loop \nchicane-benchmark-render \n")

    def test_an_unknown_benchmark_is_refused_with_the_list_of_known_ones(self):
        self.note("uid", "0")
        done = self.run_it("benchmark", "lop")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("no benchmark is named 'lop'; there are: loop render", done.stderr)

    def test_an_unknown_campaign_is_refused_with_the_list_of_known_ones(self):
        soak = self.project / "tests/soak"
        soak.mkdir(parents=True)
        (soak / "verdicts.py").write_text("import sys; print(sys.argv[3:])")
        self.note("uid", "0")
        done = self.run_it("soak", "verdict")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no campaign is named 'verdict'; there are: verdicts", done.stderr)
        self.assertEqual(self.run_it("soak", "verdicts", "100").stdout, "['100']\n")

    def test_a_campaign_says_what_it_wants_built(self):
        soak = self.project / "tests/soak"
        soak.mkdir(parents=True)
        (soak / "kills.py").write_text("# builds: release tests/cli/resume/all\nimport sys; print(sys.argv[3:])")
        self.note("uid", "0")
        done = self.run_it("soak", "kills", "100")
        self.assertEqual(done.stdout, "['100']\n", done.stderr)
        self.assertIn("ninja release tests/cli/resume/all", self.calls("ninja"))
        self.assertTrue((self.project / "build/with-tests").exists())

    def test_help_lists_every_command_without_any_set_up(self):
        self.note("installed")
        done = self.run_it("--help")
        self.assertEqual(done.returncode, 0)
        for word in ("report", "test", "benchmark", "setup", "soak", "lint"):
            self.assertIn(f"./chicane {word}", done.stdout)
        self.assertEqual(self.run_it().returncode, 2)

    def test_an_unknown_part_of_setup_is_refused(self):
        done = self.run_it("setup", "everything")
        self.assertEqual(done.returncode, 2)
        self.assertIn("unknown part 'everything'", done.stderr)


class Scripts(unittest.TestCase):
    def test_they_are_valid_bash(self):
        for script in SCRIPTS:
            subprocess.run(["bash", "-n", ROOT / script], check=True)

    def test_shellcheck_has_no_remarks(self):
        checked = subprocess.run(["shellcheck", "-x", *SCRIPTS], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_what_ci_runs_is_what_a_user_runs(self):
        self.assertIn('/../chicane" test', (ROOT / ".ci/run").read_text())
        for script in SCRIPTS:
            self.assertTrue(os.access(ROOT / script, os.X_OK), script)


if __name__ == "__main__":
    unittest.main()
