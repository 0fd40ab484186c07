"""The person of the demo who has an app, and the code that it shows: the demo's inbox has it."""

import base64
import hmac
import re
import struct
from datetime import datetime, timedelta, timezone

from .stage import Stage

USER_ID, PASSWORD = "KNCA6291", "hareta-sora-no-6291"
EMAIL, RELEASE = "aozora@example.jp", "【軽自動車OSS】確認手段の解除のご連絡"
A_MINUTE = 60


def code_now(stage: Stage) -> str:
    """Give a code that nobody has used: a minute later."""
    stage.set_ahead(A_MINUTE)
    page = stage.page.request.get(f"{stage.site.url}/demo/mail").text()
    found = re.search(r'id="code">([0-9]{6})<', page)
    assert found, "no code in the inbox"
    return found[1]


def code_of(stage: Stage, key: str) -> str:
    """Give the code that an app with this key shows a minute later (RFC 6238)."""
    stage.set_ahead(A_MINUTE)
    page = stage.page.request.get(f"{stage.site.url}/demo/clock").text()
    found = re.search(r"(\d+)年 (\d+)月 (\d+)日 (\d+)時 (\d+)分 (\d+)秒", page)
    assert found, "no time on the page of the clock"
    tokyo = timezone(timedelta(hours=9))
    now = datetime(*map(int, found.groups()), tzinfo=tokyo)  # type: ignore[arg-type, misc]
    secret = base64.b32decode(key.replace(" ", ""))
    digest = hmac.digest(secret, struct.pack(">Q", int(now.timestamp()) // 30), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
