"""What a new password must be: long enough, not guessable, not one of the last ones."""

from collections.abc import Iterable, Sequence

from web.fields.field import Field, Refused
from web.fields.password import password
from web.security.passwords import Passwords, prepare
from web.settings import Settings
from web.store.accounts import Account

USED = "現在のパスワードや、最近使ったパスワードは使えません。別のパスワードにしてください。"


def hint(settings: Settings) -> str:
    """Say the rule before anybody types."""
    return (
        f"{settings.password_min_length}文字以上{settings.password_max_length}文字以内。"
        "文字の種類の決まりはありません。推測されやすいもの、"
        "現在のパスワード、最近3回のパスワードは使えません。"
    )


def field(name: str, label: str, settings: Settings) -> Field:
    """Make the field for a new password; what it looks like is judged here, the rest by weakness()."""

    def convert(typed: str) -> str:
        password(typed)
        length = len(prepare(typed)) if typed else 0
        low, high = settings.password_min_length, settings.password_max_length
        if typed and not low <= length <= high:
            raise Refused(f"{low}文字以上{high}文字以内で入力してください(いま{length}文字です)。")
        return typed

    return Field(name, label, convert, type="password", autocomplete="new-password")


def words_of(account: Account) -> list[str]:
    """List the words that must not carry a password of this account."""
    return [
        account.payment_user_id,
        account.bulk_user_id,
        account.name,
        account.name_kana,
        account.representative,
        account.admin_email,
    ]


async def weakness(
    passwords: Passwords, typed: str, *, words: Iterable[str], used: Sequence[str]
) -> str:
    """Say why a password may not be set, beyond its length; '' when it may."""
    guessable = await passwords.weakness(typed, words)
    if guessable:
        return guessable
    return USED if await passwords.matches_any(used, typed) else ""
