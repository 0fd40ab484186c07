"""Where the server is, and how every connection to it is set up."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg

from web.database.faults import DatabaseUnavailable

OLDEST = 15  # PostgreSQL
PATIENCE = 5.0  # seconds for a connection or a statement; then it is a 503
_OURS = "statement_cache_size"  # asyncpg knows no such part of an address
_STATEMENTS = 500  # kept prepared by each connection: all of ours
_DIRECT = "mypage.direct"  # set by ourselves alone: who does not see it has somebody in between
_POOLED = f"through PgBouncer the address needs {_OURS}=0 (docs/operations.md)"
# What holds for every connection but those of PgBouncer, where ALTER ROLE … SET says it.
_SETTINGS = {
    _DIRECT: "on",
    "application_name": "mypage",
    "jit": "off",
    "TimeZone": "UTC",
    "lock_timeout": "5s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_WHO = """
    SELECT current_setting($1, TRUE) = 'on' AS direct,
           CASE WHEN pg_is_in_recovery() THEN '' ELSE
                SUBSTR(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline
"""
_HOLDS = "SELECT EXISTS (SELECT 1 FROM nodes WHERE id = $1 AND seen_at >= $2)"
# A node that is frozen in its turn to write would stop all others.
_HURRIED = {"idle_in_transaction_session_timeout": "3s"}
# An import sorts millions of rows for an index; a list may stand still in a pager.
_PATIENT = {"maintenance_work_mem": "256MB", "idle_in_transaction_session_timeout": "0"}
# Another host may be the one that takes writes.
_NOT_HERE = OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched


LACKS = "lacks what this node has committed; see `mypage rest`, and start it again"


class Behind(OSError):
    """A server that lacks what another had: a former primary, or one that was put back."""


class Made(asyncpg.Connection):  # type: ignore[misc]  # a library without types
    """A connection that knows since when it is right."""

    epoch = 0


class Address:
    """The address of a database, as postgresql://user@h1,h2/name?target_session_attrs=read-write."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        asked.setdefault(
            "target_session_attrs", "read-write"
        )  # a standby is behind: no page may be
        self._statements = int(asked.pop(_OURS, _STATEMENTS))
        who, at, hosts = parts.netloc.rpartition("@")
        given = parts._replace(query=urlencode(asked))
        self._urls = [  # of each host; the first is the one that answered last
            given._replace(netloc=f"{who}{at}{host}").geturl() for host in hosts.split(",")
        ]
        self.timeline = ""  # the newest that any of them has shown
        self.epoch = 0  # what was connected before leads to a former primary, perhaps
        self.witness: tuple[str, datetime] | None = None  # a row of `nodes`, as it was committed
        self.on_promotion: Callable[[], object] = lambda: None  # of a standby that has the witness
        self.pooled = not self._statements  # the server sees connections of PgBouncer's
        self.name = f"{parts.netloc.rpartition('@')[2] or asked.get('host', '')}{parts.path}"
        self.passfile = asked.get("passfile", "")

    async def connect(self, *, patient: bool = False) -> Made:
        """Connect. `patient`: let statements and pauses last. Raises DatabaseUnavailable.

        Whoever is cancelled meanwhile leaves when it has ended: asyncpg, cancelled between TCP and TLS, leaves
        an error behind that nobody takes.
        """
        connecting = asyncio.create_task(self._connected(patient=patient))
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            connecting.add_done_callback(_let_go)
            await asyncio.wait([connecting])
            raise

    async def _connected(self, *, patient: bool) -> Made:
        try:
            async with asyncio.timeout(PATIENCE):
                if not self.timeline:
                    await self.look_at_all()
                return await self._first_that_answers(patient=patient)
        except asyncpg.ProtocolViolationError as wrong:  # PgBouncer knows none of our settings
            cure = "" if self.pooled else f"; {_POOLED}"
            raise DatabaseUnavailable(f"{self.name}: {wrong}{cure}") from wrong
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as wrong:
            raise DatabaseUnavailable(f"{self.name}: {type(wrong).__name__}: {wrong}") from wrong

    async def look_at_all(self) -> None:
        """Learn which of several hosts has the newest timeline: a former primary that came back takes connections as before."""
        if len(self._urls) == 1 or self.pooled:
            return
        share = PATIENCE / len(self._urls)

        async def look(url: str) -> str:
            (await self._made(url, share, patient=False)).terminate()
            return url

        answered = await asyncio.gather(*map(look, self._urls), return_exceptions=True)
        self._urls.sort(key=lambda url: url not in answered)

    async def _first_that_answers(self, *, patient: bool) -> Made:
        """Ask host after host; a silent one, as a machine without power is, leaves the others their share of the time."""
        failures: list[Exception] = []
        for url in (hosts := self._urls.copy()):
            share = PATIENCE if url == hosts[-1] else PATIENCE / len(hosts)
            try:
                made = await self._made(url, share, patient=patient)
            except _NOT_HERE as failed:
                failures.append(failed)
            else:
                self._urls.sort(key=lambda each: each != url)
                return made
        raise next((each for each in failures if isinstance(each, Behind)), failures[-1])

    async def _made(self, url: str, seconds: float, *, patient: bool) -> Made:
        """Connect to a host. Raises one of _NOT_HERE, or DatabaseUnavailable for one that nobody may work with."""
        settings = {**_SETTINGS, **(_PATIENT if patient else _HURRIED)}
        made: Made = await asyncpg.connect(
            url,
            connection_class=Made,
            timeout=seconds,
            command_timeout=None if patient else PATIENCE,
            statement_cache_size=self._statements,
            max_cached_statement_lifetime=0,
            server_settings=None if self.pooled else settings,
        )
        try:
            await self._look_at(made)
        except BaseException:
            made.terminate()
            raise
        return made

    async def _look_at(self, made: Made) -> None:
        """Refuse what is too old, what loses our settings, and a former primary."""
        if (major := made.get_server_version().major) < OLDEST:
            raise DatabaseUnavailable(
                f"{self.name}: PostgreSQL {major}; {OLDEST} or newer is needed"
            )
        before, made.epoch = self.epoch, self.epoch
        if not self.pooled:
            await self._look_at_timeline(made)
        if self.witness and not await made.fetchval(_HOLDS, *self.witness):
            raise Behind(LACKS)
        if self.witness and made.epoch != before:
            self.on_promotion()

    async def _look_at_timeline(self, made: Made) -> None:
        who = await made.fetchrow(_WHO, _DIRECT)
        if not who or not who["direct"]:
            raise DatabaseUnavailable(f"{self.name}: what a connection sets is lost; {_POOLED}")
        timeline = who["timeline"]
        if timeline and timeline < self.timeline:
            raise Behind(f"timeline {timeline}, but {self.timeline} was seen")
        if timeline > self.timeline:
            self.timeline, self.epoch = timeline, self.epoch + 1
        made.epoch = self.epoch


def _let_go(connecting: "asyncio.Task[Made]") -> None:
    """Close a connection that nobody waits for any more."""
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().terminate()
