"""The product as a test sees it: the real application on a real database and a real SMTP server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import argon2
import httpx
from starlette.applications import Starlette

from tests.e2e.waiting import PATIENCE
from tests.support import lint
from tests.support.engines import CHOSEN, engine_of
from tests.support.people import PEOPLE
from tests.support.post import PostOffice
from tests.support.secrets import Secrets
from tests.support.twice import every_transaction_twice
from web import clock
from web.app import create_app
from web.database import Tx
from web.demo.personas import Persona
from web.features.issuance import flow
from web.services import Services, Work
from web.settings import Settings
from web.store.credentials import CredentialKind

BASE_URL = "http://localhost:8000"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
# The same kind as in production, so that hashes are told apart by their parameters alone.
CHEAP = argon2.profiles.CHEAPEST
WAITING = """
    SELECT 1 FROM reset_requests WHERE judged_at IS NULL
    UNION ALL SELECT 1 FROM issuances WHERE judged_at IS NULL
    UNION ALL SELECT 1 FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL AND next_try_at <= ?
"""


class Product:
    """A running application, its database and its mail."""

    def __init__(self, app: Starlette, settings: Settings, post: PostOffice) -> None:
        self.app = app
        self.settings = settings
        self.post = post
        self.secrets = Secrets()

    @property
    def services(self) -> Services:
        """Give the parts of the application."""
        parts: Services = self.app.state.services
        return parts

    def browser(self, address: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
        """Open a browser with cookies of its own; it follows no redirect and lints every answer."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, client=(address, 50000)),
            base_url=self.settings.base_url,
            headers={**SAME_ORIGIN, **headers},
            event_hooks={"response": [lint.hook, self.secrets.hook]},
        )

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Look into the database behind the application's back."""
        return engine_of(self.settings).rows(self.settings, sql, values)

    def content(self) -> list[str]:
        """Write the whole database out, to tell whether anything was written."""
        return list(map(repr, engine_of(self.settings).everything(self.settings).items()))

    async def holds(self, person: Persona, kind: str, password: str) -> bool:
        """Tell whether a person's password of a kind is this one."""
        sql = """SELECT password_hash FROM credentials JOIN accounts ON id = account_id
                  WHERE payment_user_id = ? AND credentials.kind = ?"""
        stored = self.rows(sql, person.account.payment_user_id, kind)[0]["password_hash"]
        return await self.services.passwords.verify(stored, password)

    async def meddle(self, sql: str, **values: Any) -> None:
        """Change the database as an operator would, for what no screen does."""
        await self.services.database.write(Tx.run, sql, **values)

    async def disable(self, person: Persona) -> None:
        """Shut an account."""
        await self.meddle(
            "UPDATE accounts SET disabled_at = :now WHERE payment_user_id = :id",
            now=clock.now(),
            id=person.account.payment_user_id,
        )

    async def settle(self) -> None:
        """Wait until the background work has judged and delivered everything that is due."""
        async with asyncio.timeout(PATIENCE):
            while self._waiting():  # noqa: ASYNC110 what is waited for may be another process's
                await asyncio.sleep(0.005)

    def _waiting(self) -> bool:
        return bool(self.rows(WAITING, clock.now()))


@asynccontextmanager
async def running(folder: Path, post: PostOffice, **environ: str) -> AsyncIterator[Product]:
    """Run the product with its people."""
    settings = settings_in(folder, post, **environ)
    await _seed(settings, post)
    async with serving(settings, post) as product:
        yield product


def settings_in(folder: Path, post: PostOffice, **environ: str) -> Settings:
    """Give the settings of an installation in a folder."""
    return Settings.from_env(
        {
            "MYPAGE_DATABASE_URL": CHOSEN.engine.url(folder),
            "MYPAGE_BASE_URL": BASE_URL,
            "MYPAGE_SMTP_URL": post.url,
            "MYPAGE_OFFICE_SECOND_FACTOR": "optional",
            "MYPAGE_MAIL_FROM": "notice@k-oss.keikenkyo.or.jp",
            "MYPAGE_CONTACT_PHONE": "050-3364-0800",
            "MYPAGE_PORTAL_URL": "https://www.k-oss.keikenkyo.or.jp/",
            "MYPAGE_SECRET_KEY": "a secret of the tests that is long enough",
            **environ,
        }
    )


@asynccontextmanager
async def serving(settings: Settings, post: PostOffice) -> AsyncIterator[Product]:
    """Run the product on what is there."""
    app = create_app(settings, parameters=CHEAP)
    product = Product(app, settings, post)
    with product.secrets.read_log(), every_transaction_twice():
        async with app.router.lifespan_context(app):
            yield product
        await product.secrets.check(settings, post.mails)


async def _seed(settings: Settings, post: PostOffice) -> None:
    """Put a database with the people in place."""

    async def people() -> None:
        app = create_app(settings, parameters=CHEAP)
        await app.state.services.database.open()
        for person in PEOPLE:
            await settle_in(Product(app, settings, post), person)
        app.state.services.passwords.close()
        await app.state.services.database.close()

    await engine_of(settings).put(settings, clock.now(), people)


async def settle_in(product: Product, person: Persona) -> None:
    """Give a person an account."""
    services = product.services
    hashes = {
        CredentialKind.PAYMENT: await services.passwords.hash(person.payment_password),
        CredentialKind.BULK: await services.passwords.hash(person.bulk_password),
    }

    async def add(tx: Work) -> None:
        await flow.add(tx.as_of(tx.now - person.password_age), person.account, hashes)

    await services.write(add)
