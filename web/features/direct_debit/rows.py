"""What 確認 and a 変更届出書 show of a bank account: what changes, and whose it seems to be."""

from dataclasses import dataclass

from web.direct_debit.details import Details
from web.direct_debit.lines import lines
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


def changed_lines(old: Details, new: Details) -> list[tuple[str, str]]:
    """Write what a 変更届出書 changes; what stays is not on it."""
    before = dict(lines(old))
    return [(label, value) for label, value in lines(new) if before.get(label, "") != value]


def holder_differs(account: Account, details: Details) -> bool:
    """Tell whether the 名義 is another than the registered name; some are, so it is only said."""
    try:
        registered = holder_kana(account.name_kana)
    except Refused:
        return False
    return registered.replace(" ", "") != details.holder_kana.replace(" ", "")
