"""Five threads add 1,000 each to one counter: counter.py locked|unlocked|plain.

unlocked: read, let others run (sleep(0)), write what was read plus one. The interpreter lock makes no three steps one,
and nearly every other thread's additions are lost, every time. plain: `total += 1` is three steps as well, and no
promise of the language; but CPython 3.10 and later switch threads at calls and at jumps back only, so that it loses
nothing there. Whoever counts on that has a bad run on an older or a free-threaded interpreter."""
import sys
import threading
import time

from told import Timed, tell

THREADS, TURNS = 5, 1000
total = 0
lock = threading.Lock()


def locked():
    global total
    for _ in range(TURNS):
        with lock:
            total += 1


def unlocked():
    global total
    for _ in range(TURNS):
        seen = total
        time.sleep(0)
        total = seen + 1


def plain():
    global total
    for _ in range(TURNS):
        total += 1


def count(body):
    global total
    total = 0
    workers = [threading.Thread(target=body) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return total


if __name__ == "__main__":
    body, times = {"locked": (locked, 20), "unlocked": (unlocked, 1), "plain": (plain, 20)}[sys.argv[1]]
    with Timed() as timed:
        totals = [count(body) for _ in range(times)]
    tell(timed, times * THREADS * TURNS, "total", [THREADS * TURNS] * times, totals)
