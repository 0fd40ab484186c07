"""The services that live as long as the process, and the work done with them in one transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

import argon2

from web.database import Database, Tx, at
from web.mail import outbox
from web.mail.messages import Message
from web.security import audit, counter_key, throttle
from web.security.audit import Trail
from web.security.dummies import Dummies
from web.security.passwords import PARAMETERS, Passwords
from web.security.tries import Tries
from web.security.vault import Vault
from web.services.announcements import Announcements
from web.services.error_numbers import ErrorNumbers
from web.services.last_seen import LastSeen
from web.settings import Settings
from web.store import credentials, staff

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """What endpoints and flows work with."""

    PAYMENT: ClassVar[str] = "payment"  # the kinds of passwords that open something
    STAFF: ClassVar[str] = "staff"

    settings: Settings
    database: Database
    vault: Vault
    trail: Trail
    passwords: Passwords
    dummies: Dummies
    tries: Tries
    seen: LastSeen
    announcements: Announcements
    error_numbers: ErrorNumbers

    @classmethod
    def of(cls, settings: Settings, parameters: argon2.Parameters = PARAMETERS) -> "Services":
        """Make the services of an installation; the database is still to be opened."""
        vault, database = Vault(settings.secret_key), at(settings.database_url)
        return cls(
            settings=settings,
            database=database,
            vault=vault,
            trail=Trail(vault),
            passwords=Passwords(
                parameters,
                filter_file=settings.password_filter,
                most=settings.requests_at_once // 2,
            ),
            dummies=Dummies(parameters),
            tries=Tries(database),
            seen=LastSeen(),
            announcements=Announcements(),
            error_numbers=ErrorNumbers(),
        )

    async def open(self, *, command: bool = False) -> None:
        """Open the database and load what is kept in it for the whole run."""
        await self.database.open(command=command)
        await counter_key.load(self.database, self.vault, command=command)
        if command:
            await self.database.read_one(self.trail.keep_key)
        else:
            await self.database.write(self.trail.begin)

    async def look_at_hashes(self) -> None:
        """Learn which argon2 parameters are in use."""
        async with self.database.read() as reads:
            self.dummies.learn(self.PAYMENT, await credentials.in_use(reads))
            self.dummies.learn(self.STAFF, await staff.in_use(reads))

    def dummy(self, kind: str, user_id: str) -> str:
        """Give the hash that a password is compared with when nobody has the ID."""
        return self.dummies.of(kind, self.vault, user_id)

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings) -> AsyncIterator["Services"]:
        """Make the services for one command, and close them after it."""
        services = cls.of(settings)
        await services.open(command=True)
        try:
            yield services
        finally:
            services.passwords.close()
            await services.database.close()

    async def write(
        self,
        flow: Callable[Concatenate["Work", P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run flow(work, …) in a transaction: its return commits, its exception rolls back."""

        async def in_work(tx: Tx) -> T:
            return await flow(Work(tx, self), *args, **kwargs)

        return await self.database.write(in_work)

    async def read_one(
        self,
        find: Callable[Concatenate["Work", P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run find(work, …), which needs one statement, or several that need not see one moment."""

        async def in_work(tx: Tx) -> T:
            return await find(Work(tx, self), *args, **kwargs)

        return await self.database.read_one(in_work)

    @asynccontextmanager
    async def read(self) -> AsyncIterator["Work"]:
        """Read at one moment, for as long as the block."""
        async with self.database.read() as tx:
            yield Work(tx, self)


class Work(Tx):
    """One transaction: its statements, its moment, its audit events, its mails.

    Nothing outside the database happens in it, so it may be rolled back and run again.
    """

    def __init__(self, tx: Tx, services: Services) -> None:
        super().__init__(tx.connection, tx.now)
        self.wakes = tx.wakes
        self.services = services
        self.settings = services.settings
        self.vault = services.vault

    def as_of(self, moment: int) -> "Work":
        """Give the same transaction at another moment, for people who were there before today."""
        earlier = Work(self, self.services)
        earlier.now = moment
        return earlier

    async def audit(self, event: str, account_id: str | None = None, **details: str | int) -> None:
        """Append an event to the audit trail; details name fields, never values (ASVS 16.2.5)."""
        await self.services.trail.record(self, event, account_id=account_id, **details)

    async def audit_repeated(
        self, event: str, account_id: str | None, lately: int | None = None, **details: str | int
    ) -> None:
        """Append an event that somebody can cause without end: ever more rarely within an hour.

        `lately`: how many there were within it, where that is known already; else they are counted, by the
        account or by `who`: one 担当者 must not hide what another does.
        """
        if lately is None:
            by = account_id or details.get("who")
            lately = await throttle.repeated(self, self.vault, f"{event}\n{by}")
        if audit.worth_a_row(lately):
            often = {"times": lately} if lately > audit.EACH_WRITTEN else {}
            await self.audit(event, account_id, **details, **often)

    async def mail(
        self,
        message: Message,
        once_key: str,
        *,
        account_id: str | None = None,
        expires_at: int | None = None,
        confirmed: bool | None = None,
    ) -> None:
        """Put a mail into the outbox, once for each once_key; `expires_at`: when a link in it dies.

        `confirmed`: as for outbox.put.
        """
        await outbox.put(
            self, self.settings, self.vault, message, once_key,
            account_id=account_id, expires_at=expires_at, confirmed=confirmed,
        )  # fmt: skip
