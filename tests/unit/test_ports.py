"""The ports that tests give to their servers: taken by nobody else before the server starts."""

import socket
import subprocess
import sys
from pathlib import Path

from tests.ports import RANGE, free_port

ROOT = Path(__file__).parents[2]
ASK = "from tests.ports import free_port\nprint(*(free_port() for _ in range(20)))"


def test_no_port_is_given_twice() -> None:
    """Neither here nor to a process that asks at the same time."""
    mine = [free_port() for _ in range(20)]
    others = [
        subprocess.Popen([sys.executable, "-c", ASK], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    theirs = [int(port) for each in others for port in each.communicate()[0].split()]
    assert len({*mine, *theirs}) == 80


def test_the_system_gives_none_of_them_to_others() -> None:
    """A mailbox asks for port 0; what it got once was the port chosen for a server."""
    with socket.create_server(("127.0.0.1", 0)) as mailbox:
        assert mailbox.getsockname()[1] not in RANGE


def test_a_port_in_use_is_passed_over() -> None:
    """Somebody else's server runs there."""
    port = free_port()
    following = RANGE[(RANGE.index(port) + 1) % len(RANGE)]
    with socket.create_server(("127.0.0.1", following)):
        assert free_port() != following
