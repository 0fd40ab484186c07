"""PgBouncer between nodes and server: what works through it, and what is refused in one line."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import log_in
from tests.support.journeys import EDIT, commit, propose
from tests.support.people import ALICE
from tests.support.pgbouncer import PgBouncer
from tests.support.press import visit
from tests.support.process import Installation
from tests.support.product import SAME_ORIGIN
from tools.cluster.postgresql import ROLES, Pair
from web.database import DatabaseUnavailable, Tx
from web.database.migrations import newest
from web.database.postgresql.database import PostgreSQL

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

FEW = 3  # connections of the server, for twenty of two nodes
MAKE = "INSERT INTO failures (scope, subject, number, first_at, last_at) VALUES (:scope, :subject, 0, 0, 0)"
READ = "SELECT number FROM failures WHERE scope = 'a'"
WRITE = "UPDATE failures SET number = :number WHERE scope = 'a'"
NAME = "星野　海"
ALL_OF_OURS = "mypage.direct,application_name,jit,timezone,lock_timeout,tcp_keepalives_idle,tcp_keepalives_interval,tcp_keepalives_count,idle_in_transaction_session_timeout,maintenance_work_mem"
Between = Callable[..., PgBouncer]


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Start a server with the shipped roles, and make the schema."""
    with tempfile.TemporaryDirectory(prefix="mypage-pgbouncer-") as folder:
        Path(folder).chmod(0o711)
        made = Pair(Path(folder) / "postgresql")
        try:
            made.create_primary()
            asyncio.run(PostgreSQL(made.url(ROLES[1])).upgrade())
            yield made
        finally:
            made.stop()


@pytest.fixture
def between(pair: Pair) -> Iterator[Between]:
    """Start PgBouncers in front of it."""
    with ExitStack() as held:

        def start(**words: str | int) -> PgBouncer:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="mypage-pgb-")))
            folder.chmod(0o755)
            made = PgBouncer(folder, pair, **words)
            held.callback(made.stop)
            made.start()
            return made

        yield start


@asynccontextmanager
async def nodes(url: str) -> AsyncIterator[tuple[PostgreSQL, PostgreSQL]]:
    """Open the database twice, as two nodes do."""
    both = PostgreSQL(url), PostgreSQL(url)
    try:
        for node in both:
            await node.open()
        yield both
    finally:
        for node in both:
            await node.close()


async def make(tx: Tx) -> None:
    """Make a counter."""
    await tx.run("DELETE FROM failures")
    await tx.many(MAKE, [{"scope": scope, "subject": b"s"} for scope in "ab"])


async def count_up(tx: Tx) -> None:
    """Read, then write what follows from it."""
    row = await tx.one(READ)
    assert row
    await tx.run(WRITE, number=row["number"] + 1)


async def ask(node: PostgreSQL, number: int) -> int:
    """Read by a statement that nobody else has, with a value of one's own, alone or in a block."""
    sql = f"SELECT CAST(:given AS BIGINT) + {number} AS sum"
    if number % 2:
        row = await node.read_one(Tx.one, sql, given=number)
    else:
        async with node.read() as reads:
            row = await reads.one(sql, given=number)
    assert row
    return int(row["sum"])


@pytest.mark.parametrize(
    ("mode", "size"), [("transaction", FEW), ("session", 40)], ids=["transaction", "session"]
)
async def test_two_nodes_work_through_it(between: Between, mode: str, size: int) -> None:
    """Everybody gets their own answer, whichever connection it comes by; one writes at a time."""
    url = between(pool_mode=mode, default_pool_size=size).url()
    async with nodes(url) as both:
        await both[0].write(make)
        asked = [ask(node, number) for number in range(300) for node in both]
        counted = [node.write(count_up) for node in both for _ in range(30)]
        answers, _ = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*counted))
        assert answers == [2 * number for number in range(300) for _ in both]
        row = await both[0].read_one(Tx.one, READ)
        assert row
        assert row["number"] == 60
        async with both[1].stream() as reads:
            seen = [each["scope"] async for each in reads.each("SELECT scope FROM failures")]
        assert sorted(seen) == ["a", "b"]


async def test_a_schema_is_made_through_it(between: Between) -> None:
    """By the role that defines; nothing is left to do."""
    made = PostgreSQL(between(default_pool_size=FEW).url(ROLES[1]))
    assert await made.upgrade() == (newest(), newest())


async def test_limits_that_a_connection_cannot_set_are_looked_for(between: Between) -> None:
    """roles.sql sets them for the nodes' role; the other's are named by `mypage check`."""
    pooled = between(default_pool_size=FEW)
    assert (await PostgreSQL(pooled.url()).faults())["server"] == []
    named = (await PostgreSQL(pooled.url(ROLES[1])).faults())["server"]
    assert [each.partition(":")[0] for each in named] == [
        "lock_timeout = 0",
        "idle_in_transaction_session_timeout = 0",
    ]


@pytest.mark.parametrize("ignored", ["", ALL_OF_OURS], ids=["refused", "ignored"])
async def test_a_node_that_does_not_know_of_it_is_refused_with_what_helps(
    between: Between, ignored: str
) -> None:
    """Its prepared statements would be sought on connections that have none, its limits would not hold."""
    words = {"ignore_startup_parameters": ignored} if ignored else {}
    for mode in ("transaction", "session"):
        node = PostgreSQL(between(pool_mode=mode, **words).url(pooled=False))
        with pytest.raises(DatabaseUnavailable, match="the address needs statement_cache_size=0"):
            await node.version()


async def test_a_node_serves_through_one_that_is_started_again(
    between: Between, tmp_path: Path
) -> None:
    """Meanwhile a page of 503 that keeps what was typed; then everything goes on."""
    pooled = between(default_pool_size=FEW)
    node = Installation(tmp_path, "smtp://127.0.0.1:9")
    node.environ["MYPAGE_DATABASE_URL"] = pooled.url()
    node.create_account(ALICE)
    served = node.serve()
    try:
        async with httpx.AsyncClient(
            base_url=node.base_url, headers=SAME_ORIGIN, timeout=60
        ) as alice:
            await log_in(alice, ALICE)
            form = await visit(alice, EDIT)
            typed = {**form.fields(EDIT), "representative": NAME}
            pooled.stop()
            refused = await alice.post(form.action("次へ"), data=typed)
            assert refused.status_code == 503
            assert NAME in refused.text
            pooled.start()
            confirm = (await propose(alice, representative=NAME)).page
            assert (await commit(alice, confirm)).page.h1 == "利用者情報変更 登録完了"
    finally:
        assert served.stop() == 0
