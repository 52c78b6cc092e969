"""CPU work: the factorials of sixteen numbers, their products made one by one: factorials.py WAY. Only one thread at a
time runs Python code (the interpreter lock), so threads gain nothing here and pay for taking turns; processes have an
interpreter each. More of them than cores (processes-2x) only take turns too. Each result is checked by its remainder.

The ways: sequential, threads, processes, processes-2x, pool (a process pool that is there before), coroutines (gathered
on one thread: nothing waits, so nothing overlaps)."""
import asyncio
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor

from told import Timed, tell

PRIME = 4294967291  # the largest below 2**32: no factorial below leaves 0
NUMBERS = range(5000, 5016)
CORES = len(os.sched_getaffinity(0))


def digest(number):
    product = 1
    for factor in range(2, number + 1):
        product *= factor
    return product % PRIME


def right_digest(number):  # without big numbers
    remainder = 1
    for factor in range(2, number + 1):
        remainder = remainder * factor % PRIME
    return remainder


def sequential():
    return [digest(number) for number in NUMBERS]


def threads():
    results = [0] * len(NUMBERS)

    def work(first):
        for index in range(first, len(NUMBERS), CORES):
            results[index] = digest(NUMBERS[index])

    workers = [threading.Thread(target=work, args=(first,)) for first in range(CORES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results


def share(results, first, step):
    for index in range(first, len(NUMBERS), step):
        results[index] = digest(NUMBERS[index])


def processes(count):
    results = multiprocessing.RawArray("Q", len(NUMBERS))
    workers = [multiprocessing.Process(target=share, args=(results, first, count)) for first in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return list(results)


async def digest_later(number):
    return digest(number)


async def gathered():
    return await asyncio.gather(*(digest_later(number) for number in NUMBERS))


def timed_in_pool():
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(abs, range(CORES)))
        with Timed() as timed:
            return timed, list(pool.map(digest, NUMBERS))


WAYS = {"sequential": sequential, "threads": threads, "processes": lambda: processes(CORES),
        "processes-2x": lambda: processes(2 * CORES), "coroutines": lambda: asyncio.run(gathered())}

if __name__ == "__main__":
    if sys.argv[1] == "pool":
        timed, results = timed_in_pool()
    else:
        with Timed() as timed:
            results = WAYS[sys.argv[1]]()
    right = [right_digest(number) for number in NUMBERS]
    tell(timed, 1, "wrong digests", 0, sum(a != b for a, b in zip(right, results)))
