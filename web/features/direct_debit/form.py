"""What is typed into 新規作成 and 情報変更, and the bank account it describes."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from web.banks.choosing import bank_text, branch_text
from web.banks.directory import the_bank
from web.banks.folding import LONGEST
from web.direct_debit import words
from web.direct_debit.details import DEPOSITS, YUCHO, Details
from web.direct_debit.lines import by_field
from web.fields import yucho
from web.fields.choice import choice
from web.fields.digits import account_number, phone, postal_code
from web.fields.field import Answer, Field, Refused
from web.fields.form import FormSpec
from web.fields.holder import holder_kana
from web.fields.names import label_text, name
from web.steps.confirm_rows import Row
from web.store.accounts import Account
from web.store.direct_debit_forms import Action, Kind

INSTITUTIONS = {"bank": "銀行、信用金庫など", "yucho": "ゆうちょ銀行"}
_OTHER_LINE = "建物名は「建物名・部屋番号」に分けて入力してください。"
_AT_BANK = ("institution", "bank")
_AT_YUCHO = ("institution", "yucho")
_SEARCH_HINT = "名前の一部、カナ、番号のいずれでも検索できます。"


def _branch(bank: Answer, branch: Answer) -> Answer:
    if not bank.good:
        return branch.field.blank(branch.typed)
    try:
        value = branch_text(the_bank(bank.value), branch.typed)
    except Refused as refusal:
        return branch.refused(str(refusal))
    return replace(branch, value=value) if value else branch.field.check("")


def _passbook(symbol: Answer, number: Answer) -> Answer:
    if not (symbol.good and number.good):
        return number
    wrong = yucho.fitting(symbol.value, number.value)
    return number.refused(wrong) if wrong else number


def _field(name: str, convert: Callable[[str], str], **more: Any) -> Field:
    return Field(name, words.FIELDS[name], convert, **more)


_SYMBOL = _field(
    "symbol",
    yucho.symbol,
    hint="通帳の5桁の数字です。その右の1桁は不要です。",
    inputmode="numeric",
    only_for=_AT_YUCHO,
)
_PASSBOOK = _field(
    "passbook_number", yucho.passbook_number, hint="通帳の8桁までの数字です。",
    inputmode="numeric", only_for=_AT_YUCHO, beside="symbol", compare=_passbook,
)  # fmt: skip
_NUMBER = _field(
    "number", account_number, hint="7桁に足りないときは、左に0を補います。", inputmode="numeric",
    only_for=_AT_BANK,
)  # fmt: skip
POSTAL_CODE = _field("postal_code", postal_code, autocomplete="postal-code", inputmode="numeric")
ADDRESS = _field(
    "address", label_text(_OTHER_LINE), autocomplete="street-address",
    hint="都道府県から番地まで。48文字まで。",
)  # fmt: skip
_WHOSE = (
    _field(
        "holder_kana", holder_kana,
        hint="ひらがなや全角でも入力できます。自動的に金融機関の表記に変換します。",
    ),
    _field("holder", name(48), hint="通帳のとおりに入力してください。"),
    POSTAL_CODE,
    ADDRESS,
    _field("building", label_text("短くしてください。"), required=False, hint="48文字まで。"),
    _field("phone", phone, autocomplete="tel-national", inputmode="tel"),
)  # fmt: skip
# What is judged as it is left; 金融機関 and 支店 are looked for instead.
CHECKED = FormSpec((_NUMBER, _SYMBOL, _PASSBOOK, *_WHOSE))


def deposits(kind: Kind) -> dict[str, str]:
    """List what the 預金種目 may be; 納税準備 can pay taxes of the 地方税 kind only."""
    return {
        value: label for value, label in DEPOSITS.items() if value != "tax" or kind is Kind.LOCAL
    }


_FORMS = {
    kind: FormSpec(
        (
            _field("institution", choice(INSTITUTIONS)),
            _field("bank", bank_text, hint=_SEARCH_HINT, only_for=_AT_BANK, longest=LONGEST),
            _field(
                "branch",
                str,
                hint=_SEARCH_HINT,
                only_for=_AT_BANK,
                longest=LONGEST,
                beside="bank",
                compare=_branch,
            ),
            _field("deposit", choice(deposits(kind)), only_for=_AT_BANK),
            _NUMBER,
            _SYMBOL,
            _PASSBOOK,
            *_WHOSE,
        )
    )
    for kind in Kind
}


# What a draft keeps besides: which procedure it is, what 検索 looks for and what was chosen there.
_BESIDES = ("procedure", "search", "bank_choice", "branch_choice")
KEPT = (*_FORMS[Kind.LOCAL].fields, *(Field(each, each, str, required=False) for each in _BESIDES))


def form_of(kind: Kind, action: Action) -> FormSpec:
    """Give the form of a procedure; 利用中止 asks nothing."""
    return FormSpec(()) if action is Action.STOP else _FORMS[kind]


def values(details: Details) -> dict[str, str]:
    """Give the form's fields for a bank account."""
    given = {name: text for name, text in asdict(details).items() if isinstance(text, str)}
    at_yucho = bool(details.symbol)
    at_bank = {
        "bank": f"{details.bank_code} {details.bank_name}",
        "branch": f"{details.branch_code} {details.branch_name}",
    }
    return {
        **given,
        "institution": "yucho" if at_yucho else "bank",
        **(dict.fromkeys(("bank", "branch", "number", "deposit"), "") if at_yucho else at_bank),
    }


def from_profile(account: Account) -> dict[str, str]:
    """Give what the form begins with where nothing is registered yet."""
    kana = _kana_of(account) or account.name_kana  # too long: the person shortens it
    return {"institution": "bank", "holder": account.name, "holder_kana": kana}


def too_long_of_profile(account: Account) -> list[str]:
    """Say why what is registered cannot be a 口座名義 as it stands."""
    given = from_profile(account)
    answers = [each.check(given[each.name]) for each in _WHOSE if each.name in given]
    return [f"{each.field.label}：{each.error}" for each in answers if each.error]


def _kana_of(account: Account) -> str:
    try:
        return holder_kana(account.name_kana)
    except Refused:
        return ""  # too long for the banks, or a letter they lack


def details(values: Mapping[str, str]) -> Details:
    """Make the bank account of the values of a form without errors."""
    shared = {each.name: values[each.name] for each in _WHOSE}
    if values["institution"] == "yucho":
        symbol, number = values["symbol"], values["passbook_number"]
        converted = yucho.to_bank(symbol, number)
        bank = the_bank(YUCHO)
        branch = bank.branches.get(converted.branch_code) if bank else None
        return Details(
            bank_code=YUCHO,
            bank_name=bank.name if bank else "ゆうちょ銀行",
            branch_code=converted.branch_code,
            branch_name=branch.name if branch else "",
            deposit=converted.deposit,
            number=converted.number,
            symbol=symbol,
            passbook_number=number,
            **shared,
        )
    bank_code, _, bank_name = values["bank"].partition(" ")
    branch_code, _, branch_name = values["branch"].partition(" ")
    return Details(
        bank_code=bank_code,
        bank_name=bank_name,
        branch_code=branch_code,
        branch_name=branch_name,
        deposit=values["deposit"],
        number=values["number"],
        **shared,
    )


def rows(old: Details | None, new: Details) -> list[Row]:
    """List what will be on the 届出書, marking what changes."""
    before = dict(by_field(old)) if old else {}
    places = {"passbook": "number"}
    if new.symbol:
        places = {"bank": "institution", "branch": "symbol", "deposit": "symbol",
                  "number": "passbook_number", "passbook": "symbol"}  # fmt: skip
    return [
        Row(
            words.FIELDS[field],
            value,
            before.get(field, ""),
            changed=bool(old) and before.get(field, "") != value,
            place=places.get(field, field),
        )
        for field, value in by_field(new)
    ]


def holder_differs(account: Account, details: Details) -> bool:
    """Tell whether the 名義 is another than the registered name; some are, so it is only said."""
    registered = _kana_of(account).replace(" ", "")
    return bool(registered) and registered != details.holder_kana.replace(" ", "")
