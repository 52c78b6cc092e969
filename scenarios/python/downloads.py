"""Sixteen files from an HTTP server on loopback, saved and verified: downloads.py WAY. The server is http.server in a
process of its own, which waits for 5 ms before each answer, as a far one would; the rest of a download is work for the
CPU. While one download waits, another can go on, in a thread, a process or a coroutine (asyncio's streams).

The ways: sequential, threads (one a file), processes (4), coroutines, pool (8 threads)."""
import asyncio
import http.server
import multiprocessing
import pathlib
import sys
import tempfile
import threading
import time
import urllib.request
import zlib
from concurrent.futures import ThreadPoolExecutor

from told import Timed, tell

FILES = 16
DELAY_S = 0.005


def content(number):
    return bytes(range(256)) * (4 * (1 + number))


class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(DELAY_S)
        body = content(int(self.path[1:]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64  # all ask at once


def serve(told):
    with Server(("127.0.0.1", 0), Slow) as server:
        told.send(server.server_address[1])
        server.serve_forever()


def download(port, number, folder):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{number}") as answer:
        (folder / str(number)).write_bytes(answer.read())


def sequential(port, folder):
    for number in range(FILES):
        download(port, number, folder)


def workers(kind, shares, port, folder):
    def work(share):
        for number in share:
            download(port, number, folder)

    running = [kind(target=work, args=(share,)) for share in shares]
    for worker in running:
        worker.start()
    for worker in running:
        worker.join()


def threads(port, folder):
    workers(threading.Thread, [[number] for number in range(FILES)], port, folder)


def processes(port, folder):
    workers(multiprocessing.Process, [range(first, FILES, 4) for first in range(4)], port, folder)


def pool(port, folder):
    with ThreadPoolExecutor(8) as threads_there:
        list(threads_there.map(lambda number: download(port, number, folder), range(FILES)))


async def download_there(port, number, folder):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /{number} HTTP/1.0\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    (folder / str(number)).write_bytes(answer.partition(b"\r\n\r\n")[2])


async def all_there(port, folder):
    await asyncio.gather(*(download_there(port, number, folder) for number in range(FILES)))


def coroutines(port, folder):
    asyncio.run(all_there(port, folder))


WAYS = {way.__name__: way for way in (sequential, threads, processes, coroutines, pool)}


def saved_right(folder, number):
    file = folder / str(number)
    return file.exists() and zlib.crc32(file.read_bytes()) == zlib.crc32(content(number))


if __name__ == "__main__":
    heard, told = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(told,), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        port = heard.recv()
        with Timed() as timed:
            WAYS[sys.argv[1]](port, folder)
        right = sum(saved_right(folder, number) for number in range(FILES))
    server.terminate()
    server.join()
    tell(timed, 1, "files that are right", FILES, right, files_per_second=FILES / timed.region_ns * 1e9)
