"""What workers that only wait take of memory: memory.py threads|processes. All of them are started and wait while the
share of resident memory of all processes (smaps_rollup's Pss: a page that two have counts half in each) is read; then
they are let go. A thread touches little of its stack; a forked process is a copy of the interpreter, whose pages stay
shared until somebody writes to them, and counting a reference is a write. No interleaving matters."""
import multiprocessing
import sys
import threading

from told import Timed, tell

WORKERS = {"threads": 200, "processes": 8}


def resident_bytes(process="self"):
    with open(f"/proc/{process}/smaps_rollup") as rollup:
        for line in rollup:
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def threads(count):
    before = resident_bytes()
    all_there, go = threading.Barrier(count + 1), threading.Event()

    def wait():
        all_there.wait()
        go.wait()

    workers = [threading.Thread(target=wait) for _ in range(count)]
    for worker in workers:
        worker.start()
    all_there.wait()
    taken = resident_bytes() - before
    go.set()
    for worker in workers:
        worker.join()
    return count, taken / count


def wait_for(there, go):
    there.release()
    go.wait()


def processes(count):
    before = resident_bytes()
    there, go = multiprocessing.Semaphore(0), multiprocessing.Event()
    workers = [multiprocessing.Process(target=wait_for, args=(there, go)) for _ in range(count)]
    for worker in workers:
        worker.start()
    for _ in workers:
        there.acquire()
    taken = resident_bytes() + sum(resident_bytes(worker.pid) for worker in workers) - before
    go.set()
    for worker in workers:
        worker.join()
    return sum(worker.exitcode == 0 for worker in workers), taken / count


if __name__ == "__main__":
    kind = sys.argv[1]
    with Timed() as timed:
        ended, bytes_each = {"threads": threads, "processes": processes}[kind](WORKERS[kind])
    tell(timed, WORKERS[kind], "workers that ended", WORKERS[kind], ended, bytes_per_worker=bytes_each)
