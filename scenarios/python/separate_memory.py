"""Processes have separate memory: a child's write to a global is not seen by its parent, a thread's is, and one to
shared memory (multiprocessing.Value) is too. No interleaving matters: each writer is waited for before anybody looks.
Whoever believes that a child's write is seen has a bad run every time."""
import multiprocessing
import threading

from told import Timed, tell

TIMES = 5
own = 0
shared = multiprocessing.Value("q", 0)


def write():
    global own
    own += 1
    with shared:
        shared.value += 1


def run(kind):
    worker = kind(target=write)
    worker.start()
    worker.join()


if __name__ == "__main__":
    with Timed() as timed:
        for _ in range(TIMES):
            run(multiprocessing.Process)
    after_processes = (own, shared.value)
    run(threading.Thread)
    tell(timed, TIMES, "own and shared, after the processes and after the thread", ((0, TIMES), (1, TIMES + 1)),
         (after_processes, (own, shared.value)))
