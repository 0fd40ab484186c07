"""The list of banks and branches in memory, and how it is searched."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from web.banks.folding import folded, folded_bank, folded_branch

MOST = 20  # matches shown at once
_LAST_ORDINARY = "0999"  # codes up to here belong to banks, whose names lack the word 銀行
_COMPLETE = re.compile("[、・]|銀行$|バンク")  # foreign banks, whose names are complete


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of a bank."""

    code: str
    name: str
    keys: tuple[str, str]  # name and kana, folded
    whole: str  # what the lists show, folded

    @property
    def text(self) -> str:
        """Write the branch as the lists show it; typed again, it is found again."""
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank with its branches by code."""

    code: str
    name: str
    keys: tuple[str, str]
    whole: str
    branches: dict[str, Branch]

    @property
    def text(self) -> str:
        """Write the bank as the lists show it; typed again, it is found again."""
        return f"{self.code} {self.name}"


Entry = TypeVar("Entry", Bank, Branch)


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
                branch.code: _branch(branch.code, branch.name, branch.kana)
                for branch in each.branches.values()
            },
        )
        for code, each in Listed.all.items()
    }


def _bank(code: str, listed: str, kana: str, branches: dict[str, Branch]) -> Bank:
    ordinary = code <= _LAST_ORDINARY or code == "9900"
    name = f"{listed}銀行" if ordinary and not _COMPLETE.search(listed) else listed
    return Bank(code, name, (folded_bank(name), folded(kana)), folded(code + name), branches)


def _branch(code: str, name: str, kana: str) -> Branch:
    return Branch(code, name, (folded_branch(name), folded(kana)), folded(code + name))


def find_banks(typed: str) -> list[Bank]:
    """Find banks by code, name or kana, the closest first."""
    return _matches(banks().values(), typed, folded_bank(typed))


def find_branches(bank: Bank, typed: str) -> list[Branch]:
    """Find a bank's branches by code, name or kana, the closest first."""
    return _matches(bank.branches.values(), typed, folded_branch(typed))


def the_one(found: Sequence[Entry], typed: str, key: str) -> Entry | None:
    """Give the match that is meant: the only one, or the only one whose name is just that."""
    wholes = (folded(typed), key)
    exact = [each for each in found if key in each.keys or each.whole in wholes]
    meant = exact or found
    return meant[0] if len(meant) == 1 else None


def the_bank(typed: str) -> Bank | None:
    """Give the bank that is meant, if it is clear."""
    key = folded_bank(typed)
    named = banks().get(key[:4])  # nearly always: code and name as chosen from the list
    if named and (key == named.code or named.whole in (folded(typed), key)):
        return named
    return the_one(find_banks(typed), typed, key)


def the_branch(bank: Bank, typed: str) -> Branch | None:
    """Give the branch that is meant, if it is clear."""
    return the_one(find_branches(bank, typed), typed, folded_branch(typed))


def _matches(entries: Collection[Entry], typed: str, key: str) -> list[Entry]:
    if not key:
        return []
    if key.isascii() and key.isdigit():
        return [each for each in entries if each.code.startswith(key)]
    if key[0].isdigit():  # perhaps written out, the code before the name
        wholes = (folded(typed), key)
        written_out = [each for each in entries if each.whole in wholes]
        if written_out:
            return written_out
    # most entries do not match: they are passed over without a call
    found = [each for each in entries if key in each.keys[0] or key in each.keys[1]]
    return sorted(found, key=lambda each: (_rank(each, key), each.code))


def _rank(entry: Bank | Branch, key: str) -> int:
    if key in entry.keys:
        return 0
    return 1 if any(each.startswith(key) for each in entry.keys) else 2
