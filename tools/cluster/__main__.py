"""make cluster and make cluster-down.

Usage: python -m tools.cluster up|run|down [--port 8000]
`up` leaves `run` behind, which holds everything until `down` ends it.
"""

import argparse
import asyncio
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn

from tests.e2e.waiting import until
from tests.ports import free_port
from tests.support.process import ROOT
from tools.cluster.cluster import Cluster
from tools.cluster.mailbox import mailbox
from web.demo.catcher import Catcher
from web.demo.personas import COMPANY, EXPIRED, INDIVIDUAL, OFFICERS
from web.demo.run import AS_IN_THE_MANUAL, WITHOUT_HURRY, seed
from web.settings import Settings

STATE = ROOT / "var" / "cluster.json"
LOG = ROOT / "var" / "cluster.log"
STARTS_WITHIN = 300.0  # seconds; it may have to install a server


def words(cluster: Cluster) -> str:
    """Give what is printed when everything runs."""
    url = cluster.base_url
    lines = [
        "",
        f"  ポータル   {url}/",
        f"  受信箱     {url}/demo/mail",
        f"  担当者画面 {url}/office/",
        "",
    ]
    for person in (COMPANY, INDIVIDUAL, EXPIRED):
        user_id, word = person.account.payment_user_id, person.payment_password
        lines += [f"  {user_id:14}{word:22}{person.about}"]
    lines += [f"  {each.name:14}{each.password:22}{each.role.label}" for each in OFFICERS]
    lines += [
        "",
        *(
            f"  node       {node.base_url}, pid {served.pid}"
            for node, served in zip(cluster.nodes, cluster.served, strict=True)
        ),
        f"  primary    127.0.0.1:{cluster.pair.primary.port}",
        f"  standby    127.0.0.1:{cluster.pair.standby.port}",
        "",
        "  make cluster-down",
        "",
    ]
    return "\n".join(lines)


@contextmanager
def running(port: int, inbox: int) -> Iterator[Cluster]:
    """Run a cluster with the demo's people; it leaves nothing."""
    folder = Path(tempfile.mkdtemp(prefix="mypage-cluster-"))
    catcher = Catcher(folder / "mail")
    settings = {
        **AS_IN_THE_MANUAL,
        **WITHOUT_HURRY,
        "MYPAGE_OFFICE_SECOND_FACTOR": "optional",
        "MYPAGE_SECRET_KEY": secrets.token_urlsafe(48),
    }
    cluster = Cluster(folder, port, catcher.url, settings, inbox)
    catcher.start()
    try:
        cluster.create()
        asyncio.run(seed(Settings.from_env(cluster.nodes[0].environ)))
        cluster.serve()
        yield cluster
    finally:
        cluster.stop()
        catcher.stop()
        shutil.rmtree(folder)


def run(port: int) -> None:
    """Hold a cluster until a signal comes, and show its mails."""
    inbox = free_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with running(port, inbox) as cluster:
            said = {
                "pid": os.getpid(),
                "url": cluster.base_url,
                "folder": str(cluster.folder),
                "nodes": [served.pid for served in cluster.served],
                "words": words(cluster),
            }
            STATE.with_suffix(".part").write_text(json.dumps(said), encoding="utf-8")
            STATE.with_suffix(".part").rename(STATE)
            mails = mailbox(cluster.folder / "mail")
            uvicorn.run(mails, host="127.0.0.1", port=inbox, log_level="warning")
    finally:
        STATE.unlink(missing_ok=True)


def up(port: int) -> int:
    """Start a cluster behind this terminal and wait until it answers."""
    if state():
        print("tools.cluster: one runs already; make cluster-down ends it", file=sys.stderr)
        return 1
    STATE.parent.mkdir(exist_ok=True)
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.cluster", "run", "--port", str(port)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    until(lambda: process.poll() is not None or bool(state()), seconds=STARTS_WITHIN)
    if found := state():
        print(found["words"])
        return 0
    process.terminate()
    print(LOG.read_text(encoding="utf-8"), file=sys.stderr)
    return 1


def down() -> int:
    """End the cluster and wait until nothing of it is left."""
    found = state()
    if not found:
        print("tools.cluster: none runs", file=sys.stderr)
        return 1
    with suppress(ProcessLookupError):
        os.kill(found["pid"], signal.SIGTERM)
    if until(lambda: not state()):
        LOG.unlink(missing_ok=True)
        return 0
    print(LOG.read_text(encoding="utf-8"), file=sys.stderr)
    return 1


def state() -> dict[str, Any]:
    """Give what the running cluster says of itself; nothing when none runs."""
    with suppress(FileNotFoundError):
        found: dict[str, Any] = json.loads(STATE.read_text(encoding="utf-8"))
        return found
    return {}


def main() -> int:
    """Read the arguments."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster", description=__doc__)
    parser.add_argument("what", choices=["up", "run", "down"])
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    if given.what == "run":
        run(given.port)
        return 0
    return up(given.port) if given.what == "up" else down()


if __name__ == "__main__":
    sys.exit(main())
