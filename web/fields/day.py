"""A day, as a browser's calendar writes it or as people type it: 2026-11-01, ２０２６/11/1, 2026年 11月 1日."""

import re
from datetime import date

from web.fields.field import Refused
from web.fields.text import refuse_oversize, trim
from web.fields.width import DASHES, to_half_width

_APART = rf" *[{DASHES}/.] *"
_WRITTEN = re.compile(
    rf"(\d{{4}})(?:{_APART}| *年 *)(\d{{1,2}})(?:{_APART}| *月 *)(\d{{1,2}})(?: *日)?|(\d{{4}})(\d\d)(\d\d)",
    re.ASCII,
)


def day(typed: str) -> str:
    """Give a day as 2026-11-01; nothing stays nothing."""
    refuse_oversize(typed)
    text = to_half_width(trim(typed))
    if not text:
        return ""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise Refused("「2026-11-01」のように、西暦の年、月、日を入力してください。")
    try:
        return date(*map(int, filter(None, written.groups()))).isoformat()
    except ValueError:
        raise Refused("暦にない日です。年、月、日をご確認ください。") from None
