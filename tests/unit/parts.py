"""What the unit tests are built from: settings, a fresh database, the command line."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from tests.e2e.waiting import PATIENCE
from tests.support.files import file_of
from web.database.sqlite import schema
from web.database.sqlite.database import SQLite
from web.security import counter_key
from web.services import Services
from web.settings import Settings

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
SECRET = "a secret of the tests that is long enough"


def environ(folder: Path, **more: str) -> dict[str, str]:
    """Give the environment of a small production on loopback."""
    return {
        "MYPAGE_DATABASE_URL": f"sqlite:///{folder / 'mypage.sqlite3'}",
        "MYPAGE_SECRET_KEY": SECRET,
        "MYPAGE_MAIL_FROM": "notice@k-oss.keikenkyo.or.jp",
        "MYPAGE_CONTACT_PHONE": "050-3364-0800",
        "MYPAGE_PORTAL_URL": "https://www.k-oss.keikenkyo.or.jp/",
        **more,
    }


def settings(folder: Path, **more: str) -> Settings:
    """Give the settings of a small production on loopback."""
    return Settings.from_env(environ(folder, **more))


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SQLite]:
    """Open the database of a file, making it when it is not there."""
    if not schema.version(path):  # upgrade() closes a handle, which drops SQLite's locks here
        schema.upgrade(path)
    database = SQLite(path)
    await database.open()
    try:
        yield database
    finally:
        for left in tuple(database._running):  # by a test that failed in the middle of a write
            left.cancel()
        await database.close()


@asynccontextmanager
async def services(folder: Path, **more: str) -> AsyncIterator[Services]:
    """Open the services on a database in a folder, making it when it is not there."""
    given = Services.of(settings(folder, **more))
    try:
        async with opened(file_of(given.settings)) as database:
            await counter_key.load(database, given.vault, command=False)
            yield replace(given, database=database)
    finally:
        given.passwords.close()


def mypage(
    *arguments: str, given: dict[str, str], typed: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m web` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "web", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **given},
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
