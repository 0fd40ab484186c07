"""What is typed where a second factor, or the password again, is asked for."""

from web.fields.digits import digits_of
from web.fields.field import Field, Refused
from web.fields.form import FormSpec
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


def _recovery(typed: str) -> str:
    text = to_half_width(trim(typed)).upper().translate(_BETWEEN).translate(_READ_AS)
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
BY_CODE, BY_RECOVERY = FormSpec((CODE,)), FormSpec((RECOVERY,))
WRONG = (
    "確認コードが違います。"
    "スマートフォンの日時が自動設定になっているかご確認のうえ、新しいコードを入力してください。"
)
USED = "この確認コードは使用済みです。次のコードが表示されるまで、30秒ほどお待ちください。"
WRONG_MAILED = "確認コードが違います。届いたメールのうち、最も新しいものをご確認ください。"
WRONG_RECOVERY = (
    "この予備コードは使えません。番号と文字をご確認のうえ、まだ使っていないものを入力してください。"
)


def asked(*, second: bool) -> FormSpec:
    """Give what is asked before an act: a code of whoever has a second factor, else the password."""
    return BY_CODE if second else current_password.SPEC


def written(number: int, letters: str) -> str:
    """Write a 予備コード as it is printed."""
    return f"{number:02d}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
