"""What is taken for a bank or a branch without a choice, and what is said when there is one to make."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.banks import merged
from web.banks.directory import (
    Bank,
    Branch,
    Entry,
    exact_banks,
    exact_branches,
    find_banks,
    find_branches,
)
from web.fields.field import Refused, for_html

_QUOTED = 20  # characters of it that a message repeats


@dataclass(frozen=True, slots=True)
class Offer:
    """What is meant without any doubt, if anything; what is like it, the closest first; what to say."""

    meant: Bank | Branch | None
    found: Sequence[Bank | Branch]
    words: str = ""


NOTHING = Offer(None, ())


def bank_offer(typed: str) -> Offer:
    """Look for a bank; a former one leads to its successor, and is never taken for another."""
    typed = typed.strip()
    found, exact, became = find_banks(typed), exact_banks(typed), merged.successor(typed)
    if became and exact != [became]:  # 八千代銀行 is no 八千代市農協
        words = f"{merged.explained(typed)}「{became.text}」と入力するか、候補から選んでください。"
        return Offer(None, [became, *(each for each in found if each is not became)], words)
    return _offer(exact, found, typed, "金融機関")


def branch_offer(bank: Bank, typed: str) -> Offer:
    """Look for a branch of a bank."""
    typed = typed.strip()
    return _offer(exact_branches(bank, typed), find_branches(bank, typed), typed, "支店")


def _offer(exact: Sequence[Entry], found: Sequence[Entry], typed: str, noun: str) -> Offer:
    found = sorted(found, key=lambda each: each not in exact)
    if len(exact) == 1:
        return Offer(exact[0], found)
    if not found:
        return NOTHING
    quoted = for_html(typed if len(typed) <= _QUOTED else f"{typed[:_QUOTED]}…")
    if exact:
        said = f"「{quoted}」という{noun}が{len(exact)}件あります。"
    else:
        said = f"「{quoted}」と完全に一致する{noun}はありません。"
    return Offer(None, found, f"{said}候補から選んでください。")


def bank_text(typed: str) -> str:
    """Give the one bank that is meant as the lists write it. Raises Refused."""
    if not typed.strip():
        return ""
    offer = bank_offer(typed)
    if offer.meant:
        return offer.meant.text
    if offer.words:
        raise Refused(offer.words)
    raise Refused(
        "該当する金融機関がありません。名前の一部、カナ、4桁の番号のいずれかを入力してください。"
    )


def branch_text(bank: Bank | None, typed: str) -> str:
    """Give the one branch that is meant as the lists write it. Raises Refused."""
    if bank is None or not typed.strip():
        return typed.strip()
    offer = branch_offer(bank, typed)
    if offer.meant:
        return offer.meant.text
    if offer.words:
        raise Refused(offer.words)
    raise Refused(
        f"{bank.name}に、該当する支店がありません。金融機関と支店の組合せをご確認ください。"
    )
