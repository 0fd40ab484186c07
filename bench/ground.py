"""The database that the servers under measurement stand on, and a log-in into it."""

import asyncio
import csv
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import argon2

from bench.process import Ran, Server, ran
from tests.ports import free_port
from web.cli.import_file import COLUMNS
from web.database import Tx, at
from web.security import tokens
from web.security.passwords import PARAMETERS
from web.setting_types import SQLITE, path_of

MYPAGE = str(Path(sys.executable).with_name("mypage"))
PASSWORD = "hoshi-no-umi-to-kaze"  # of accounts that exist here only
PREFIX = "KNCA"
FIRST = f"{PREFIX}0001"
PEOPLE = 8  # the first so many are logged in
KANJI = str.maketrans("0123456789", "零一二三四五六七八九")
KANA = str.maketrans("0123456789", "レイニサシゴロナハク")
OURS = argon2.PasswordHasher.from_parameters(PARAMETERS)
SESSION = """
    INSERT INTO sessions (id, token_hash, account_id, created_at, last_seen_at, user_agent, network)
    SELECT :id, :token_hash, id, :now, :now, 'wrk', '127.0.0.1' FROM accounts
     WHERE payment_user_id = :user_id
"""
STAFF = """
    INSERT INTO staff (id, name, role, password_hash, created_at)
    VALUES ('desk', 'bench', 'reader', '', :now)
"""
STAFF_SESSION = """
    INSERT INTO staff_sessions (id, token_hash, staff_id, created_at, last_seen_at, network)
    VALUES ('desk', :token_hash, 'desk', :now, :now, '127.0.0.1')
"""
ISO = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Ground:
    """A database of so many accounts, the first of which are logged in."""

    url: str
    accounts: int
    imported: Ran
    checkout: Path | None = None  # another one than this, whose product stands on it

    @property
    def database(self) -> Path:
        """Give the file of SQLite."""
        return path_of(self.url)

    @property
    def environ(self) -> dict[str, str]:
        """Give the settings that stand on it."""
        return _environ(self.url, self.checkout)

    @property
    def cookie(self) -> dict[str, str]:
        """Give the headers of the first account's browser."""
        return {"Cookie": f"session={token(1)}"}

    @property
    def desk(self) -> dict[str, str]:
        """Give the cookies of a 担当者."""
        return {"office": token(0)}

    @property
    def people(self) -> list[dict[str, str]]:
        """Give the cookies of everybody who is logged in."""
        return [{"session": token(number)} for number in range(1, PEOPLE + 1)]

    def mypage(self, **settings: str) -> Server:
        """Describe the product's server, with other settings if need be."""
        port = free_port()
        environ = {
            **self.environ,
            "MYPAGE_PORT": str(port),
            "MYPAGE_BASE_URL": f"http://127.0.0.1:{port}",
            "MYPAGE_TRUSTED_PROXIES": "127.0.0.1",
            **settings,
        }
        return Server("kei-mypage", [MYPAGE, "serve"], port, "/healthz", environ)

    def floor(self, page_bytes: int) -> Server:
        """Describe the floor: the same server, one read, a page of so many bytes."""
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "--factory", "bench.floor:create_app"]
        quiet = ["--no-access-log", "--no-proxy-headers", "--log-level", "warning"]
        environ = {
            "BENCH_DATABASE": str(self.database),
            "BENCH_TOKEN_HASH": tokens.digest(token(1)).hex(),
            "BENCH_BYTES": str(page_bytes),
        }
        return Server("floor", [*command, *quiet, "--port", str(port)], port, "/", environ)


def address(number: int) -> str:
    """Give the 利用者管理用メールアドレス of an account."""
    return f"u{_scattered(number)}@example.jp"


def prepare(
    folder: Path, accounts: int, hasher: argon2.PasswordHasher = OURS, *, url: str = ""
) -> Ground:
    """Import accounts and log the first of them in."""
    ground = filled(folder, accounts, hasher, url=url)
    asyncio.run(_log_in(ground.url))
    return ground


def filled(
    folder: Path,
    accounts: int,
    hasher: argon2.PasswordHasher = OURS,
    *,
    url: str = "",
    checkout: Path | None = None,
) -> Ground:
    """Import accounts that share one password hash; on SQLite without an address."""
    url = url or f"{SQLITE}{folder}/mypage-{accounts}.sqlite3"
    environ = {**os.environ, **_environ(url, checkout)}
    subprocess.run([MYPAGE, "init-db"], env=environ, check=True, capture_output=True)
    file = _accounts(folder, accounts, hasher.hash(PASSWORD))
    imported = ran([MYPAGE, "accounts", "import", str(file)], environ)
    return Ground(url, accounts, imported, checkout)


def _environ(url: str, checkout: Path | None) -> dict[str, str]:
    return {
        "MYPAGE_DATABASE_URL": url,
        "MYPAGE_SECRET_KEY": "k" * 43,
        "MYPAGE_MAIL_FROM": "bench@example.jp",
        "MYPAGE_SMTP_URL": "smtp://127.0.0.1:9",
        "MYPAGE_ACTS_PER_HOUR": "1000000",
        "MYPAGE_OFFICE_SECOND_FACTOR": "off",
        **({"PYTHONPATH": str(checkout)} if checkout else {}),
    }


def _accounts(folder: Path, number: int, hashed: str) -> Path:
    changed = time.strftime(ISO, time.gmtime())
    file = folder / f"accounts-{number}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for each in range(1, number + 1):
            ids = f"KNCA{each:04}", f"KICA{each:04}"
            digits = _scattered(each)
            name, kana = digits.translate(KANJI), digits.translate(KANA)
            names = (f"{name}行政書士事務所", f"{kana}ギョウセイショシジムショ", "軽自　太郎")
            rest = (address(each), "", hashed, hashed, changed)
            rows.writerow([*ids, "corporate", *names, *rest])
    return file


def _scattered(number: int) -> str:
    """Give ten digits that no other account has, in another order than the accounts."""
    return f"{number * 2_654_435_761 % 2**32:010}"


def token(number: int) -> str:
    """Give the cookie of the session that one of the first accounts has."""
    return f"{number:064x}"


async def _log_in(url: str) -> None:
    database = at(url)
    await database.open(command=True)
    await database.write(_add_sessions)
    await database.close()


async def _add_sessions(tx: Tx) -> None:
    for number in range(1, PEOPLE + 1):
        await tx.run(
            SESSION,
            id=f"bench {number}",
            token_hash=tokens.digest(token(number)),
            user_id=f"KNCA{number:04}",
        )
    await tx.run(STAFF)
    await tx.run(STAFF_SESSION, token_hash=tokens.digest(token(0)))
