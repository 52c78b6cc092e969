"""A semaphore with two places and five threads that want in: at most two are ever inside at once. The high-water mark
is kept under a lock, because `most = max(most, inside)` is three steps; each thread stays inside for a moment, so that
the others come to wait. A third one inside would be the bad run."""
import threading
import time

from told import Timed, tell

THREADS, TURNS = 5, 20
places = threading.Semaphore(2)
lock = threading.Lock()
inside = most = 0


def work():
    global inside, most
    for _ in range(TURNS):
        with places:
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.0002)
            with lock:
                inside -= 1


if __name__ == "__main__":
    workers = [threading.Thread(target=work) for _ in range(THREADS)]
    with Timed() as timed:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    tell(timed, THREADS * TURNS, "never more than two inside, none at the end", (True, 0), (most <= 2, inside),
         most_inside=most)
