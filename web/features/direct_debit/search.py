"""金融機関 and 支店 by name, kana or code: while typing, or by 検索."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from web.banks import merged
from web.banks.choosing import NOTHING, Offer, bank_offer, branch_offer
from web.banks.directory import MOST, Bank, Branch, the_bank
from web.fields.form import Form
from web.http.body import read_form
from web.http.render import partial

SEARCHES = ("bank", "branch")
_LABELS = {"bank": "金融機関", "branch": "支店"}


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for a field."""

    field: str
    label: str
    texts: Sequence[str]
    said: str  # how many there are, or what to do
    exact: bool = False  # what was typed is taken without a choice


async def banks(request: Request) -> Response:
    """Answer the combobox of 金融機関."""
    given = await read_form(request, "bank")
    return _answer(request, find("bank", given["bank"], ""))


async def branches(request: Request) -> Response:
    """Answer the combobox of 支店, of the bank that stands beside it."""
    given = await read_form(request, *SEARCHES)
    return _answer(request, find("branch", given["branch"], given["bank"]))


def _answer(request: Request, found: Candidates) -> Response:
    return partial(request, "partials/options.html", found=found)


def candidates(field: str, typed: Mapping[str, str], form: Form) -> Candidates | None:
    """Give what 検索 found, or what is like the bank or branch that was refused."""
    if field in SEARCHES:
        found, offer = _look(field, typed.get(field, ""), typed.get("bank", ""))
        return replace(found, said=offer.words + found.said)
    if typed.get("search"):  # something else is looked for
        return None
    refused = [each.field.name for each in form.errors if each.field.name in SEARCHES]
    if not refused:
        return None
    found, _ = _look(refused[0], typed.get(refused[0], ""), typed.get("bank", ""))
    return found if found.texts else None  # the error beside it says the rest


def find(field: str, typed: str, bank_typed: str) -> Candidates:
    """Look for what is being typed into a field."""
    found, _ = _look(field, typed, bank_typed)
    former = merged.explained(typed) if field == "bank" else ""
    return replace(found, said=former + found.said)


def _look(field: str, typed: str, bank_typed: str) -> tuple[Candidates, Offer]:
    label = noun = _LABELS[field]
    if field == "bank":
        offer = bank_offer(typed)
    else:
        bank = the_bank(bank_typed)
        if bank is None:
            return Candidates(field, label, (), "先に金融機関を選んでください。"), NOTHING
        offer, noun = branch_offer(bank, typed), f"{bank.name}の支店"
    texts = [each.text for each in offer.found[:MOST]]
    said, exact = _count(offer.found, typed, noun), offer.meant is not None
    return Candidates(field, label, texts, said, exact), offer


def _count(found: Sequence[Bank | Branch], typed: str, noun: str) -> str:
    if not typed.strip():
        return f"{noun}の名前の一部、カナ、番号のいずれかを入力してください。"
    if not found:
        return f"該当する{noun}がありません。別の言葉で検索してください。"
    if len(found) > MOST:
        return f"{len(found)}件のうち{MOST}件の候補です。もう少し入力すると絞り込めます。"
    return f"{len(found)}件の候補"
