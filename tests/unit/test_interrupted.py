"""Ctrl+C while a command writes: once it waits for the end, twice it gives up, thrice it just ends."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.e2e.waiting import PATIENCE
from tests.support.files import file_of
from tests.unit.parts import ROOT
from web.database.sqlite import locks, schema
from web.settings import Settings

pytestmark = pytest.mark.slow

# A command that writes until it is told to stop, in statements or, blocked, between two of them.
ENDLESS = """
import asyncio, functools, signal, sys
from pathlib import Path
import click
from web.cli import main, mypage
from web.database import Tx
from web.database.sqlite.database import SQLite

NOTE = "INSERT INTO reset_requests (once_key, kind, asked_at) VALUES (:key, 'payment', 0)"

async def work(tx: Tx, blocked: bool) -> None:
    await tx.run(NOTE, key="first")
    print("begun", flush=True)
    if blocked:
        sys.stdin.read()
    for number in range(sys.maxsize):
        await tx.run(NOTE, key=f"key {number}")

async def tell() -> None:
    try:
        await asyncio.Event().wait()
    finally:  # every task is cancelled
        print("twice", flush=True)

async def write(path: Path, blocked: bool) -> None:
    telling, loop = asyncio.create_task(tell()), asyncio.get_running_loop()
    signal.set_wakeup_fd(loop._csock.fileno())  # else one that comes as the loop falls asleep waits for the next
    database = SQLite(path)
    await database.open(command=True)
    try:
        await database.write(work, blocked)
    except asyncio.CancelledError:
        # when it waits below: an interrupt before that would wait with it
        loop.call_soon(functools.partial(print, "once", flush=True))
    finally:
        await database.close()

@mypage.command()
@click.argument("path")
@click.argument("how")
def endless(path: str, how: str) -> None:
    asyncio.run(write(Path(path), how == "blocked"))

sys.exit(main())
"""


@pytest.mark.parametrize(("how", "presses"), [("free", 2), ("blocked", 3)])
def test_whoever_presses_on_is_obeyed(settings: Settings, how: str, presses: int) -> None:
    """Nothing of the write stays, nor its locks; nor the process, whatever its threads wait for."""
    path = file_of(settings)
    schema.upgrade(path)
    command = [sys.executable, "-c", ENDLESS, "endless", str(path), how]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout is not None
            for said in ("begun", "once", "twice")[:presses]:
                assert process.stdout.readline().decode().strip() == said
                process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 130
        finally:
            process.kill()
    with locks.hold(path, "write"), closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM reset_requests").fetchone() == (0,)
