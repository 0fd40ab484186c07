"""The list of banks and branches in memory, and how it is searched."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import metadata
from typing import TypeVar

from web import clock
from web.banks import corrections
from web.banks.folding import (
    folded_bank,
    folded_branch,
    loosened_bank,
    loosened_branch,
    spelled,
    spelled_bank,
    spelled_branch,
)

MOST = 20  # matches shown at once
BANK_DIGITS, BRANCH_DIGITS = 4, 3
_PACKAGE = "zengin-code"
_LAST_ORDINARY = "0999"  # codes up to here belong to banks, whose names lack the word 銀行
_FOREIGN = re.compile("[、・]|バンク")  # their names are complete


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of a bank."""

    code: str
    name: str
    kana: str
    keys: tuple[str, str]  # name and kana, folded for the search

    @property
    def text(self) -> str:
        """Write the branch as the lists show it; typed again, it is found again."""
        return f"{self.code} {self.name}"

    def spelling(self, text: str) -> str:
        """Spell a text to be compared with name or kana: 支店 may stand behind."""
        return spelled_branch(text)

    def is_called(self, typed: str) -> bool:
        """Tell whether this is its name or its kana, to the letter."""
        return self.spelling(typed) in (self.spelling(self.name), self.spelling(self.kana))


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank with its branches by code."""

    code: str
    name: str
    kana: str
    keys: tuple[str, str]
    branches: dict[str, Branch]

    @property
    def text(self) -> str:
        """Write the bank as the lists show it; typed again, it is found again."""
        return f"{self.code} {self.name}"

    def spelling(self, text: str) -> str:
        """Spell a text to be compared with name or kana: no 信金 is called 銀行, and no foreign bank."""
        return spelled_bank(text, ordinary=_is_ordinary(self.code, self.name))

    def is_called(self, typed: str) -> bool:
        """Tell whether this is its name or its kana, to the letter."""
        return self.spelling(typed) in (self.spelling(self.name), self.spelling(self.kana))


Entry = TypeVar("Entry", Bank, Branch)
_WITH_CODE = re.compile(r"(.+)\(([0-9]+)\)")


@cache
def banks() -> dict[str, Bank]:
    """Give every bank by code; reading the list takes a moment, once."""
    from zengin_code import Bank as Listed

    return {
        code: _bank(
            code,
            each.name,
            each.kana,
            {
                branch.code: _branch(code, branch.code, branch.name, branch.kana)
                for branch in each.branches.values()
            },
        )
        for code, each in Listed.all.items()
        if code not in corrections.GONE
    }


@cache
def banks_dated() -> date:
    """Give the day of the list: the package's version ends in it, as in 1.1.0.20260824."""
    return date.fromisoformat(metadata.version(_PACKAGE).rpartition(".")[2])


def banks_age(now: int) -> int:
    """Give the age of the list in days."""
    return max(0, (clock.in_tokyo(now).date() - banks_dated()).days)


def _is_ordinary(code: str, name: str) -> bool:
    return (code <= _LAST_ORDINARY or code == "9900") and not _FOREIGN.search(name)


def _bank(code: str, listed: str, kana: str, branches: dict[str, Branch]) -> Bank:
    named = not _is_ordinary(code, listed) or listed.endswith("銀行")
    name = listed if named else f"{listed}銀行"
    return Bank(code, name, kana, (folded_bank(name), folded_bank(kana)), branches)


def _branch(bank_code: str, code: str, listed: str, listed_kana: str) -> Branch:
    name, kana = corrections.branch(bank_code, code, listed, listed_kana)
    return Branch(code, name, kana, (folded_branch(name), folded_branch(kana)))


def find_banks(typed: str) -> list[Bank]:
    """Find banks by code, name or kana, or a part of these, the closest first."""
    found = _matches(banks(), BANK_DIGITS, folded_bank(typed))
    return found or _matches(banks(), BANK_DIGITS, loosened_bank(typed))


def find_branches(bank: Bank, typed: str) -> list[Branch]:
    """Find a bank's branches by code, name or kana, or a part of these, the closest first."""
    found = _matches(bank.branches, BRANCH_DIGITS, folded_branch(typed))
    return found or _matches(bank.branches, BRANCH_DIGITS, loosened_branch(typed))


def exact_banks(typed: str) -> list[Bank]:
    """Give the banks that are called just this, or have just this code."""
    return _exact(banks(), _banks_called(), BANK_DIGITS, typed, folded_bank(typed))


def exact_branches(bank: Bank, typed: str) -> list[Branch]:
    """Give a bank's branches that are called just this, or have just this code."""
    called = _branches_called(bank.code)
    return _exact(bank.branches, called, BRANCH_DIGITS, typed, folded_branch(typed))


def the_bank(typed: str) -> Bank | None:
    """Give the bank that is meant without any doubt."""
    found = exact_banks(typed)
    return found[0] if len(found) == 1 else None


@cache
def _banks_called() -> dict[str, list[Bank]]:
    return _by_key(banks())


@lru_cache(maxsize=64)  # of the few banks that most people have
def _branches_called(bank_code: str) -> dict[str, list[Branch]]:
    return _by_key(banks()[bank_code].branches)


def _by_key(entries: Mapping[str, Entry]) -> dict[str, list[Entry]]:
    """Sort entries by what they are called, folded."""
    called = defaultdict[str, list[Entry]](list)
    for each in entries.values():
        for key in dict.fromkeys(each.keys):
            called[key].append(each)
    return dict(called)


def _exact(
    entries: Mapping[str, Entry],
    called: Mapping[str, list[Entry]],
    digits: int,
    typed: str,
    key: str,
) -> list[Entry]:
    """Never take a part for the whole: it may be all that is left of one that was closed."""
    plain = spelled(typed)
    if plain.isascii() and plain.isdigit():
        return [entries[plain]] if plain in entries else []
    behind = _WITH_CODE.fullmatch(plain)  # as 確認 shows it: name（code）
    # as a list has filled the field: code and name
    code, name = (behind[2], behind[1]) if behind else (plain[:digits], plain[digits:])
    named = entries.get(code)
    if named and named.is_called(name):
        return [named]
    return [each for each in called.get(key, ()) if each.is_called(typed)]


def _matches(entries: Mapping[str, Entry], digits: int, key: str) -> list[Entry]:
    if not key:
        return []
    code, rest = key[:digits], key[digits:]
    if key.isascii() and key.isdigit():
        padded = key.zfill(digits)  # spreadsheets drop zeros in front: that code comes first
        begun = (each for each in entries.values() if each.code.startswith((key, padded)))
        return sorted(begun, key=lambda each: (each.code != padded, each.code))
    if code in entries:  # written out, the code before a name that may have changed
        others = {each.code: each for each in _holding(entries, rest)}
        return list({code: entries[code], **others}.values())
    return _holding(entries, key)


def _holding(entries: Mapping[str, Entry], key: str) -> list[Entry]:
    # most entries do not match: they are passed over without a call
    found = [each for each in entries.values() if key in each.keys[0] or key in each.keys[1]]
    return sorted(found, key=lambda each: (_rank(each, key), each.code))


def _rank(entry: Bank | Branch, key: str) -> int:
    if key in entry.keys:
        return 0
    return 1 if any(each.startswith(key) for each in entry.keys) else 2
