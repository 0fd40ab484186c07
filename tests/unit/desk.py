"""A support desk: a database with one account, the command line, and a look behind."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.unit import parts
from web import clock
from web.database import Tx
from web.features.issuance import flow
from web.features.issuance.form import NewAccount
from web.security import throttle
from web.security.throttle import Attempt
from web.security.vault import Vault
from web.services import Work
from web.store import reset_links, sessions
from web.store.accounts import Profile
from web.store.credentials import CredentialKind
from web.store.reset_links import Link
from web.store.standings import Standing

if TYPE_CHECKING:
    from tests.unit.conftest import Run

ID = "KNCA6288"
VAULT = Vault((parts.SECRET,))
PROFILE = Profile("individual", "軽自　花子", "ケイジ　ハナコ", "", "hanako@example.jp", "")


class Desk:
    """A database with one account, the command line, and a look behind."""

    def __init__(self, run: "Run", folder: Path) -> None:
        self.run = run
        self.file = folder / "mypage.sqlite3"

    def write(self, work: Callable[[Work], Awaitable[Any]]) -> None:
        """Change the database as the running product would."""

        async def go() -> None:
            async with parts.services(self.file.parent) as services:
                await services.write(work)

        asyncio.run(go())

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Look into the database."""
        with closing(sqlite3.connect(self.file)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql)]

    @property
    def account(self) -> str:
        """Give the account's own id."""
        return str(self.rows("SELECT id FROM accounts")[0]["id"])

    def shown(self) -> dict[str, Any]:
        """Ask for the account."""
        facts: dict[str, Any] = json.loads(self.run("accounts", "show", ID, "--json").out)
        return facts

    def noted(self) -> list[tuple[str, dict[str, Any]]]:
        """Read the trail of what was done here, without the account's birth and the looks at it."""
        found = self.rows("SELECT event, detail FROM audit WHERE seq > 1 ORDER BY seq")
        noted = [(row["event"], json.loads(row["detail"])) for row in found]
        return [each for each in noted if each[0] != "account.viewed"]

    def fail(self, times: int) -> None:
        """Try wrong passwords, each time from another network."""

        async def work(tx: Work) -> None:
            for number in range(times):
                attempt = Attempt(tx.vault, ID, f"198.51.{number // 250}.{number % 250}", "none")
                await throttle.failed(tx, attempt, Standing({}))

        self.write(work)

    def log_in(self, *names: str) -> None:
        """Begin sessions."""

        async def work(tx: Tx) -> None:
            for name in names:
                await sessions.add(tx, name, name.encode(), self.account, user_agent="", network="127.0.0.1")  # fmt: skip

        self.write(work)

    def mail_links(self) -> None:
        """Make a live link for each credential."""

        async def work(tx: Tx) -> None:
            for kind in CredentialKind:
                now = clock.now()
                link = Link(f"link of {kind}", self.account, kind, now, now + clock.DAY, None, None)
                await reset_links.add(tx, link, kind.encode())

        self.write(work)

    def open_account(self) -> None:
        """Make the account."""
        hashes = dict.fromkeys(CredentialKind, "no hash at all")
        new = NewAccount(ID, "KICA6288", PROFILE)
        self.write(lambda tx: flow.add(tx, new, hashes))
