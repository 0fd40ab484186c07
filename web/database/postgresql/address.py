"""Where the server is, and how every connection to it is set up."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg

from web.database.faults import DatabaseUnavailable

OLDEST = 15  # PostgreSQL
PATIENCE = 5.0  # seconds for a connection or a statement; then it is a 503
_OURS = "statement_cache_size"  # asyncpg knows no such part of an address
_STATEMENTS = 500  # kept prepared by each connection: all of ours
# What holds for every connection but those of PgBouncer, where ALTER ROLE … SET says it.
_SETTINGS = {
    "application_name": "mypage",
    "jit": "off",
    "TimeZone": "UTC",
    "lock_timeout": "5s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
# A node that is frozen in its turn to write would stop all others.
_HURRIED = {"idle_in_transaction_session_timeout": "3s"}


class Address:
    """The address of a database, as postgresql://user@h1,h2/name?target_session_attrs=read-write."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        asked.setdefault(
            "target_session_attrs", "read-write"
        )  # a standby is behind: no page may be
        self._statements = int(asked.pop(_OURS, _STATEMENTS))
        self._url = parts._replace(query=urlencode(asked)).geturl()
        self.name = f"{parts.netloc.rpartition('@')[2] or asked.get('host', '')}{parts.path}"
        self.passfile = asked.get("passfile", "")

    async def connect(self, *, patient: bool = False) -> "asyncpg.Connection[Any]":
        """Connect. `patient`: let statements and pauses last. Raises DatabaseUnavailable."""
        settings = dict(_SETTINGS if patient else {**_SETTINGS, **_HURRIED})
        try:
            async with asyncio.timeout(PATIENCE):
                made = await asyncpg.connect(
                    self._url,
                    timeout=PATIENCE,
                    command_timeout=None if patient else PATIENCE,
                    statement_cache_size=self._statements,
                    max_cached_statement_lifetime=0,
                    server_settings=settings if self._statements else None,
                )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as wrong:
            raise DatabaseUnavailable(f"{self.name}: {type(wrong).__name__}: {wrong}") from wrong
        if (major := made.get_server_version().major) < OLDEST:
            await made.close()
            raise DatabaseUnavailable(
                f"{self.name}: PostgreSQL {major}; {OLDEST} or newer is needed"
            )
        return made
