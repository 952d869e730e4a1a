"""The fault server as a process of its own, so that what its bombs cost is not counted as the client's."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.fetch import FetchSettings
from tests.fetching.fault_server import GOOD_HOSTS
from tests.fetching.feed_faults import FAULTS
from tests.fetching.wire import MIB

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def fault_port() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fetching.fault_server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        server.communicate()


def closed_port() -> int:
    """A port where nobody listens: bound, never listened on, and so not given to anybody else."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    _KEPT.append(sock)
    return int(sock.getsockname()[1])


_KEPT: list[socket.socket] = []


@pytest.fixture(scope="session")
def fault_settings(fault_port: int) -> Iterator[FetchSettings]:
    """Limits of the night, with short waits, and sizes that a busy machine meets before its time is up."""
    routes = dict.fromkeys([*(f.host for f in FAULTS), *GOOD_HOSTS], ("127.0.0.1", fault_port))
    routes["refused.fault.example"] = ("127.0.0.1", closed_port())
    yield FetchSettings(
        contact="test@example.org",
        delay=0,
        backoff=0.02,
        deadline=6,
        connect_timeout=5,
        patience=5,
        max_body=4 * MIB,
        routes=routes,
    )
    while _KEPT:
        _KEPT.pop().close()
