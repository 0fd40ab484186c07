"""Starts the demo: database, personas, mail catcher, application."""

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette

from web import clock
from web.app import create_app
from web.database import at
from web.demo import gallery, samples
from web.demo.catcher import Catcher
from web.demo.inbox import Inbox
from web.demo.moving_clock import MovingClock
from web.demo.personas import (
    COMPANY,
    EXPIRED,
    OFFICERS,
    PERSONAS,
    WITH_CODES,
    Officer,
    Persona,
)
from web.features.issuance import flow
from web.office import staff
from web.security import upgrading
from web.services import Services, Work
from web.settings import Settings
from web.store import credentials
from web.store import staff as staff_rows
from web.store.credentials import CredentialKind

AS_IN_THE_MANUAL = {
    "MYPAGE_MAIL_FROM": "notice@k-oss.keikenkyo.or.jp",
    "MYPAGE_CONTACT_PHONE": "050-3364-0800",
    "MYPAGE_PORTAL_URL": "https://www.k-oss.keikenkyo.or.jp/",
    # the manual gives no address: this one does not exist
    "MYPAGE_DIRECT_DEBIT_ADDRESS": (
        "〒000-0000/東京都見本区軽自町1-2-3/軽自動車OSS/ダイレクト納付口座　受付係"
    ),
    "MYPAGE_COPYRIGHT": (
        "Copyright© 2019, Light Motor Vehicle Inspection Organization. All rights reserved."
    ),
}

# A demo is walked again and again by a few people who do not exist.
WITHOUT_HURRY = {"MYPAGE_ACTS_PER_HOUR": "1000", "MYPAGE_UNCONFIRMED_MAILS_PER_DAY": "1000"}
CHANGED = "(変更されています)"


@contextmanager
def prepared(
    data: Path,
    host: str,
    port: int,
    database: str | None = None,
    second_factor: str = "optional",
) -> Iterator[tuple[Starlette, Settings, list[str]]]:
    """Make everything the demo needs in a folder; give the app and the lines to be printed."""
    data.mkdir(parents=True, exist_ok=True)
    catcher = Catcher(data / "mail")
    settings = Settings.from_env(
        {
            **AS_IN_THE_MANUAL,
            **WITHOUT_HURRY,
            "MYPAGE_DATABASE_URL": database or f"sqlite:///{data / 'demo.sqlite3'}",
            "MYPAGE_BASE_URL": f"http://{host}:{port}",
            "MYPAGE_HOST": host,
            "MYPAGE_PORT": str(port),
            "MYPAGE_SMTP_URL": catcher.url,
            "MYPAGE_SECOND_FACTOR": second_factor,
            "MYPAGE_OFFICE_SECOND_FACTOR": "required" if second_factor == "all" else "optional",
            "MYPAGE_SECRET_KEY": _secret(data / "secret-key"),
        }
    )
    asyncio.run(upgrading.upgrade(at(settings.database_url), lambda: settings))
    people, officers = asyncio.run(seed(settings))
    catcher.start()
    try:
        # the only place where the product reads the time; tests replace it likewise
        moving = MovingClock()
        setattr(clock, "now", moving.now)  # noqa: B010 mypy would not let a function be assigned
        routes = [*Inbox(data / "mail").routes(), *moving.routes(), *gallery.routes()]
        app = create_app(settings, demo_routes=routes)
        yield app, settings, _words(settings, people, officers)
    finally:
        catcher.stop()


def _secret(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return file.read_text(encoding="utf-8")


async def seed(
    settings: Settings,
) -> tuple[list[tuple[Persona, bool]], list[tuple[Officer, bool]]]:
    """Make the people that are missing; tell for each whether the password still holds."""
    async with Services.opened(settings) as services:
        return (
            [(persona, await _seed_one(services, persona)) for persona in PERSONAS],
            [(officer, await _seed_officer(services, officer)) for officer in OFFICERS],
        )


async def _seed_one(services: Services, persona: Persona) -> bool:
    known = await services.read_one(credentials.find_by_payment_id, persona.account.payment_user_id)
    if known:
        return await services.passwords.verify(known.password_hash, persona.payment_password)
    hashes = {
        CredentialKind.PAYMENT: await services.passwords.hash(persona.payment_password),
        CredentialKind.BULK: await services.passwords.hash(persona.bulk_password),
    }
    await services.write(_add, persona, hashes)
    if persona is COMPANY:
        user_id = persona.account.payment_user_id
        await services.write(samples.add_payments, user_id)
    if persona is EXPIRED:
        user_id = persona.account.payment_user_id
        await services.write(samples.add_form, user_id)
    if persona is WITH_CODES:
        await services.write(samples.add_app, persona.account.payment_user_id)
    return True


async def _add(tx: Work, persona: Persona, hashes: Mapping[CredentialKind, str]) -> None:
    await flow.add(tx.as_of(tx.now - persona.password_age), persona.account, hashes)


async def _seed_officer(services: Services, officer: Officer) -> bool:
    known = await services.read_one(staff_rows.find_by_name, officer.name)
    if known:
        return await services.passwords.verify(known.password_hash, officer.password)
    hashed = await services.passwords.hash(officer.password)
    await services.write(staff.add, officer.name, officer.role, hashed)
    return True


def _words(
    settings: Settings, people: list[tuple[Persona, bool]], officers: list[tuple[Officer, bool]]
) -> list[str]:
    lines = [
        "",
        f"  ポータル   {settings.base_url}/",
        f"  受信箱     {settings.base_url}/demo/mail",
        "",
        "  納付利用者ID  納付利用者パスワード",
    ]
    for persona, unchanged in people:
        shown = persona.payment_password if unchanged else CHANGED
        lines.append(f"  {persona.account.payment_user_id}      {shown:22}{persona.about}")
    lines += ["", f"  担当者画面 {settings.base_url}/office/", "", "  担当者ID      パスワード"]
    for officer, unchanged in officers:
        shown = officer.password if unchanged else CHANGED
        lines.append(f"  {officer.name:14}{shown:22}{officer.role.label}")
    return [*lines, "", "  止めるには Ctrl-C", ""]
