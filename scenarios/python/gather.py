"""asyncio.gather: coroutines that wait at once on one thread: gather.py two|in-a-row|many.

two: waits of 1 and of 2 units of time take the longer one, not their sum; in-a-row awaits one after the other, and
takes the sum. many: 10,000 wait until the last one is there, and what they take of memory meanwhile is read (the
process's share of resident memory). Between two awaits nothing else runs, so the counts need no lock."""
import asyncio
import sys

from memory import resident_bytes
from told import Timed, tell

UNIT_S = 0.02
TIMES = 3
MANY = 10_000


async def wait(units):
    await asyncio.sleep(units * UNIT_S)
    return units


async def two():
    return list(await asyncio.gather(wait(1), wait(2)))


async def in_a_row():
    return [await wait(1), await wait(2)]


async def many():
    before = resident_bytes()
    waiting, taken = 0, 0.0
    all_there = asyncio.Event()

    async def one():
        nonlocal waiting, taken
        waiting += 1
        if waiting == MANY:
            taken = resident_bytes() - before
            all_there.set()
        await all_there.wait()
        return 1

    return sum(await asyncio.gather(*(one() for _ in range(MANY)))), taken / MANY


if __name__ == "__main__":
    if sys.argv[1] == "many":
        with Timed() as timed:
            ended, bytes_each = asyncio.run(many())
        tell(timed, MANY, "tasks that ended", MANY, ended, bytes_per_waiting_task=bytes_each)
    else:
        way = {"two": two, "in-a-row": in_a_row}[sys.argv[1]]
        with Timed() as timed:
            results = [asyncio.run(way()) for _ in range(TIMES)]
        tell(timed, TIMES, "results", [[1, 2]] * TIMES, results)
