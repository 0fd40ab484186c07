"""A bank account, its holder and the address as lines: for a screen, a paper, a file."""

from collections.abc import Iterator

from web.direct_debit.details import DEPOSITS, YUCHO, Details
from web.fields import yucho
from web.fields.digits import SHOWN, masked, postal_code_shown
from web.fields.field import Refused

PASSBOOK = "通帳の記号・番号"


def lines(details: Details) -> Iterator[tuple[str, str]]:
    """Write everything, the whole account number too."""
    yield from account_lines(details, details.number)
    yield from _contact_lines(details)


def account_lines(details: Details, number: str) -> Iterator[tuple[str, str]]:
    """Write the bank account with its number, or with what may be shown of it."""
    yield "金融機関", f"{details.bank_name}（{details.bank_code}）"
    yield "支店", f"{details.branch_name}（{details.branch_code}）"
    yield "預金種目", DEPOSITS[details.deposit]
    yield "口座番号", number
    if number == details.number and (passbook := _passbook(details)):
        yield PASSBOOK, passbook
    yield "口座名義(カナ)", details.holder_kana
    yield "口座名義", details.holder


def masked_lines(details: Details) -> list[tuple[str, str]]:
    """Write the bank account for 照会: the number masked but for its end."""
    return list(account_lines(details, masked(details.last_digits)))


def lines_to_keep(details: Details) -> list[tuple[str, str]]:
    """Write everything for its owner's file, the numbers masked but for their ends."""
    passbook = []
    if details.symbol:
        hidden = "＊" * (len(details.passbook_number) - SHOWN)
        shown = details.passbook_number[-SHOWN:]
        passbook = [(PASSBOOK, f"{details.symbol}-{hidden}{shown}")]
    return [*masked_lines(details), *passbook, *_contact_lines(details)]


def _contact_lines(details: Details) -> Iterator[tuple[str, str]]:
    yield "郵便番号", postal_code_shown(details.postal_code) if details.postal_code else ""
    yield "住所", details.address
    yield "建物名・部屋番号", details.building
    yield "電話番号", details.phone


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
