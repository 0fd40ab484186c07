"""What is typed into 新規作成 and 情報変更, and the bank account it describes."""

from collections.abc import Mapping
from dataclasses import asdict

from web.banks.choosing import bank_text, branch_text
from web.banks.directory import the_bank
from web.direct_debit.details import DEPOSITS, YUCHO, Details
from web.fields import yucho
from web.fields.choice import choice
from web.fields.digits import account_number, phone, postal_code
from web.fields.field import Answer, Field, Refused
from web.fields.form import Form
from web.fields.holder import holder_kana
from web.fields.label_line import label_line
from web.fields.names import name
from web.store.direct_debit_forms import Kind

INSTITUTIONS = {"bank": "銀行、信用金庫など", "yucho": "ゆうちょ銀行"}
_OTHER_LINE = "建物名は「建物名・部屋番号」に分けて入力してください。"
_SEARCH_HINT = "名前の一部、カナ、番号のどれでも探せます。"

INSTITUTION = Field("institution", "金融機関の種類", choice(INSTITUTIONS))
BANK = Field("bank", "金融機関", bank_text, hint=_SEARCH_HINT)
BRANCH = Field("branch", "支店", lambda typed: typed, hint=_SEARCH_HINT)
NUMBER = Field(
    "number", "口座番号", account_number, hint="7桁に足りないときは、左に0を補います。", inputmode="numeric"
)  # fmt: skip
SYMBOL = Field("symbol", "記号", yucho.symbol, hint="通帳の5桁の数字です。", inputmode="numeric")
PASSBOOK = Field(
    "passbook_number", "番号", yucho.passbook_number, hint="通帳の8桁までの数字です。",
    inputmode="numeric",
)  # fmt: skip
HOLDER = (
    Field(
        "holder_kana", "口座名義(カナ)", holder_kana,
        hint="ひらがなや全角でも入力できます。自動で金融機関の書き方にします。",
    ),
    Field("holder", "口座名義", name(48), hint="通帳のとおりに入力してください。"),
)  # fmt: skip
ADDRESS = (
    Field("postal_code", "郵便番号", postal_code, autocomplete="postal-code", inputmode="numeric"),
    Field(
        "address", "住所", label_line(_OTHER_LINE), autocomplete="street-address",
        hint="都道府県から番地まで。24文字まで。",
    ),
    Field(
        "building", "建物名・部屋番号", label_line("短くしてください。"), required=False,
        hint="24文字まで。",
    ),
    Field("phone", "電話番号", phone, autocomplete="tel", inputmode="tel"),
)  # fmt: skip
_ALONE = (INSTITUTION, BANK, BRANCH, NUMBER, SYMBOL, PASSBOOK, *HOLDER, *ADDRESS)
CHECKED = {each.name: each for each in (NUMBER, SYMBOL, *HOLDER, *ADDRESS)}


def deposit(kind: Kind) -> Field:
    """Give the question for the 預金種目; 納税準備 can pay taxes of the 地方税 kind only."""
    return Field("deposit", "預金種目", choice(deposits(kind)))


def deposits(kind: Kind) -> dict[str, str]:
    """List what the 預金種目 may be."""
    return {
        value: label for value, label in DEPOSITS.items() if value != "tax" or kind is Kind.LOCAL
    }


def names(kind: Kind) -> tuple[str, ...]:
    """List the fields of the form."""
    return (*(each.name for each in _ALONE), deposit(kind).name)


def complete(kind: Kind, parked: Mapping[str, str]) -> dict[str, str]:
    """Make a whole form of parked fields, of which any may be missing."""
    return {name: parked.get(name, "") for name in names(kind)}


def parse(kind: Kind, given: Mapping[str, str]) -> Form:
    """Judge the whole form; the group that was not chosen is kept but not judged."""
    institution = INSTITUTION.check(given["institution"])
    bank = BANK.check(given["bank"])
    at_bank = (
        bank,
        _branch(bank, given["branch"]),
        deposit(kind).check(given["deposit"]),
        NUMBER.check(given["number"]),
    )
    symbol = SYMBOL.check(given["symbol"])
    at_yucho = (symbol, _passbook(symbol, given["passbook_number"]))
    groups = {"bank": at_bank, "yucho": at_yucho}
    answers = [institution]
    for group, members in groups.items():
        chosen = institution.value == group
        answers += members if chosen else (_untouched(each) for each in members)
    answers += [each.check(given[each.name]) for each in (*HOLDER, *ADDRESS)]
    return Form(answers)


def blank(kind: Kind, given: Mapping[str, str]) -> Form:
    """Show what is there without judging what is missing."""
    judged = parse(kind, complete(kind, given))
    return Form(
        judged[name] if judged[name].good else _untouched(judged[name]) for name in judged.typed
    )


def _untouched(answer: Answer) -> Answer:
    return answer.field.blank(answer.typed)


def _branch(bank: Answer, typed: str) -> Answer:
    if not bank.good:
        return BRANCH.blank(typed)
    try:
        value = branch_text(the_bank(bank.value), typed)
    except Refused as refusal:
        return BRANCH.blank(typed).refused(str(refusal))
    return Answer(BRANCH, typed, value, checked=True) if value else BRANCH.check("")


def _passbook(symbol: Answer, typed: str) -> Answer:
    answer = PASSBOOK.check(typed)
    if not (symbol.good and answer.good):
        return answer
    wrong = yucho.fitting(symbol.value, answer.value)
    return answer.refused(wrong) if wrong else answer


def check(given: Mapping[str, str]) -> Answer | None:
    """Judge one field as it is left, or 番号 beside 記号; None for any other set of fields."""
    found = list(given)
    if len(found) == 1 and found[0] in CHECKED:
        return CHECKED[found[0]].check(given[found[0]])
    if set(found) == {SYMBOL.name, PASSBOOK.name}:
        if not given[PASSBOOK.name]:
            return PASSBOOK.blank()  # nobody is scolded for what comes next
        return _passbook(SYMBOL.check(given[SYMBOL.name]), given[PASSBOOK.name])
    return None


def kept(form: Form) -> dict[str, str]:
    """Give what a draft keeps: the converted value where there is one, else what was typed."""
    return {name: form[name].value or typed for name, typed in form.typed.items()}


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


def details(form: Form) -> Details:
    """Make the bank account of a form without errors."""
    shared = {each.name: form[each.name].value for each in (*HOLDER, *ADDRESS)}
    if form["institution"].value == "yucho":
        symbol, number = form["symbol"].value, form["passbook_number"].value
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
    bank_code, _, bank_name = form["bank"].value.partition(" ")
    branch_code, _, branch_name = form["branch"].value.partition(" ")
    return Details(
        bank_code=bank_code,
        bank_name=bank_name,
        branch_code=branch_code,
        branch_name=branch_name,
        deposit=form["deposit"].value,
        number=form["number"].value,
        **shared,
    )
