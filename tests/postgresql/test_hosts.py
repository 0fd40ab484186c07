"""Several hosts in one address; what the server or PgBouncer says of itself; what a node may note."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.ports import free_port
from tests.support.postgresql import RECOVERABLE, Server
from tests.support.process import Installation
from web.database import DatabaseUnavailable, Tx
from web.database.postgresql import address
from web.database.postgresql.address import Address
from web.database.postgresql.database import PostgreSQL
from web.database.postgresql.nodes import Tries

pytestmark = pytest.mark.anyio


class Silent:
    """A host that takes connections and says nothing, as one that is frozen."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.host = f"127.0.0.1:{listening.getsockname()[1]}"

    def asked(self) -> int:
        """Count who has come since it was last counted."""
        number = 0
        with suppress(BlockingIOError):
            while True:
                self._listening.accept()[0].close()
                number += 1
        return number


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    """Give such a host."""
    monkeypatch.setattr(address, "PATIENCE", 5.0)  # as in the product: other tests wait for longer
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield Silent(listening)


def behind(first: str, url: str) -> str:
    """Give the address with another host before its own."""
    return url.replace("@", f"@{first},")


async def test_the_second_host_is_asked_when_the_first_is_silent(silent: Silent, url: str) -> None:
    """Within the time that a request waits; from then on it is asked first."""
    there = Address(behind(silent.host, url))
    made = await there.connect()
    assert await made.fetchval("SELECT 1") == 1
    made.terminate()
    assert silent.asked() > 0
    (await there.connect()).terminate()
    assert silent.asked() == 0


async def test_the_second_host_is_asked_when_nobody_listens_at_the_first(url: str) -> None:
    """As when its machine runs and its server does not."""
    (await Address(behind(f"127.0.0.1:{free_port()}", url)).connect()).terminate()


async def test_the_only_host_has_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is slow is no silent one. Of several, all are looked at first."""
    given: list[float] = []

    async def connect(_: str, **options: Any) -> None:
        given.append(options["timeout"])
        raise OSError

    monkeypatch.setattr(asyncpg, "connect", connect)
    for hosts, wanted in (
        ("h1", [1]),
        ("h1,h2", [0.5] * 3 + [1]),
        ("h1,h2,h3,h4", [0.25] * 7 + [1]),
    ):
        given.clear()
        with pytest.raises(DatabaseUnavailable):
            await Address(f"postgresql://mypage@{hosts}/mypage").connect()
        assert given == [each * address.PATIENCE for each in wanted]


@pytest.mark.slow
async def test_a_former_primary_takes_nobody(server: Server) -> None:
    """It came back as one, first in the address: a node that starts anew, and one that served, ask the promoted one."""
    former, promoted = server, Server(RECOVERABLE)
    try:
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in (former, promoted))
        served = Address(f"postgresql://postgres@{hosts}/postgres")
        promoted.stop()
        (await served.connect()).terminate()
        assert served.timeline == "00000001"
        promoted.start()
        promoted.put_back()
        await served.look_at_all()  # as with each beat
        assert served.timeline == "00000002"
        for order in (hosts, ",".join(hosts.split(",")[::-1])):
            there = Address(f"postgresql://postgres@{order}/postgres")
            made = [await each.connect() for each in (there, there, served)]
            for each in made:
                assert await each.fetchval("SELECT inet_server_port()") == promoted.port
                each.terminate()
            promoted.stop()
            with pytest.raises(DatabaseUnavailable):
                await there.connect()
            promoted.start()
        for place, row in ((former, "now()"), (promoted, "now() - interval '9 seconds'")):
            aside = await asyncpg.connect(place.url())
            await aside.execute("CREATE TABLE nodes (id TEXT, seen_at TIMESTAMPTZ)")
            await aside.execute(f"INSERT INTO nodes VALUES ('this', {row})")  # noqa: S608 ours
            await aside.close()
        first = Address(f"postgresql://postgres@{hosts}/postgres")
        first.timeline = "00000001"  # as a node that was there before
        first.witness = "this", datetime.now(UTC) - timedelta(seconds=5)
        for _ in range(2):  # it lacks the newest part, and the former one is no way back
            await first.look_at_all()
            with pytest.raises(DatabaseUnavailable, match=r"lacks what|was seen"):
                await first.connect()
    finally:
        promoted.end()


async def test_a_server_that_lacks_what_was_committed_is_not_ours(
    database: PostgreSQL, aside: "asyncpg.Connection"
) -> None:
    """By way of an address that leads to a former primary again, or to a copy: nobody reads what is old."""
    await database.beat()
    (await database._address.connect()).terminate()
    await aside.execute("UPDATE nodes SET seen_at = seen_at - interval '1 second'")
    with pytest.raises(DatabaseUnavailable, match="lacks what this node has committed"):
        await database._address.connect()
    await aside.execute("UPDATE nodes SET seen_at = seen_at + interval '1 second'")
    (await database._address.connect()).terminate()


async def test_a_beat_makes_no_server_the_right_one(
    database: PostgreSQL, aside: "asyncpg.Connection"
) -> None:
    """PgBouncer leads to another one behind an open connection: it would hold the row from then on."""
    await database.beat()
    for meanwhile in (
        "UPDATE nodes SET seen_at = seen_at - interval '1 second'",
        "DELETE FROM nodes",
    ):
        await aside.execute(meanwhile)
        before = await aside.fetch("SELECT * FROM nodes")
        with pytest.raises(DatabaseUnavailable, match="lacks what this node has committed"):
            await database.beat()
        assert await aside.fetch("SELECT * FROM nodes") == before
        with pytest.raises(DatabaseUnavailable, match="lacks what this node has committed"):
            await database.nodes()


async def test_a_server_whose_clock_was_set_back_has_all_that_was_committed(
    database: PostgreSQL, aside: "asyncpg.Connection"
) -> None:
    """The row says the latest moment that was ever written."""
    await database.beat()
    later = "UPDATE nodes SET seen_at = seen_at + interval '1 hour' RETURNING seen_at"
    database._address.witness = database._nodes.id, await aside.fetchval(later)
    await database.note(database._nodes._beat)  # a beat whose answer was lost
    (await database._address.connect()).terminate()


async def test_a_connection_to_a_former_primary_is_used_no_more(
    database: PostgreSQL,
) -> None:
    """It stayed open, as the server had only paused; another one was promoted meanwhile."""
    assert await database.nodes() == []
    await database.write(Tx.all, "SELECT 1")
    database._address.timeline = "FFFFFFFF"
    database._address.epoch += 1
    for use in (database.nodes, lambda: database.write(Tx.all, "SELECT 1")):
        with pytest.raises(DatabaseUnavailable, match="FFFFFFFF was seen"):
            await use()


async def test_hosts_that_are_all_silent_are_one_line(silent: Silent) -> None:
    """And not a wait without end."""
    there = Address(f"postgresql://mypage@{silent.host},{silent.host}/mypage")
    with pytest.raises(DatabaseUnavailable, match="TimeoutError"):
        await asyncio.wait_for(there.connect(), 3 * address.PATIENCE)


@pytest.fixture
async def pgbouncer() -> AsyncIterator[str]:
    """Give the address of something that answers as PgBouncer does whose server is away."""
    said = b"SFATAL\0C08P01\0Mserver login has been failing\0\0"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"E" + struct.pack("!I", len(said) + 4) + said)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1") as serving:
        port = serving.sockets[0].getsockname()[1]
        yield f"postgresql://mypage@127.0.0.1:{port}/mypage?sslmode=disable"


async def test_what_ails_pgbouncer_is_not_mended_by_what_is_set_already(pgbouncer: str) -> None:
    """`statement_cache_size=0` is named as the cure where it is missing alone."""
    with pytest.raises(DatabaseUnavailable, match="login has been failing; through PgBouncer"):
        await Address(pgbouncer).connect()
    with pytest.raises(DatabaseUnavailable, match=r"login has been failing$"):
        await Address(f"{pgbouncer}&statement_cache_size=0").connect()


async def test_a_command_may_pause_within_a_transaction(url: str) -> None:
    """A list that stands in a pager; a request may not. As the shipped role has it, too."""
    made = await Address(url).connect()
    name = url.rpartition("/")[2]
    await made.execute(f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '3s'")
    made.terminate()
    for patient in (True, False):
        made = await Address(url).connect(patient=patient)
        most = await made.fetchval("SHOW idle_in_transaction_session_timeout")
        assert (most == "0") is patient
        made.terminate()


async def test_a_try_that_is_written_down_twice_is_one(database: PostgreSQL) -> None:
    """It is written again when the connection was lost before the answer came."""
    tries = Tries("node", [("id", b"somebody")], b"guess")
    await database.read_one(tries.begin)
    await database.read_one(tries.begin)


@pytest.mark.parametrize(
    ("noted", "becomes"), [("{identity}:00000000", "{there}"), ("7:00000001", "7:00000001")]
)
async def test_a_node_notes_a_promotion_and_no_other_database(
    database: PostgreSQL, aside: "asyncpg.Connection", noted: str, becomes: str
) -> None:
    """A node that serves sees a timeline begin, and goes on; another identity stays for `serve` to refuse."""
    await database.beat()
    there = await aside.fetchval("SELECT origin FROM turn")
    identity = there.partition(":")[0]
    given, wanted = (each.format(identity=identity, there=there) for each in (noted, becomes))
    await aside.execute("UPDATE turn SET origin = $1", given)
    await database.beat()
    assert await aside.fetchval("SELECT origin FROM turn") == wanted


@pytest.mark.slow
def test_check_reports_a_server_that_is_away_beside_everything_else(tmp_path: Path) -> None:
    """It is what an operator runs just then."""
    made = Installation(tmp_path, "smtp://127.0.0.1:9")
    made.environ["MYPAGE_DATABASE_URL"] = f"postgresql://mypage@127.0.0.1:{free_port()}/mypage"
    findings = json.loads(made.command("check", "--json").stdout)["checks"]
    wrong = {each["name"] for each in findings if not each["ok"]}
    assert {"schema", "database", "clock"} <= wrong
    assert {"settings", "banks"} <= {each["name"] for each in findings} - wrong
