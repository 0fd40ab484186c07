"""A server's database that was put back: nothing is served from it until what must not go on has ended."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.e2e.waiting import until
from tests.support import commands, postgresql
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.process import Installation
from tests.support.product import CHEAP, Product, settings_in, settle_in
from web.app import create_app
from web.database import Tx, at
from web.settings import Settings
from web.store import sessions

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PUT_BACK = "or was put back, or promoted while no node served; run `mypage rest`"


@pytest.fixture
def server() -> Iterator[postgresql.Server]:
    """Run a PostgreSQL that can be put back."""
    server = postgresql.Server(postgresql.RECOVERABLE)
    yield server
    server.end()


@pytest.fixture
async def settings(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, server: postgresql.Server
) -> Settings:
    """Make a database in it, of a role that may do no more than its owner, and Alice's account."""
    await postgresql.created(server.url(), "mypage", owner="office")
    url = server.url("mypage").replace("postgres@", "office@")
    settings = dataclasses.replace(settings_in(tmp_path, post), database_url=url)
    await at(url).upgrade()
    return settings


@asynccontextmanager
async def serving(settings: Settings, post: PostOffice) -> AsyncIterator[Product]:
    """Run the product."""
    app = create_app(settings, parameters=CHEAP)
    async with app.router.lifespan_context(app):
        yield Product(app, settings, post)


async def alive(tx: Tx) -> int:
    """Count the log-ins."""
    return await sessions.alive(tx, since=0)


async def alice_logs_in(settings: Settings, post: PostOffice) -> None:
    """Serve, with one log-in."""
    async with serving(settings, post) as product:
        await settle_in(product, ALICE)
        async with product.browser() as browser:
            await log_in(browser, ALICE)


async def test_a_database_that_was_put_back_is_not_served(
    settings: Settings, post: PostOffice, server: postgresql.Server
) -> None:
    """One line says so; `mypage rest` ends the log-ins, and then it is served."""
    await alice_logs_in(settings, post)
    assert await at(settings.database_url).is_the_one_noted()
    server.put_back()
    refused = await asyncio.to_thread(commands.run, settings, post, "serve")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert PUT_BACK in refused.stderr
    rested = await asyncio.to_thread(commands.run, settings, post, "rest")
    assert "ended: 1 log-ins" in rested.stdout
    assert await at(settings.database_url).is_the_one_noted()


async def test_after_a_promotion_nothing_needs_to_end(
    settings: Settings, post: PostOffice, server: postgresql.Server
) -> None:
    """The operator says that nothing was lost: log-ins go on."""
    await alice_logs_in(settings, post)
    server.put_back()
    rested = await asyncio.to_thread(commands.run, settings, post, "rest", "--nothing-lost")
    assert rested.stdout.strip().endswith("nothing was ended")
    assert await at(settings.database_url).is_the_one_noted()
    async with serving(settings, post) as product:
        assert await product.services.database.read_one(alive) == 1


async def test_a_node_that_serves_through_a_promotion_notes_it(
    settings: Settings, post: PostOffice, server: postgresql.Server
) -> None:
    """It has seen no gap: another node may start without an operator."""
    async with serving(settings, post) as product:
        server.put_back()
        database = product.services.database
        await database.read_one(alive)  # the first connection, not the next beat
        await asyncio.gather(*database._running)
        assert await at(settings.database_url).is_the_one_noted()


@pytest.fixture
def node(tmp_path: Path, server: postgresql.Server) -> Installation:
    """Describe a node of that server in a process of its own."""
    node = Installation(tmp_path, "smtp://127.0.0.1:9")
    node.environ["MYPAGE_DATABASE_URL"] = server.url()
    return node


def test_a_node_serves_nothing_from_a_server_that_was_put_back_under_it(
    node: Installation, server: postgresql.Server
) -> None:
    """What was committed since the backup is gone, and with it who was shut out: nothing goes on by itself."""
    node.create(ALICE)
    node.serve().stop()
    backup = server.back_up()
    served = node.serve()
    try:
        server.put_back(backup)
        assert until(lambda: "lacks what this node has committed" in node.logged() or None)
        assert httpx.get(f"{node.base_url}/readyz").status_code == 503
        other = node.command("serve")
        assert (other.returncode, PUT_BACK in other.stderr) == (1, True)
        assert node.command("rest").returncode == 0
        assert httpx.get(f"{node.base_url}/readyz").status_code == 503
    finally:
        assert served.stop() == 0
    assert node.serve().stop() == 0


def test_a_node_goes_on_when_a_standby_is_promoted_under_it(
    node: Installation, server: postgresql.Server
) -> None:
    """All that was committed is there: it notes the timeline, and another node may start."""
    node.create(ALICE)
    served = node.serve()
    server.put_back()
    noted = until(lambda: asyncio.run(at(server.url()).is_the_one_noted()) or None)
    assert noted, node.logged()
    assert served.stop() == 0
    assert "lacks what" not in node.logged()
