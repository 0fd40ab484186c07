"""A real server whose database cannot be written: pages that say so, recovery without a restart."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.e2e.waiting import PATIENCE
from tests.ports import free_port
from tests.support.journeys import commit, propose
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.process import Installation, Served
from tests.support.product import SAME_ORIGIN
from web.database.sqlite import copies

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN = {"user_id": "KNCA6288", "password": ALICE.payment_password}
NEW_NAME = "星野　海"
AT_ONCE = 12


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with Alice in it, made by the command line."""
    installation = Installation(tmp_path_factory.mktemp("created"), "smtp://127.0.0.1:1")
    installation.create(ALICE)
    return installation.database


@pytest.fixture
def place(tmp_path: Path, created: Path) -> Installation:
    """Give an installation with Alice, whose mail server is down."""
    place = Installation(tmp_path, f"smtp://127.0.0.1:{free_port()}")
    place.database.write_bytes(created.read_bytes())
    return place


@pytest.fixture
def served(place: Installation) -> Iterator[Served]:
    """Run the server."""
    served = place.serve()
    yield served
    with suppress(ProcessLookupError):
        served.kill()


@pytest.fixture
async def browser(place: Installation, served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Alice is logged in."""
    async with httpx.AsyncClient(
        base_url=place.base_url, headers=SAME_ORIGIN, timeout=PATIENCE
    ) as browser:
        await browser.post("/useridmg/login", data=LOGIN)
        yield browser


@contextmanager
def full(_: Installation, served: Served) -> Iterator[None]:
    """Leave the process no byte to write in any file, as a full disk or quota does."""
    before = resource.prlimit(served.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    with suppress(ProcessLookupError):  # a test may have ended it meanwhile
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def locked(place: Installation, _: Served) -> Iterator[None]:
    """Lock the file as a tool does that somebody opened it with."""
    with closing(sqlite3.connect(place.database, isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def read_only(place: Installation, _: Served) -> Iterator[None]:
    """Let no file be opened for writing, as a disk that went read-only does."""
    lock = place.database.with_name(f"{place.database.name}.write")
    lock.unlink()
    lock.mkdir()
    yield
    lock.rmdir()


def number(place: Installation, sql: str) -> int:
    """Count in the database."""
    with closing(sqlite3.connect(place.database)) as connection:
        found: int = connection.execute(sql).fetchone()[0]
        return found


@pytest.mark.parametrize("fault", [full, locked, read_only])
async def test_a_fault_is_a_page_and_passes_without_a_restart(
    place: Installation,
    served: Served,
    browser: httpx.AsyncClient,
    fault: Callable[[Installation, Served], AbstractContextManager[None]],
) -> None:
    """Reading goes on, writing is a 503 with 次にすること; then the same press works, once."""
    confirm = (await propose(browser, representative=NEW_NAME)).page
    with fault(place, served):
        refused = await commit(browser, confirm)
        assert refused.answer.status_code == 503
        assert int(refused.answer.headers["Retry-After"]) > 0
        assert refused.page.h1 == "ただいま混み合っています"
        assert (await visit(browser, "/useridmg/mypage")).h1 == "マイページ"
        assert (await browser.get("/readyz")).status_code == 200
    assert number(place, "SELECT COUNT(*) FROM receipts") == 0
    assert number(place, "SELECT COUNT(*) FROM outbox") == 0
    done = await commit(browser, confirm)
    assert done.page.h1 == "利用者情報変更 登録完了"
    assert number(place, "SELECT COUNT(*) FROM receipts") == 1
    assert number(place, "SELECT profile_version FROM accounts") == 2
    assert copies.faults(place.database) == []
    assert served.stop() == 0


async def test_nobody_waits_for_minutes_behind_a_lock(
    place: Installation, served: Served, browser: httpx.AsyncClient
) -> None:
    """Twelve presses while the file is locked: each is told within the ten seconds of the lock."""
    with locked(place, served):
        loop = asyncio.get_running_loop()
        began = loop.time()
        answers = await asyncio.gather(
            *(browser.post("/useridmg/login", data=LOGIN) for _ in range(AT_ONCE))
        )
        took = loop.time() - began
    assert {answer.status_code for answer in answers} == {503}
    assert took < 15
    assert (await browser.post("/useridmg/login", data=LOGIN)).status_code == 303


async def test_a_server_that_cannot_write_ends_in_good_order(
    place: Installation, served: Served, browser: httpx.AsyncClient
) -> None:
    """Last-seen times cannot be written at SIGTERM; that is no reason to end with an error."""
    await browser.get("/useridmg/mypage")
    with full(place, served):
        assert served.stop() == 0
    assert copies.faults(place.database) == []


async def test_a_database_on_a_read_only_disk_stops_the_start(place: Installation) -> None:
    """One line that names the file, not the port."""
    lock = place.database.with_name(f"{place.database.name}.serve")
    lock.mkdir()
    refused = place.command("serve")
    assert refused.returncode == 1
    told = [line for line in refused.stderr.splitlines() if not line.startswith("{")]
    assert told == [f"mypage: {lock}: Is a directory"]
