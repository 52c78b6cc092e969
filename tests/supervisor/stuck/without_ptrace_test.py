"""without_ptrace_test.py WITHOUT_PTRACE CHICANE TREE: where ptrace is refused, kinds are still told apart, and it is said."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

WITHOUT_PTRACE, CHICANE, TREE = sys.argv[1:4]


def findings(*before):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([*before, CHICANE, "run", "deadlock/lock-order", "deadlock/notify-before-wait",
                               "deadlock/barrier-one-short", "--tree", TREE, "--lanes", "stress", "--quick", "-o", folder],
                              text=True, capture_output=True, timeout=100)
        with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
            run = json.load(file)
    return done, run, {finding["kind"]: finding for finding in run["findings"]}


class WithoutPtrace(unittest.TestCase):
    def test_kinds_are_told_from_proc_alone_and_the_missing_stacks_are_explained(self):
        done, run, found = findings(WITHOUT_PTRACE)
        self.assertEqual(set(found), {"deadlock", "lost_wakeup", "hang"}, done.stderr)
        for finding in found.values():
            message = finding["evidence"]["message"]
            self.assertIn("ptrace was refused (Operation not permitted)", message)
            for labelled in finding["evidence"]["stacks"]:
                self.assertIn("system call 202", labelled["label"])
                self.assertFalse("stack" in labelled and run["stacks"][labelled["stack"]])
        self.assertIn("held by thread", found["deadlock"]["evidence"]["message"])

    def test_with_ptrace_the_same_findings_have_their_stacks(self):
        done, run, found = findings()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for kind, function in (("deadlock", "LockOrder::move"), ("lost_wakeup", "NotifyBeforeWait::sleep"),
                               ("hang", "BarrierOneShort::work")):
            functions = {run["frames"][frame].get("function", "")
                         for labelled in found[kind]["evidence"]["stacks"] for frame in run["stacks"][labelled["stack"]]}
            self.assertTrue(any(function in name for name in functions), f"{kind}: {functions}")


unittest.main(argv=sys.argv[:1], verbosity=2)
