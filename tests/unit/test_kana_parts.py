"""Any part of a フリガナ leads the desk to the account, and what was changed leads nowhere."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from web.database import Database, Tx
from web.database.sqlite.database import SQLite
from web.database.sqlite.schema import upgrade
from web.fields.search_key import search_key
from web.store import account_search, accounts
from web.store.account_search import Sought
from web.store.accounts import Profile

pytestmark = pytest.mark.anyio

FURIGANA = (
    "ケイジギョウセイショシジムショ",
    "ホシノ　ウミ",
    "ー",
    "Ａ・Ｂデンキ",
    "アア",
    "ン" * 60,
)


def profile(kana: str) -> Profile:
    """Make the profile of somebody with a フリガナ."""
    return Profile("individual", "星", kana, "", "a@example.jp", "")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Make a database with an account for each フリガナ."""
    upgrade(tmp_path / "it.sqlite3")
    database = SQLite(tmp_path / "it.sqlite3")
    await database.open()
    for number, kana in enumerate(FURIGANA):
        await database.write(
            accounts.add, f"id {number}", f"P{number}", f"B{number}", profile(kana)
        )
    yield database
    await database.close()


async def found(database: Database, part: str) -> list[str]:
    """Search for a part of a フリガナ."""
    async with database.read() as reads:
        rows = await account_search.search(reads, Sought(kana=part), most=10)
    return [row.name_kana for row in rows]


def parts(key: str) -> set[str]:
    """Give every part of a key."""
    places = range(len(key))
    return {key[start : end + 1] for start in places for end in places if end >= start}


async def test_every_part_of_every_furigana_finds_it(database: Database) -> None:
    """From each letter to each other one; and nobody who does not have it."""
    keys = {kana: search_key(kana) for kana in FURIGANA}
    asked = set[str]().union(*map(parts, keys.values())) | {"ケケ", "ミウ", "Ｃ", "ンア"}
    assert len(asked) > 150
    for part in asked:
        fits = sorted(kana for kana, key in keys.items() if part in key)
        assert sorted(await found(database, part)) == fits, part


async def test_who_begins_like_that_comes_first(database: Database) -> None:
    """ウミ　ホシノ before ホシノ　ウミ, whatever their numbers."""
    await database.write(accounts.add, "id z", "Z9", "BZ", profile("ウミ　ホシノ"))
    assert (await found(database, "ウミ"))[:2] == ["ウミ　ホシノ", "ホシノ　ウミ"]


async def test_a_changed_furigana_is_found_by_the_new_one_alone(database: Database) -> None:
    """Nothing of the old one stays in the file."""
    old, new = await database.read_one(accounts.find, "id 1"), profile("ツキノ　ウミ")
    assert old is not None
    assert await database.write(accounts.change_profile, old, new)
    assert await found(database, "ホシノ") == []
    assert (await found(database, "キノウ"), await found(database, "ウミ")) == (
        [new.name_kana],
    ) * 2
    for late in (replace(old.profile, name="月"), profile("ソラノ　ウミ")):
        assert not await database.write(accounts.change_profile, old, late)
    assert (await found(database, "キノウ"), await found(database, "ソラ")) == ([new.name_kana], [])

    async def count(tx: Tx) -> int:
        row = await tx.one("SELECT COUNT(*) AS it FROM kana_parts WHERE payment_user_id = 'P1'")
        return int(row["it"]) if row else 0

    assert await database.write(count) == len("ツキノウミ") // 2 + 1
