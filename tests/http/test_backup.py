"""A backup under load, restored elsewhere: people log in there, and no old mail goes out again."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from tests.e2e.waiting import PATIENCE, until
from tests.ports import free_port
from tests.support.journeys import change_profile
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.process import Installation, Served
from tests.support.product import SAME_ORIGIN
from web.database.sqlite import copies

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN = {"user_id": "KNCA6288", "password": ALICE.payment_password}
BEFORE, AFTER = "星野　海", "月野　空"


def browser(installation: Installation) -> httpx.AsyncClient:
    """Open a browser."""
    return httpx.AsyncClient(base_url=installation.base_url, headers=SAME_ORIGIN, timeout=PATIENCE)


async def change(installation: Installation, name: str) -> None:
    """Log in and change the 代表者名."""
    async with browser(installation) as visitor:
        answer = await visitor.post("/useridmg/login", data=LOGIN)
        assert answer.headers["Location"] == "/useridmg/mypage"
        assert (await change_profile(visitor, representative=name)).h1.endswith("登録完了")


async def load(installation: Installation, stop: asyncio.Event) -> int:
    """Change the profile again and again; give how often it was acknowledged."""
    number = 0
    while not stop.is_set():
        await change(installation, f"星野　{chr(ord('一') + number)}")
        number += 1
    return number


async def test_a_backup_under_load_is_restored_elsewhere(tmp_path: Path, post: PostOffice) -> None:
    """Every change acknowledged before it began is there; the waiting mails stay where they are."""
    here = Installation(tmp_path / "here", f"smtp://127.0.0.1:{free_port()}")
    there = Installation(tmp_path / "there", post.url)
    for place in (here, there):
        place.database.parent.mkdir()
    here.create(ALICE)
    copy = tmp_path / "copy.sqlite3"
    servers: list[Served] = []
    try:
        servers.append(here.serve())
        await change(here, BEFORE)
        stop = asyncio.Event()
        busy = asyncio.create_task(load(here, stop))
        backed_up = await asyncio.to_thread(here.command, "backup", str(copy))
        stop.set()
        assert await busy > 0
        assert backed_up.returncode == 0, backed_up.stderr
        assert "in use by another process" in here.command("restore", str(copy)).stderr

        restored = there.command("restore", str(copy))
        assert restored.returncode == 0, restored.stderr
        assert copies.faults(there.database) == []
        with closing(sqlite3.connect(there.database)) as connection:
            old = dict(connection.execute("SELECT message_id, last_error FROM outbox").fetchall())
            (receipts,) = connection.execute("SELECT COUNT(*) FROM receipts").fetchone()
        assert set(old.values()) == {"restored"}
        assert len(old) >= receipts >= 1  # and those that tell of new devices

        servers.append(there.serve())
        await change(there, AFTER)  # its mail is the sign that the courier has been round
        assert until(lambda: post.mails)
        (mail,) = post.mails
        assert mail.message["Message-ID"] not in old
        assert servers.pop().stop() == 0
    finally:
        for served in servers:
            with suppress(ProcessLookupError):
                served.kill()
    assert len(post.mails) == 1
