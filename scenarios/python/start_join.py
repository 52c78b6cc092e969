"""What it costs to start a worker that does nothing and to wait for its end: start_join.py thread|process.

A thread is one clone() and a new thread state in the same interpreter; a process (fork, CPython 3.11's default on
Linux) copies the page tables of the whole interpreter and runs multiprocessing's own start and end in the child. Each
tells that it ran, so that none can be skipped: a thread appends to a list, which is one step under the interpreter
lock and read after the join; a process tells it by its exit status."""
import multiprocessing
import sys
import threading

from told import Timed, tell

STARTS = {"thread": 500, "process": 25}


def threads(times):
    ran = []
    for _ in range(times):
        worker = threading.Thread(target=ran.append, args=(1,))
        worker.start()
        worker.join()
    return len(ran)


def nothing():
    pass


def processes(times):
    ended = 0
    for _ in range(times):
        worker = multiprocessing.Process(target=nothing)
        worker.start()
        worker.join()
        ended += worker.exitcode == 0
    return ended


if __name__ == "__main__":
    kind = sys.argv[1]
    times = STARTS[kind]
    with Timed() as timed:
        ran = {"thread": threads, "process": processes}[kind](times)
    tell(timed, times, "workers that ran", times, ran)
