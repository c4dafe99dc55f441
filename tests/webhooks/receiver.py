"""A receiver of webhooks in a thread, of which a test says how it answers."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from threading import Event


class Receiver(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.answer: Callable[[Talk], None] = status(200)
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.came, self.closes = Event(), Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=hospital"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _path, headers, _body in self.taken]

    def handle_error(self, *_request):
        """The sender hangs up where a test says so."""


class Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.taken.append((self.path, headers, body))
        self.server.came.set()
        self.close_connection = True
        self.server.answer(self)

    do_GET = do_POST

    def log_message(self, *_words):
        """Nothing on the terminal."""


def status(code: int, **headers: str) -> Callable[[Talk], None]:
    def answer(talk: Talk) -> None:
        talk.send_response(code)
        for name, value in {"Content-Length": "2", **headers}.items():
            talk.send_header(name, value)
        talk.end_headers()
        talk.wfile.write(b"ok")

    return answer


def hangs(talk: Talk) -> None:
    talk.server.closes.wait(20)


def drips(talk: Talk) -> None:
    """A byte now and then, so that each single read succeeds."""
    for sign in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000:
        talk.wfile.write(bytes([sign]))
        if talk.server.closes.wait(0.05):
            return


def never_ends(talk: Talk) -> None:
    """Lines without end in place of headers."""
    talk.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for line in repeat(b"X-Filler: " + b"x" * 1_000 + b"\r\n"):
        talk.wfile.write(line)


def has_much_to_say(talk: Talk) -> None:
    """A body of a gigabyte."""
    talk.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    for part in repeat(b"x" * 100_000, 10_000):
        talk.wfile.write(part)


def speaks_otherwise(talk: Talk) -> None:
    talk.wfile.write(b"220 mail.example ESMTP\r\n")


@contextmanager
def listening(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    with Receiver() as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            yield server
        finally:
            server.closes.set()
            server.shutdown()
