"""A mail server in a thread, of which a test says how it answers each recipient and each message."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ACCEPTS, HANGS_UP = "250 OK", ""


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, answer: Callable[[str], str], taken: Callable[[str], str] = lambda _to: ACCEPTS):
        super().__init__(("127.0.0.1", 0), Talk)
        self.answer, self.taken = answer, taken
        self.connections, self.offered = 0, []
        self.kept: list[tuple[str, str]] = []  # to whom, and the whole message


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        self.say("220 ready")
        to = ""
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self.server.offered.append(to)
                reply = self.server.answer(to)
            elif command == "DATA":
                self.say("354 go on")
                message = self.read_message()
                reply = self.server.taken(to)
                if reply.startswith("2"):
                    self.server.kept.append((to, message))
            else:
                reply = "221 bye" if command == "QUIT" else ACCEPTS
            if reply == HANGS_UP:
                return
            self.say(reply)
            if reply.startswith(("221", "421")):
                return

    def read_message(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines).decode()

    def say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())


@contextmanager
def mail_server(
    settings, answer: Callable[[str], str], taken: Callable[[str], str] = lambda _to: ACCEPTS
) -> Iterator[MailServer]:
    with MailServer(answer, taken) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        try:
            yield server
        finally:
            server.shutdown()
