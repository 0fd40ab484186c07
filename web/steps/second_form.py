"""What is typed where a second factor, or the password again, is asked for."""

from dataclasses import replace

from web.fields.digits import digits_of
from web.fields.field import Field, Refused
from web.fields.form import Form, FormSpec, Given
from web.fields.text import trim
from web.fields.width import to_half_width
from web.security import totp
from web.steps import current_password

# Crockford's: no letter that is taken for a digit, or for another one.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = str.maketrans("", "", " -‐‑–—−ー\u3000\t")
_RECOVERY = 14
MAILED_DIGITS = 8


def _digits(typed: str, length: int) -> str:
    digits = digits_of(typed, noun="確認コード")
    if digits and len(digits) != length:
        raise Refused(f"確認コードは{length}桁の数字です。現在は{len(digits)}桁です。")
    return digits


def _code(typed: str) -> str:
    return _digits(typed, totp.DIGITS)


def _mailed(typed: str) -> str:
    return _digits(typed, MAILED_DIGITS)


def letters_of(typed: str) -> str:
    """Read letters that are copied from paper: in any width and case, with anything between groups."""
    return to_half_width(trim(typed)).upper().translate(_BETWEEN).translate(_READ_AS)


def _recovery(typed: str) -> str:
    text = letters_of(typed)
    if not text:
        return ""
    if len(text) != _RECOVERY or not text[:2].isdecimal() or set(text) - set(ALPHABET):
        raise Refused(
            "予備コードは、2桁の番号と12文字です。紙に書かれているとおりに入力してください。例：03-K7QM-2XDP-9RTB"
        )
    return text


CODE = Field(
    "code",
    "確認コード",
    _code,
    hint=f"認証アプリに表示されている{totp.DIGITS}桁の数字",
    autocomplete="one-time-code",
    inputmode="numeric",
    badge=False,
    once=True,
)
RECOVERY = Field(
    "recovery_code",
    "予備コード",
    _recovery,
    hint="まだ使っていないもののうちの1つ。例：03-K7QM-2XDP-9RTB",
    badge=False,
    once=True,
)
# What the script writes when a passkey has answered: some hundred characters, a few thousand with a chain
# of certificates.
PASSKEY = Field(
    "credential", "パスキー", str, required=False, badge=False, once=True, longest=16_384
)
MAILED = Field(
    "mailed_code",
    "メールの確認コード",
    _mailed,
    hint=f"メールに記載している{MAILED_DIGITS}桁の数字",
    autocomplete="one-time-code",
    inputmode="numeric",
    badge=False,
    once=True,
)
BY_MAIL = FormSpec((MAILED,))
BY_CODE, BY_RECOVERY = FormSpec((CODE, PASSKEY)), FormSpec((RECOVERY,))
WRONG = (
    "確認コードが違います。"
    "スマートフォンの日時が自動設定になっているかご確認のうえ、新しいコードを入力してください。"
)
USED = "この確認コードは使用済みです。次のコードが表示されるまで、30秒ほどお待ちください。"
WRONG_PASSKEY = (
    "このパスキーでは確認できませんでした。もう一度操作するか、ほかの方法で確認してください。"
)
STALE_PASSKEY = "時間がたったか、すでに使われたため、確認できませんでした。もう一度「パスキーで確認」を押してください。"
NO_PASSKEY = "「パスキーで確認」を押してください。"
WRONG_MAILED = "確認コードが違います。届いたメールのうち、最も新しいものをご確認ください。"
WRONG_RECOVERY = (
    "この予備コードは使えません。番号と文字をご確認のうえ、まだ使っていないものを入力してください。"
)


def asked(*, second: bool) -> FormSpec:
    """Give what is asked before an act: a code of whoever has a second factor, else the password."""
    return BY_CODE if second else current_password.SPEC


def judge(spec: FormSpec, given: Given) -> Form:
    """Judge what was typed; beside the answer of a passkey no code is asked."""
    if not given.get(PASSKEY.name):
        return spec.parse(given)
    fields = (
        replace(each, required=False) if each.name == CODE.name else each for each in spec.fields
    )
    return FormSpec(tuple(fields)).parse({**given, CODE.name: ""})


def without_app(form: Form) -> Form:
    """Ask for the passkey, where a code is missing, of somebody who has no app."""
    if CODE.name not in form.messages:
        return form
    others = [CODE.blank() if name == CODE.name else form[name] for name in form.typed]
    return Form(others).with_error(PASSKEY.name, NO_PASSKEY)


def written(number: int, letters: str) -> str:
    """Write a 予備コード as it is printed."""
    return f"{number:02d}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
