"""What a new password must be: long enough, not guessable, not one of the last ones."""

from collections.abc import Iterable, Sequence

from web.fields.characters import has_unseen
from web.fields.field import Field, Refused, same_again
from web.fields.text import MAX_BYTES, password
from web.security.passwords import Passwords, prepare
from web.settings import Settings
from web.store.accounts import Account, Profile

UNSEEN = (
    "改行やタブなど、目に見えない文字はパスワードに使えません。"
    "コピーして貼り付けたときは、直接入力してください。"
)
USED = "現在のパスワードや、最近使ったパスワードは使えません。別のパスワードにしてください。"


def hint(settings: Settings) -> str:
    """Say the rule before anybody types."""
    return f"{_length(settings)}推測されやすいもの、現在のパスワード、最近3回のパスワードは使えません。"


def first_hint(settings: Settings, *, low: int = 0) -> str:
    """Say the rule for the first password of all."""
    return f"{_length(settings, low=low)}推測されやすいものは使えません。"


def _length(settings: Settings, *, low: int = 0) -> str:
    low, high = low or settings.password_min_length, settings.password_max_length
    return f"{low}文字以上{high}文字以内。文字の種類に制限はありません。"


def field(name: str, label: str, settings: Settings, *, low: int = 0) -> Field:
    """Make the field for a new password; what it looks like is judged here, the rest by weakness().

    `low`: the fewest characters, where they are not those of the settings.
    """
    low, high = low or settings.password_min_length, settings.password_max_length

    def convert(typed: str) -> str:
        password(typed)
        if has_unseen(typed):
            raise Refused(UNSEEN)
        prepared = prepare(typed) if typed else ""
        # Copied along, it would be left out when the password is typed at log-in.
        if prepared != prepared.strip(" "):
            raise Refused("先頭か末尾に空白があります。空白を除いて入力してください。")
        length = len(prepared)
        if typed and not low <= length <= high:
            raise Refused(f"{low}文字以上{high}文字以内で入力してください(現在{length}文字です)。")
        return typed

    return Field(
        name, label, convert, type="password", autocomplete="new-password", longest=MAX_BYTES
    )


def again_field(name: str, label: str) -> Field:
    """Make the (確認用) field of a new password: the name of that one, and `_again`."""
    return Field(
        name,
        label,
        password,
        type="password",
        longest=MAX_BYTES,
        autocomplete="new-password",
        beside=name.removesuffix("_again"),
        compare=same_again,
    )


def words_of(account: Account) -> list[str]:
    """List the words on which no password of this account may be built."""
    return words(account.payment_user_id, account.bulk_user_id, account.profile)


def words(payment_user_id: str, bulk_user_id: str, profile: Profile) -> list[str]:
    """List the words on which no password under these IDs may be built."""
    return [
        payment_user_id,
        bulk_user_id,
        profile.name,
        profile.name_kana,
        profile.representative,
        profile.admin_email,
    ]


async def weakness(
    passwords: Passwords, typed: str, *, words: Iterable[str], used: Sequence[str]
) -> str:
    """Say why a password may not be set, beyond its length; '' when it may."""
    guessable = await passwords.weakness(typed, words)
    if guessable:
        return guessable
    return USED if await passwords.matches_any(used, typed) else ""
