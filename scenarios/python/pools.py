"""What a tiny task costs in a pool of two that is already there: pools.py threads|processes|executor. threads is
concurrent.futures' ThreadPoolExecutor, processes multiprocessing.Pool, executor ProcessPoolExecutor. A first map, not
timed, starts the workers; that is what a pool spares the others. Each task is handed over alone (chunksize 1): a pickle
and a pipe for processes, a lock and a queue for threads. Results come in the order of the tasks."""
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from told import Timed, tell

WORKERS = 2
TASKS = {"threads": 2000, "processes": 500, "executor": 300}
POOLS = {"threads": lambda: ThreadPoolExecutor(WORKERS), "processes": lambda: multiprocessing.Pool(WORKERS),
         "executor": lambda: ProcessPoolExecutor(WORKERS)}


def square(number):
    return number * number


if __name__ == "__main__":
    kind = sys.argv[1]
    numbers = range(TASKS[kind])
    with POOLS[kind]() as pool:
        list(pool.map(square, range(WORKERS)))
        with Timed() as timed:
            squares = list(pool.map(square, numbers, chunksize=1))
    tell(timed, len(numbers), "squares that are right", len(numbers), sum(a == b * b for a, b in zip(squares, numbers)))
