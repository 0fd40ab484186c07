"""What a 担当者 types to find an account, and to act on one."""

import re
from collections.abc import Callable

from web.fields import legal_forms
from web.fields.characters import refuse_hidden
from web.fields.check_digit import reference_number
from web.fields.field import Field, Refused
from web.fields.form import FormSpec
from web.fields.kana import kana
from web.fields.names import name
from web.fields.search_key import search_key
from web.fields.text import refuse_longer, refuse_oversize, trim_copied
from web.fields.user_id import user_id
from web.fields.width import DASHES
from web.office.reason import reason as as_reason
from web.store.account_search import Sought
from web.store.staff import Role

LONGEST = 60


def _sought(typed: str) -> str:
    refuse_oversize(typed)
    text = trim_copied(typed)
    refuse_hidden(text)
    refuse_longer(text, LONGEST)
    if not text:
        raise Refused("検索する利用者のID、名称、フリガナ、番号などを入力してください。")
    return text


SOUGHT = Field(
    "sought",
    "利用者検索",
    _sought,
    hint="ID、名称・氏名・代表者名、メールアドレスは先頭から。フリガナはどの部分からでも。法人格は省略できます。整理番号、受付番号、エラー番号でも検索できます。",
)
SEARCH = FormSpec((SOUGHT,))
# As a caller reads it out, or as it is copied from a screen or a mail.
_CALLED = re.compile(
    "(?:エラー番号|受付番号|整理番号|(?:納付|一括)?利用者ID|ID)[ :]*", re.IGNORECASE
)
_BETWEEN = re.compile(f"[{DASHES} ]")
_RECEIPT = re.compile(r"(\d{8})(\d{8})", re.ASCII)
_ERROR = re.compile(r"\d{8}", re.ASCII)


def query(text: str, prefix: str) -> Sought:
    """Read what was typed in each of the ways it can be meant; `prefix` is that of a 納付利用者ID."""
    plain = _unlabelled(text)
    number = _BETWEEN.sub("", plain)
    receipt = _RECEIPT.fullmatch(number)
    return Sought(
        id=number if number.isascii() and number.isalnum() else plain,
        digits=f"{prefix}{number}" if number.isascii() and number.isdigit() else "",
        kana=search_key(_or_nothing(kana(LONGEST), legal_forms.without_short(text))),
        name=search_key(_or_nothing(name(LONGEST), text)),
        email=plain.lower() if "@" in plain else "",
        receipt="-".join(receipt.groups()) if receipt else "",
        paper=_or_nothing(reference_number, plain),
        error=error_number(text),
    )


def error_number(text: str) -> str:
    """Read what was typed as an エラー番号; '' when it cannot be one."""
    number = _BETWEEN.sub("", _unlabelled(text))
    return number if _ERROR.fullmatch(number) else ""


def _unlabelled(text: str) -> str:
    """Give half-width capitals without the name of a number in front."""
    plain = user_id(text)
    called = _CALLED.match(plain)
    return plain[called.end() :] if called else plain


def _or_nothing(convert: Callable[[str], str], text: str) -> str:
    try:
        return convert(text)
    except Refused:
        return ""


UNLOCK, END, DISABLE, ENABLE, RETIRE = "unlock", "end-sessions", "disable", "enable", "retire"
ACTS = {
    UNLOCK: "ログイン停止を解除する",
    END: "ログイン中の端末をすべてログアウトする",
    DISABLE: "利用を停止する",
    ENABLE: "利用を再開する",
}
NEEDED = {
    UNLOCK: Role.CLERK,
    END: Role.CLERK,
    DISABLE: Role.ADMIN,
    ENABLE: Role.ADMIN,
}


def _act(typed: str) -> str:
    if typed not in ACTS:
        raise Refused("どの操作をするかを選んでください。")
    return typed


ACT = Field("act", "操作", _act)
REASON = Field(
    "reason",
    "理由",
    as_reason,
    hint="操作履歴に記録されます。例：ご本人から電話があり、登録内容を確認した。",
)
ACTING = FormSpec((ACT, REASON))
TYPED_ID = Field(
    "typed_id", "廃止する納付利用者ID", user_id,
    hint="確認のため、上に表示されている納付利用者IDを入力してください。",
)  # fmt: skip
OTHER_ID = "この利用者の納付利用者IDと一致しません。廃止する利用者をもう一度ご確認ください。"
RETIRING = FormSpec((TYPED_ID, REASON))
