"""Runs a command with a private MariaDB server on a socket in a temporary folder, then removes it.

    python tests/mariadb.py -- pytest tests/scheduling
    python tests/mariadb.py --durable -- python manage.py migrate

The command finds DATABASE_URL in its environment. The server does not listen on the
network, and its account has only the rights that the README asks for.
"""

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

START_SECONDS = 60
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])

INSTALL = ["--auth-root-authentication-method=normal", "--skip-test-db"]
SERVER = [
    "--skip-networking",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_ci",
    "--max-connections=400",
    "--innodb-buffer-pool-size=256M",
    "--innodb-lock-wait-timeout=10",
]
# Tests need no crash safety, so the server does not wait for disks.
FAST = [
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-flush-method=nosync",
]
DURABLE = ["--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1"]
SMALL_LOG = "--innodb-log-file-size=48M"

# The test runner creates a database `test_hms…` for each worker.
ACCOUNT = r"""
CREATE DATABASE hms;
CREATE USER hms@localhost IDENTIFIED BY 'hms';
GRANT ALL PRIVILEGES ON hms.* TO hms@localhost;
GRANT ALL PRIVILEGES ON `test\_hms%`.* TO hms@localhost;
"""


@contextmanager
def private_mariadb(*, durable: bool = False) -> Iterator[str]:
    """Yield the DATABASE_URL of an empty server that runs for the duration of the block.

    A durable server keeps its files on disk and flushes them at every commit, as measurements need;
    otherwise the files are in memory where possible.
    """
    folder = Path(tempfile.mkdtemp(prefix="hms-db-", dir=None if durable else fast_folder()))
    try:
        with _server(folder, durable=durable) as socket:
            run_sql(socket, ACCOUNT)
            yield f"mysql://hms:hms@localhost/hms?unix_socket={quote(str(socket), safe='')}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(folder: Path, *, durable: bool) -> Iterator[Path]:
    socket, log = folder / "s", folder / "log"
    common = ["--no-defaults", f"--datadir={folder / 'data'}", f"--tmpdir={folder}", SMALL_LOG]
    if os.geteuid() == 0:
        common.append("--user=root")
    install = [program("mariadb-install-db"), *common, *INSTALL]
    serve = [program("mariadbd"), *common, *SERVER, *(DURABLE if durable else FAST)]
    serve += [f"--socket={socket}", f"--pid-file={folder / 'pid'}"]
    with log.open("w") as out:
        subprocess.run(install, check=True, stdout=out, stderr=out)
        process = subprocess.Popen(
            serve, stdout=out, stderr=out, start_new_session=True, preexec_fn=die_with_parent
        )
    try:
        wait_until_ready(process, socket, log)
        yield socket
    finally:
        if process.poll() is not None:
            print(f"mariadbd ended before its time:\n{log.read_text()}", file=sys.stderr)
        stop(process)


def wait_until_ready(process: subprocess.Popen, socket: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if socket.exists():
            return
        time.sleep(0.05)
    raise RuntimeError(f"mariadbd did not start:\n{log.read_text()}")


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def die_with_parent() -> None:
    """Make Linux stop the server if its parent is killed without cleaning up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def run_sql(socket: Path, sql: str) -> None:
    client = [program("mariadb"), "--no-defaults", "--user=root", f"--socket={socket}"]
    subprocess.run(client, input=sql, text=True, check=True)


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        raise RuntimeError(f"{name} is not installed: apt-get install mariadb-server")
    return found


def fast_folder() -> str | None:
    """A folder in memory, or None for the system's default."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder inside
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    return str(memory) if usable and shutil.disk_usage(memory).free > 2**30 else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--durable", action="store_true", help="on disk, flushed at every commit")
    parser.add_argument("command", nargs="+", help="what to run; put -- before it")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with private_mariadb(durable=options.durable) as url:
        process = subprocess.Popen(options.command, env={**os.environ, "DATABASE_URL": url})
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()  # the terminal has also interrupted the command
        finally:
            if process.poll() is None:
                stop(process)


if __name__ == "__main__":
    sys.exit(main())
