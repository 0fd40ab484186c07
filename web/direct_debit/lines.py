"""A bank account, its holder and the address as lines: for a screen, a paper, a file."""

from collections.abc import Iterable, Iterator

from web.direct_debit import words
from web.direct_debit.details import DEPOSITS, YUCHO, Details
from web.fields import yucho
from web.fields.digits import SHOWN, masked, phone_shown, postal_code_shown
from web.fields.field import Refused

Lines = list[tuple[str, str]]


def by_field(details: Details) -> Iterator[tuple[str, str]]:
    """Write everything, the whole account number too, by the names of the fields."""
    yield from _account(details, details.number)
    yield from _contact(details)


def lines(details: Details) -> Lines:
    """Write everything, the whole account number too."""
    return _labelled(by_field(details))


def account_lines(details: Details) -> Lines:
    """Write the bank account with its whole number."""
    return _labelled(_account(details, details.number))


def masked_lines(details: Details) -> Lines:
    """Write the bank account for 照会: the number masked but for its end."""
    return _labelled(_account(details, masked(details.last_digits)))


def lines_to_keep(details: Details) -> Lines:
    """Write everything for its owner's file, the numbers masked but for their ends."""
    passbook = []
    if details.symbol:
        hidden = "＊" * (len(details.passbook_number) - SHOWN)
        shown = details.passbook_number[-SHOWN:]
        passbook = [("passbook", f"{details.symbol}-{hidden}{shown}")]
    return [*masked_lines(details), *_labelled([*passbook, *_contact(details)])]


def changed_lines(old: Details, new: Details) -> Lines:
    """Write what a 変更届出書 changes; what stays is not on it."""
    before = dict(lines(old))
    return [(label, value) for label, value in lines(new) if before.get(label, "") != value]


def _labelled(found: Iterable[tuple[str, str]]) -> Lines:
    return [(words.FIELDS[name], value) for name, value in found]


def _account(details: Details, number: str) -> Iterator[tuple[str, str]]:
    yield "bank", f"{details.bank_name}（{details.bank_code}）"
    yield "branch", f"{details.branch_name}（{details.branch_code}）"
    yield "deposit", DEPOSITS[details.deposit]
    yield "number", number
    if number == details.number and (passbook := _passbook(details)):
        yield "passbook", passbook
    yield "holder_kana", details.holder_kana
    yield "holder", details.holder


def _contact(details: Details) -> Iterator[tuple[str, str]]:
    yield "postal_code", postal_code_shown(details.postal_code) if details.postal_code else ""
    yield "address", details.address
    yield "building", details.building
    yield "phone", phone_shown(details.phone)


def _passbook(details: Details) -> str:
    """Write a ゆうちょ銀行 account as its passbook does; the 4th digit of a 記号 may be unknown."""
    if details.symbol:
        return f"{details.symbol}-{details.passbook_number}"
    if details.bank_code != YUCHO:
        return ""
    try:
        symbol, number = yucho.from_bank(details.branch_code, details.number)
    except Refused:
        return ""
    return f"{symbol.replace('?', '＊')}-{number}"
