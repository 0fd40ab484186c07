"""Writes the CSV files of the tests of `mypage accounts import`, and looks at what became of them."""

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import argon2

from tests.support.product import CHEAP

COLUMNS = (
    "payment_user_id", "bulk_user_id", "kind", "name", "name_kana", "representative",
    "admin_email", "notice_email", "payment_password_hash", "bulk_password_hash",
    "password_changed_at",
)  # fmt: skip
_HASHER = argon2.PasswordHasher.from_parameters(CHEAP)
PAYMENT_HASH = _HASHER.hash("midori-no-kaze-6288")
BULK_HASH = _HASHER.hash("shiroi-kumo-6288")
Row = dict[str, str]


def row(number: int, **changed: str) -> Row:
    """Make a good row, or one with something changed."""
    return {
        "payment_user_id": f"KNCA{number:06d}",
        "bulk_user_id": f"KICA{number:06d}",
        "kind": "corporate",
        "name": "軽自行政書士事務所",
        "name_kana": "ケイジギョウセイショシジムショ",
        "representative": "軽自　太郎",
        "admin_email": f"oss{number}@example.jp",
        "notice_email": "",
        "payment_password_hash": PAYMENT_HASH,
        "bulk_password_hash": BULK_HASH,
        "password_changed_at": "2026-01-05T09:30:00+09:00",
        **changed,
    }


def rows(count: int, start: int = 1) -> Iterator[Row]:
    """Make good rows."""
    return (row(number) for number in range(start, start + count))


def write(path: Path, content: Iterable[Row], *, encoding: str = "utf-8") -> Path:
    """Write a file with a header."""
    with path.open("w", encoding=encoding, newline="") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(content)
    return path


def stored(folder: Path, sql: str) -> list[Any]:
    """Ask the database behind the product's back."""
    with closing(sqlite3.connect(folder / "mypage.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def count(folder: Path) -> int:
    """Count the accounts."""
    return int(stored(folder, "SELECT COUNT(*) FROM accounts")[0][0])
