"""金融機関 and 支店 by name, kana or code: while typing, or by 検索."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from web.banks import merged
from web.banks.directory import MOST, Bank, Branch, find_banks, find_branches, the_bank
from web.http.render import partial

SEARCHES = ("bank", "branch")
_LABELS = {"bank": "金融機関", "branch": "支店"}
_LONGEST = 100  # characters that a search looks at


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for a field."""

    field: str
    label: str
    texts: Sequence[str]
    said: str  # how many there are, or what to do


async def banks(request: Request) -> Response:
    """Answer the combobox of 金融機関."""
    return _answer(request, find("bank", request.query_params.get("bank", ""), ""))


async def branches(request: Request) -> Response:
    """Answer the combobox of 支店, of the bank that stands beside it."""
    given = request.query_params
    return _answer(request, find("branch", given.get("branch", ""), given.get("bank", "")))


def _answer(request: Request, found: Candidates) -> Response:
    return partial(request, "partials/options.html", found=found)


def candidates(field: str, typed: Mapping[str, str]) -> Candidates | None:
    """Give what 検索 found, if it was pressed."""
    if field not in SEARCHES:
        return None
    return find(field, typed.get(field, ""), typed.get("bank", ""))


def find(field: str, typed: str, bank_typed: str) -> Candidates:
    """Look for what was typed into a field."""
    label, typed = _LABELS[field], typed[:_LONGEST]
    if field == "bank":
        became = merged.successor(typed)
        found: Sequence[Bank | Branch] = find_banks(typed)
        if became:
            found = [became, *(each for each in found if each is not became)]
        return Candidates(
            field, label, _texts(found), merged.explained(typed) + _count(found, typed, label)
        )
    bank = the_bank(bank_typed[:_LONGEST])
    if bank is None:
        return Candidates(field, label, (), "先に金融機関を選んでください。")
    found = find_branches(bank, typed)
    return Candidates(field, label, _texts(found), _count(found, typed, f"{bank.name}の支店"))


def _texts(found: Sequence[Bank | Branch]) -> list[str]:
    return [each.text for each in found[:MOST]]


def _count(found: Sequence[Bank | Branch], typed: str, noun: str) -> str:
    if not typed.strip():
        return f"{noun}の名前の一部、カナ、番号のどれかを入力してください。"
    if not found:
        return f"当てはまる{noun}がありません。別の言葉で探してください。"
    if len(found) > MOST:
        return f"{len(found)}件のうち{MOST}件の候補です。もう少し入力すると絞り込めます。"
    return f"{len(found)}件の候補"
