"""What a message costs between two threads (queue.Queue) and between two processes (multiprocessing.Queue): messages.py
threads|processes. Within a process a reference is handed over; between processes the message is pickled, written to a
pipe by a thread of its own, and read again. Messages are numbered; they must all come, and in order."""
import multiprocessing
import queue
import sys
import threading

from told import Timed, tell

MESSAGES = {"threads": 10_000, "processes": 3_000}
KINDS = {"threads": (queue.Queue, threading.Thread), "processes": (multiprocessing.Queue, multiprocessing.Process)}


def send(to, count):
    for number in range(count):
        to.put(number)


if __name__ == "__main__":
    channel_of, worker_of = KINDS[sys.argv[1]]
    count = MESSAGES[sys.argv[1]]
    channel = channel_of()
    sender = worker_of(target=send, args=(channel, count))
    with Timed() as timed:
        sender.start()
        in_order = sum(channel.get() == number for number in range(count))
    sender.join()
    tell(timed, count, "messages in order", count, in_order)
