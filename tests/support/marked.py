"""Processes that are found by a mark in their environment, whatever session or parent they have."""
import os
import time

MARK = "CHICANE_TEST_MARK"


def marked(mark):
    """Ids of living processes with the mark; a zombie's environment is empty."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if wanted in file.read().split(b"\0"):
                    found.append(int(pid))
        except OSError:
            pass  # it has ended, or is not ours
    return found


def left_after(mark):
    """What is left of a run that has ended: the kernel and the keepers get a moment, a daemon would sleep on."""
    deadline = time.monotonic() + 20
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.005)
    return left
