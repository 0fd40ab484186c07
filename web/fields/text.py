"""What text fields share: spaces, lengths, passwords, and the short way for what needs no conversion."""

import re
from collections.abc import Callable
from functools import wraps

from web.fields.characters import visible_length
from web.fields.field import Refused

Convert = Callable[[str], str]

MAX_BYTES = 1024
_SPACES = " \u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# Contacts of telephones, mail programs and Windows put them around what is copied.
UNSEEN = "\u00ad\ufeff" + "".join(
    map(
        chr,
        (
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202D),
            *range(0x2060, 0x2065),
            *range(0x2066, 0x206A),
        ),
    )
)
_RUN_OF_SPACES = re.compile(f"[{_SPACES}]+")


def trim(text: str) -> str:
    """Take off the outer spaces of every kind; a line break or a tab is not one."""
    return text.strip(_SPACES)


def trim_copied(text: str) -> str:
    """Take off the outer spaces, and what nobody sees around a text that was copied."""
    return text.strip(_SPACES + UNSEEN)


def single_spaced(text: str) -> str:
    """Take off the outer spaces and make every inner run one full-width space."""
    return _RUN_OF_SPACES.sub("\u3000", trim(text))


def refuse_longer(text: str, limit: int) -> None:
    """Refuse more characters than fit, saying how many there are."""
    if (count := visible_length(text)) > limit:
        raise Refused(f"{limit}文字以内で入力してください。現在は{count}文字です。")


def refuse_oversize(text: str) -> None:
    """Refuse what is too large, or broken, to be handed to a hash or a look-up."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Refused("読み取れない文字が含まれています。もう一度入力してください。") from None
    if size > MAX_BYTES:
        raise Refused(f"長すぎます。半角で{MAX_BYTES}文字以内で入力してください。")


def password(typed: str) -> str:
    """Give a password unchanged, unless it is too large to be hashed; others judge how good it is."""
    refuse_oversize(typed)
    return typed


def unless_ready(ready: str, longest: int) -> Callable[[Convert], Convert]:
    """Skip a conversion for texts that it would not change; `ready` must match only such texts."""
    pattern = re.compile(ready)

    def spared(convert: Convert) -> Convert:
        @wraps(convert)
        def short(typed: str) -> str:
            if len(typed) <= longest and pattern.fullmatch(typed):
                return typed
            return convert(typed)

        return short

    return spared
