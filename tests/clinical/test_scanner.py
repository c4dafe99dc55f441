"""Where a virus scanner is configured, nothing is accepted without its word."""

import threading
from socket import socketpair

import pytest

from clinical.files import refusals, scanner
from clinical.files.content import examine
from tests.clinical.uploads import (
    PDF,
    upload,
)

pytestmark = pytest.mark.feature("C08")


@pytest.fixture
def clamd(settings, monkeypatch):
    """A scanner that gives the answer it was told to, and what it was sent."""
    received, links = bytearray(), []
    settings.CLINICAL_FILES = settings.CLINICAL_FILES | {"scanner": "unix:/run/clamav/clamd.ctl"}

    def answering(answer: bytes | None):
        ours, theirs = socketpair()
        links.extend((ours, theirs))

        def serve():
            while not received.endswith(bytes(4)):
                received.extend(theirs.recv(65536))
            if answer is not None:
                theirs.sendall(answer)
                theirs.close()

        monkeypatch.setattr(scanner, "connected", lambda _address: ours)
        threading.Thread(target=serve, daemon=True).start()
        return received

    yield answering
    for link in links:
        link.close()


def test_the_scanner_gets_the_file_in_parts_and_decides(clamd):
    received = clamd(b"stream: OK\0")

    file = examine(upload(PDF))

    assert bytes(received) == b"zINSTREAM\0" + len(PDF).to_bytes(4, "big") + PDF + bytes(4)
    assert file.content == PDF


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (b"stream: Eicar-Signature FOUND\0", refusals.FileInfected),
        (b"INSTREAM size limit exceeded. ERROR\0", refusals.ScannerSilent),
        (b"", refusals.ScannerSilent),
    ],
)
def test_what_the_scanner_does_not_pass_is_refused(answer, refusal, clamd):
    clamd(answer)

    with pytest.raises(refusal):
        examine(upload(PDF))


def test_a_scanner_that_hangs_is_given_up(clamd, monkeypatch):
    monkeypatch.setattr(scanner, "WHOLE_S", 0.2)
    clamd(None)

    with pytest.raises(refusals.ScannerSilent):
        examine(upload(PDF))


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1", "http://x", "tcp:x"])
def test_without_the_configured_scanner_nothing_is_accepted(address, settings):
    settings.CLINICAL_FILES = settings.CLINICAL_FILES | {"scanner": address}

    with pytest.raises(refusals.ScannerSilent):
        examine(upload(PDF))
