"""A bank account as lines of a screen or a paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from web.direct_debit.details import DEPOSITS, YUCHO, Details
from web.fields import yucho
from web.fields.digits import masked, postal_code_shown
from web.fields.field import Refused
from web.fields.holder import holder_kana
from web.store.accounts import Account


@dataclass(frozen=True, slots=True)
class Row:
    """A line of 確認."""

    label: str
    value: str
    was: str
    changed: bool


def rows(old: Details | None, new: Details) -> list[Row]:
    """List what will be on the 届出書, marking what changes."""
    before = dict(lines(old)) if old else {}
    return [
        Row(
            label,
            value,
            before.get(label, ""),
            changed=bool(old) and before.get(label, "") != value,
        )
        for label, value in lines(new)
    ]


def lines(details: Details) -> Iterator[tuple[str, str]]:
    """Write everything, the whole account number too."""
    yield from account_lines(details, details.number)
    yield "郵便番号", postal_code_shown(details.postal_code) if details.postal_code else ""
    yield "住所", details.address
    yield "建物名・部屋番号", details.building
    yield "電話番号", details.phone


def account_lines(details: Details, number: str) -> Iterator[tuple[str, str]]:
    """Write the bank account with its number, or with what may be shown of it."""
    yield "金融機関", f"{details.bank_name}（{details.bank_code}）"
    yield "支店", f"{details.branch_name}（{details.branch_code}）"
    yield "預金種目", DEPOSITS[details.deposit]
    yield "口座番号", number
    if number == details.number and (passbook := _passbook(details)):
        yield "通帳の記号・番号", passbook
    yield "口座名義(カナ)", details.holder_kana
    yield "口座名義", details.holder


def changed_lines(old: Details, new: Details) -> list[tuple[str, str]]:
    """Write what a 変更届出書 changes; what stays is not on it."""
    before = dict(lines(old))
    return [(label, value) for label, value in lines(new) if before.get(label, "") != value]


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


def masked_lines(details: Details) -> list[tuple[str, str]]:
    """Write the bank account for 照会: the number masked but for its end."""
    return list(account_lines(details, masked(details.last_digits)))


def holder_differs(account: Account, details: Details) -> bool:
    """Tell whether the 名義 is another than the registered name; some are, so it is only said."""
    try:
        registered = holder_kana(account.name_kana)
    except Refused:
        return False
    return registered.replace(" ", "") != details.holder_kana.replace(" ", "")
