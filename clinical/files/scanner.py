"""Asks the virus scanner clamd, where one is configured; without its answer nothing is accepted."""

import logging
import socket
import time

from django.conf import settings

from clinical.files.refusals import FileInfected, ScannerSilent

CONNECT_S, WHOLE_S = 3, 20
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
logger = logging.getLogger(__name__)


def scan(content: bytes) -> None:
    """Refuse what the scanner finds, and everything while it does not answer; does nothing without one."""
    address = settings.CLINICAL_FILES["scanner"]
    if not address:
        return
    try:
        answer = ask(address, content)
    except (OSError, ValueError) as error:
        logger.exception("The virus scanner at %s does not answer", address)
        raise ScannerSilent from error
    if answer.endswith(" FOUND"):
        logger.warning("The virus scanner refuses an upload: %s", answer)
        raise FileInfected
    if answer != "stream: OK":
        logger.error("The virus scanner answers: %s", answer)
        raise ScannerSilent


def ask(address: str, content: bytes) -> str:
    """Send the content with clamd's INSTREAM and return the answer; raises `OSError` on a time-out."""
    deadline = time.monotonic() + WHOLE_S
    with connected(address) as link:
        link.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), CHUNK):
            part = content[at : at + CHUNK]
            link.settimeout(left_until(deadline))
            link.sendall(len(part).to_bytes(4, "big") + part)
        link.sendall(bytes(4))
        answer = b""
        while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0"):
            link.settimeout(left_until(deadline))
            part = link.recv(CHUNK)
            if not part:
                break
            answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace")


def left_until(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner takes too long")
    return left


def connected(address: str) -> socket.socket:
    """From unix:/run/clamav/clamd.ctl or tcp:host:port; raises `ValueError` for anything else."""
    kind, _colon, rest = address.partition(":")
    if kind == "tcp":
        host, _colon, port = rest.rpartition(":")
        return socket.create_connection((host, int(port)), CONNECT_S)
    if kind != "unix":
        raise ValueError(f"not the address of a scanner: {address}")
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(CONNECT_S)
    try:
        link.connect(rest)
    except OSError:
        link.close()
        raise
    return link
