"""Runs a command with three MariaDB servers that are one Galera cluster, each on its own port of loopback.

    python -m tests.galera -- pytest -m galera

The command finds the addresses of the nodes in GALERA_NODES, and the first also in DATABASE_URL.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import mariadb

PROVIDERS = ("/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so")
NODES = 3
START_SECONDS = 60
ACCOUNT = mariadb.ACCOUNT.replace("hms@localhost", "hms@'%'")
SERVER = [
    *(option for option in mariadb.SERVER if option != "--skip-networking"),
    *mariadb.FAST,
    mariadb.SMALL_LOG,
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--binlog-format=ROW",
    "--innodb-autoinc-lock-mode=2",
    "--wsrep-on=ON",
    "--wsrep-cluster-name=hms",
    "--wsrep-sst-method=same",
]
# All nodes begin as copies of the first, so one that joins has nothing to fetch but its position.
SAME = """#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in --role) role=$2;; --address) to=${2##*:};; --gtid) at=$2;; esac
  shift
done
at_node="$(dirname "$0")/joins-${to%%/*}"
if [ "$role" = donor ]; then
  echo "$at" > "$at_node.new"
  mv "$at_node.new" "$at_node"
  echo "done $at"
  exit
fi
rm -f "$at_node"
echo "ready 127.0.0.1:$to"
while [ ! -e "$at_node" ]; do sleep 0.05; done
cat "$at_node"
"""


def missing() -> str:
    """Why there can be no cluster here, or an empty text."""
    if not any(Path(each).exists() for each in PROVIDERS):
        return "galera is not installed: apt-get install galera-4"
    return "" if shutil.which("mariadbd", path=mariadb.PATH) else "mariadbd is not installed"


@contextmanager
def private_cluster() -> Iterator[list[str]]:
    """Yield the DATABASE_URL of each node."""
    folder = Path(tempfile.mkdtemp(prefix="hms-galera-", dir=mariadb.fast_folder()))
    nodes = [_Node(folder, number) for number in range(NODES)]
    try:
        _prepare(folder, nodes)
        with ExitStack() as running:
            for node in nodes:
                running.enter_context(node.running(nodes))
            yield [f"mysql://hms:hms@127.0.0.1:{node.port}/hms" for node in nodes]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Node:
    """One server; `talks` is the first of the three ports on which it talks to the others."""

    def __init__(self, folder: Path, number: int):
        self.folder, self.number = folder, number
        self.data, self.socket, self.log = (folder / f"{name}{number}" for name in ("data", "s", "log"))
        self.port, self.talks = _free_ports(1), _free_ports(3)

    @contextmanager
    def running(self, nodes: list["_Node"]) -> Iterator[None]:
        with self.log.open("w") as out:
            process = subprocess.Popen(
                self._command(nodes),
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=mariadb.die_with_parent,
                env={**os.environ, "PATH": f"{self.folder}:{mariadb.PATH}"},
            )
        try:
            self._wait(process)
            yield
        finally:
            mariadb.stop(process)

    def _command(self, nodes: list["_Node"]) -> list[str]:
        provider = next(each for each in PROVIDERS if Path(each).exists())
        options = {
            "base_host": "127.0.0.1",
            "base_port": self.talks,
            "gmcast.listen_addr": f"tcp://127.0.0.1:{self.talks}",
            "ist.recv_addr": f"127.0.0.1:{self.talks + 1}",
            "gcache.size": "64M",
        }
        return [
            *_begun(self.data),
            *SERVER,
            f"--socket={self.socket}",
            f"--pid-file={self.folder / f'pid{self.number}'}",
            f"--port={self.port}",
            f"--wsrep-provider={provider}",
            f"--wsrep-provider-options={';'.join(f'{name}={value}' for name, value in options.items())}",
            f"--wsrep-node-address=127.0.0.1:{self.talks}",
            f"--wsrep-sst-receive-address=127.0.0.1:{self.talks + 2}",
            f"--wsrep-cluster-address=gcomm://{','.join(f'127.0.0.1:{node.talks}' for node in nodes)}",
            *(["--wsrep-new-cluster"] if self.number == 0 else []),
        ]

    def _wait(self, process: subprocess.Popen) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            if self.socket.exists() and "Synced" in self.ask("SHOW STATUS LIKE 'wsrep_local_state_comment'"):
                return
            time.sleep(0.1)
        raise RuntimeError(f"The node did not join:\n{self.log.read_text()}")

    def ask(self, sql: str) -> str:
        client = [mariadb.program("mariadb"), "--no-defaults", "--user=root", f"--socket={self.socket}"]
        return subprocess.run(client, input=sql, text=True, capture_output=True, check=False).stdout


def _prepare(folder: Path, nodes: list[_Node]) -> None:
    """Install the first node, let it begin the cluster alone and stop, and copy it."""
    script = folder / "wsrep_sst_same"
    script.write_text(SAME)
    script.chmod(0o700)
    first, *others = nodes
    install = [mariadb.program("mariadb-install-db"), *_begun(first.data)[1:], mariadb.SMALL_LOG]
    subprocess.run([*install, *mariadb.INSTALL], check=True, capture_output=True)
    with first.running(nodes):
        first.ask(ACCOUNT)
    for node in others:
        shutil.copytree(first.data, node.data)


def _begun(data: Path) -> list[str]:
    own = ["--user=root"] if os.geteuid() == 0 else []
    folders = [f"--datadir={data}", f"--tmpdir={data.parent}"]
    return [mariadb.program("mariadbd"), "--no-defaults", *folders, *own]


def _free_ports(count: int) -> int:
    """The first of so many free ports in a row, below those that the system gives away itself."""
    for first in range(20_000 + os.getpid() % 10_000, 32_000):
        if first not in _given and all(_is_free(first + more) for more in range(count)):
            _given.update(range(first, first + count))
            return first
    raise RuntimeError("no free ports")


_given: set[int] = set()


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        return port not in _given and tried.connect_ex(("127.0.0.1", port)) != 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", nargs="+", help="what to run; put -- before it")
    options = parser.parse_args()
    if why := missing():
        print(f"Skipped: {why}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with private_cluster() as urls:
        found = {"DATABASE_URL": urls[0], "GALERA_NODES": " ".join(urls)}
        return subprocess.run(options.command, env={**os.environ, **found}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
