"""mypage move: the whole database goes to PostgreSQL, and people go on there where they were."""

import asyncio
import dataclasses
import re
import subprocess
from collections.abc import AsyncGenerator, Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support import codes, commands, debits, postgresql
from tests.support.files import Files, file_of
from tests.support.journeys import ask_bulk, change_profile, propose
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import visit
from tests.support.product import CHEAP, Product, running
from web import paths
from web.app import create_app
from web.cli.move import moved
from web.database import Row, Unusable
from web.database.postgresql.connection import Connection
from web.database.postgresql.database import PostgreSQL
from web.store import tables

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DONE = re.compile(r"^(\w+) +(\d+) rows, the same$", re.MULTILINE)


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    """Run a PostgreSQL."""
    server = postgresql.Server()
    yield server
    server.end()


@pytest.fixture
def url(server: postgresql.Server, request: pytest.FixtureRequest) -> str:
    """Give the address of a fresh database in it."""
    name = re.sub(r"\W", "_", request.node.name)[:60]
    asyncio.run(postgresql.created(server.url(), name))
    return server.url(name)


def on_file(folder: Path) -> dict[str, str]:
    """Give the setting by which what is to be moved lies in a file, in every run."""
    return {"MYPAGE_DATABASE_URL": Files().url(folder)}


def move(product: Product, url: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return commands.run(product.settings, product.post, "move", url)


async def lived(product: Product, browser: httpx.AsyncClient) -> str:
    """Leave a change, a 届出書, mails, an app and a draft; give the address of the draft's 確認."""
    await log_in(browser, ALICE)
    await change_profile(browser, representative="引越　太郎")
    await debits.make(browser)
    await ask_bulk(browser)
    await product.settle()
    await codes.give_app(product, "somebody else")
    return (await propose(browser, representative="草案　花子")).page.address


async def test_people_go_on_where_they_were(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, url: str
) -> None:
    """The log-in lives, the draft is taken up, the trail holds, every row is there."""
    async with running(tmp_path, post, **on_file(tmp_path)) as before:
        async with before.browser() as browser:
            draft = await lived(before, browser)
            cookies = SimpleCookie({each.name: each.value or "" for each in browser.cookies.jar})
        counted = {
            each: before.rows(f"SELECT COUNT(*) AS number FROM {each}")[0]["number"]  # noqa: S608 from the schema
            for each in tables.READ
        }
    done = move(before, url)
    assert (done.returncode, done.stderr) == (0, "")
    assert {name: int(number) for name, number in DONE.findall(done.stdout)} == counted
    there = dataclasses.replace(before.settings, database_url=url)
    app = create_app(there, parameters=CHEAP)
    after = Product(app, there, post)
    async with app.router.lifespan_context(app), after.browser() as browser:
        for name, value in cookies.items():
            browser.cookies.set(name, value.value)
        page = await visit(browser, "/useridmg/mypage")
        assert "引越　太郎" in page.text
        assert "草案　花子" in (await visit(browser, draft)).text
        await change_profile(browser, representative="再引越　太郎")


async def indexes(url: str) -> set[tuple[str, str]]:
    """List the indexes of a database."""
    aside = await asyncpg.connect(url)
    found = await aside.fetch("SELECT indexname, indexdef FROM pg_indexes")
    await aside.close()
    return {(row["indexname"], row["indexdef"]) for row in found}


async def test_the_indexes_are_there_again(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, url: str
) -> None:
    """They are taken away while rows come in."""
    await PostgreSQL(url).upgrade()
    before = await indexes(url)
    async with running(tmp_path, post, **on_file(tmp_path)) as product:
        pass
    await moved(product.settings, url)
    assert await indexes(url) == before


async def test_nothing_is_moved_onto_something(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, url: str
) -> None:
    """A second move is refused in one line, and what is there stays."""
    async with running(tmp_path, post, **on_file(tmp_path)) as product:
        pass
    assert move(product, url).returncode == 0
    again = move(product, url)
    assert again.returncode == 1
    assert again.stderr.strip().endswith("accounts is not empty; nothing was changed")


async def test_a_row_that_the_server_cannot_hold_undoes_the_whole_move(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, url: str
) -> None:
    """A text with NUL, which no form lets in: one line names the table, and the server stays empty."""
    async with running(tmp_path, post, **on_file(tmp_path)) as product:
        await product.meddle("UPDATE accounts SET name = 'a' || CHAR(0) || 'b'")
    refused = move(product, url)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "accounts" in refused.stderr
    Files().rows(product.settings, "UPDATE accounts SET name = 'ab'", ())
    assert move(product, url).returncode == 0


async def test_a_row_that_does_not_arrive_undoes_the_whole_move(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sides are counted and compared before anything is committed."""
    copy = Connection.copy

    async def all_but_one(self: Connection, table: str, rows: AsyncGenerator[Row, None]) -> None:
        await anext(rows, None)
        await copy(self, table, rows)

    monkeypatch.setattr(Connection, "copy", all_but_one)
    async with running(tmp_path, post, **on_file(tmp_path)) as product:
        pass
    with pytest.raises(Unusable, match="accounts differs after the copy"):
        await moved(product.settings, url)
    monkeypatch.undo()
    assert (await moved(product.settings, url)).number > 0


async def test_a_server_that_runs_is_not_moved(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, url: str
) -> None:
    """What it wrote meanwhile would be lost."""
    async with running(tmp_path, post, **on_file(tmp_path)) as product:
        with product.services.database.serving():
            refused = move(product, url)
    assert refused.returncode == 1
    assert str(file_of(product.settings)) in refused.stderr


def test_every_table_is_moved_after_those_it_refers_to() -> None:
    """A new table fails here until it is in the list."""
    schema = paths.SCHEMA.read_text(encoding="utf-8")
    made = re.split(r"^CREATE TABLE (\w+)", schema, flags=re.MULTILINE)[1:]
    assert list(tables.READ) == made[::2]
    known = set[str]()
    for name, columns in zip(made[::2], made[1::2], strict=True):
        assert set(re.findall(r"REFERENCES (\w+)", columns)) <= known
        known.add(name)
