"""Five threads add 1,000 each to one counter: counter.py locked|unlocked|plain.

unlocked: read, let others run (sleep(0)), write what was read plus one: an interpreter lock does not make the three
steps one, and nearly every other thread's additions are lost. plain: `total += 1`, which is as wrong by the language's
rules; but CPython 3.11 switches threads only at calls, jumps back and every 5 ms, and 1,000 turns take less."""
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


if __name__ == "__main__":
    body = {"locked": locked, "unlocked": unlocked, "plain": plain}[sys.argv[1]]
    workers = [threading.Thread(target=body) for _ in range(THREADS)]
    with Timed() as timed:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    tell(timed, THREADS * TURNS, "total", THREADS * TURNS, total)
