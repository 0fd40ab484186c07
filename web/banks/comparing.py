"""Our list beside another one: what is new, gone or renamed there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from web.banks.directory import Bank, Branch


@dataclass(frozen=True, slots=True)
class Difference:
    """A bank or branch that the two lists do not have alike; empty where it is not in one of them."""

    change: str  # new, gone or renamed
    code: str  # of the bank, with that of the branch behind a hyphen
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Row:
    """A branch of the other list, with its bank."""

    bank: tuple[str, str, str]  # code, name, kana
    branch: tuple[str, str, str]


def compare(ours: Mapping[str, Bank], rows: Iterable[Row]) -> Iterator[Difference]:
    """Tell what a list would change, bank by bank; width, 銀行 and 支店 make no difference."""
    theirs: dict[str, tuple[tuple[str, str], dict[str, tuple[str, str]]]] = {}
    for row in rows:
        _, branches = theirs.setdefault(row.bank[0], (row.bank[1:], {}))
        branches[row.branch[0]] = row.branch[1:]
    for code in sorted({*ours, *theirs}):
        bank = ours.get(code)
        names, branches = theirs.get(code, (None, {}))
        yield from _difference(code, bank, names)
        if bank and names:  # or all its branches are new or gone with it
            for each in sorted({*bank.branches, *branches}):
                yield from _difference(
                    f"{code}-{each}", bank.branches.get(each), branches.get(each)
                )


def _difference(
    code: str, ours: Bank | Branch | None, theirs: tuple[str, str] | None
) -> Iterator[Difference]:
    if theirs is None:
        if ours:
            yield Difference("gone", code, f"{ours.name} {ours.kana}", "")
    elif ours is None:
        yield Difference("new", code, "", " ".join(theirs))
    elif [*map(ours.spelling, theirs)] != [ours.spelling(ours.name), ours.spelling(ours.kana)]:
        yield Difference("renamed", code, f"{ours.name} {ours.kana}", " ".join(theirs))
