"""Judges how easily a password is guessed, and says why in Japanese."""

import threading
from collections.abc import Iterable
from typing import Any

from zxcvbn import matching, zxcvbn

GOOD_ENOUGH = 3  # of 4: "safely unguessable" by zxcvbn's own scale
LONGEST_JUDGED = 72  # zxcvbn refuses more
LONGEST_WORD = 320  # of the words it must not be built on: a mail address
MOST_WORDS = 128  # and their parts
MOST_READINGS = 8  # of characters that look like letters: p4$$w0rd
SERVICE_WORDS = ("keimypage", "keijidosha", "keioss", "knca", "kica", "oss", "password")

_MEND = "ほかの言葉を足すなどして、推測されにくいものにしてください。"
_REASONS = {
    "dictionary": "よく使われる言葉や、ID・お名前・メールアドレスに近い言葉が含まれています。",
    "repeat": "同じ文字や言葉の繰り返しが含まれています。",
    "sequence": "abc や 123 のような並びが含まれています。",
    "spatial": "キーボードの並び(qwerty など)が含まれています。",
    "date": "日付が含まれています。",
    "regex": "年(2024 など)が含まれています。",
}

# zxcvbn keeps the words of its latest caller in a module-wide table: two threads would mix them up.
_ONE_AT_A_TIME = threading.Lock()
_all_readings = matching.enumerate_l33t_subs


def _few_readings(look_alikes: dict[str, list[str]]) -> list[dict[str, str]]:
    """Read look-alikes in the most usual ways only.

    Forty characters such as 4@8({[<1!|7 can be read in hundreds of ways, and zxcvbn looks every part
    up in every one: seconds of CPU for one request of somebody who is not logged in.
    """
    readings: list[dict[str, str]] = _all_readings(look_alikes)
    return readings[:MOST_READINGS]


matching.enumerate_l33t_subs = _few_readings


def weakness(typed: str, words: Iterable[str]) -> str:
    """Say why a password is too easy to guess, and how to mend it; '' when it is not."""
    known = [part for word in (*SERVICE_WORDS, *words) for part in _parts(word[:LONGEST_WORD])]
    known = list(dict.fromkeys(known))[:MOST_WORDS]
    with _ONE_AT_A_TIME:
        result: dict[str, Any] = zxcvbn(_shown(typed), user_inputs=known)
    if result["score"] >= GOOD_ENOUGH:
        return ""
    patterns = [match["pattern"] for match in result["sequence"]]
    reason = next((_REASONS[pattern] for pattern in patterns if pattern in _REASONS), "")
    return f"推測されやすいパスワードです。{reason}{_MEND}"


def _shown(typed: str) -> str:
    """Give what zxcvbn is shown of a password: what is longer is cut behind a whole repetition.

    A piece of a repeated word would pass for random characters, and so would a piece of an own word: of those the
    beginning is known, too (`_parts`).
    """
    shown = typed[:LONGEST_JUDGED]
    if len(typed) <= LONGEST_JUDGED:
        return shown
    repeats = next(n for n in range(1, len(shown) + 1) if shown.startswith(shown[n:]))
    return shown[: len(shown) // repeats * repeats]


def _parts(word: str) -> list[str]:
    """Split an address or a name, so that its parts and its beginning are known as well as the whole."""
    lowered = word.lower()
    for mark in "@.-_　 ":
        lowered = lowered.replace(mark, " ")
    parts = (part for part in lowered.split() if len(part) > 2)  # noqa: PLR2004
    return [word.lower(), word.lower()[:LONGEST_JUDGED], *parts]
