"""make cluster: two nodes behind nginx on a pair of servers; it starts, outlives a node and leaves nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.waiting import until
from tests.ports import free_port
from tests.support.process import ROOT
from tools.cluster.__main__ import state

pytestmark = pytest.mark.slow


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run what make runs."""
    return subprocess.run(
        [sys.executable, "-m", "tools.cluster", *words],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def url() -> Iterator[str]:
    """Start a cluster."""
    port = free_port()
    started = command("up", "--port", str(port))
    assert started.returncode == 0, started.stderr
    yield f"http://localhost:{port}"
    command("down")


def test_it_outlives_a_node_and_leaves_nothing(url: str) -> None:
    """Every page comes while one of the two is dead; after cluster-down no process and no file is left."""
    found = state()
    folder, first = Path(found["folder"]), found["nodes"][0]
    assert command("up").returncode == 1, "a second one beside it"
    with httpx.Client(base_url=url) as browser:
        assert browser.get("/readyz").json() == {"status": "ok"}
        assert browser.get("/demo/mail", params={"format": "json"}).json() == {"mails": []}
        os.kill(first, signal.SIGKILL)
        assert [browser.get("/useridmg/login").status_code for _ in range(6)] == [200] * 6
    assert command("down").returncode == 0
    assert not folder.exists()
    assert until(lambda: not naming(str(folder)))
    assert command("down").returncode == 1, "nothing is left to end"


def naming(text: str) -> list[str]:
    """List the processes whose command line or environment names something."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            try:
                content = (entry / name).read_bytes()
            except OSError:  # gone meanwhile, or somebody else's
                continue
            if text.encode() in content and entry.name != str(os.getpid()):
                found.append(entry.name)
    return found
