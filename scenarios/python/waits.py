"""Two tasks that wait for one unit of time each, as for a disk or a peer: waits.py WAY. One after the other takes two
units, at once takes one, by whatever means: a wait needs no CPU, so the interpreter lock, which a waiting thread gives
up, is in nobody's way. A third worker finds nothing to do. Each task gives its number back, and both must come.

The ways: sequential, threads, processes, coroutines, and pools of 2 or 3 threads (pool-2, pool-3)."""
import asyncio
import multiprocessing
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from told import Timed, tell

UNIT_S = 0.02
TIMES = 3


def wait(number):
    time.sleep(UNIT_S)
    return number


def sequential():
    return [wait(1), wait(2)]


def threads():
    results = []
    workers = [threading.Thread(target=lambda n=number: results.append(wait(n))) for number in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sorted(results)


def put(queue, number):
    queue.put(wait(number))


def processes():
    queue = multiprocessing.SimpleQueue()
    workers = [multiprocessing.Process(target=put, args=(queue, number)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    results = sorted(queue.get() for _ in workers)
    for worker in workers:
        worker.join()
    return results


async def wait_there(number):
    await asyncio.sleep(UNIT_S)
    return number


async def both():
    return await asyncio.gather(wait_there(1), wait_there(2))


def coroutines():
    return list(asyncio.run(both()))


def in_pool(workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(wait, (1, 2)))


WAYS = {"sequential": sequential, "threads": threads, "processes": processes, "coroutines": coroutines,
        "pool-2": lambda: in_pool(2), "pool-3": lambda: in_pool(3)}

if __name__ == "__main__":
    way = WAYS[sys.argv[1]]
    with Timed() as timed:
        results = [way() for _ in range(TIMES)]
    tell(timed, TIMES, "results", [[1, 2]] * TIMES, results)
