"""What the audit trail says of an account, as its owner reads it."""

import json
from dataclasses import dataclass

from web.security import audit_events
from web.store.audit import Row
from web.store.credentials import CredentialKind

# What the number of an event is called, by what the event is about; others only count.
_NUMBERS = {
    "profile": "受付番号",
    "activity": "受付番号",
    "issuance": "受付番号",
    "direct_debit": "整理番号",
    "address": "受付番号",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, what, and what else was written down."""

    seq: int
    at: int
    what: str
    more: tuple[str, ...]


def read(row: Row) -> Event:
    """Put a row of the trail into words."""
    detail = json.loads(row.detail)
    return Event(row.seq, row.at, _what(row.event, detail), tuple(_more(row.event, detail)))


def _what(event: str, detail: dict[str, str | int]) -> str:
    words = audit_events.label(event)
    kind = detail.get("kind")
    if kind in tuple(CredentialKind):
        words = words.replace("パスワード", f"{CredentialKind(kind).label}パスワード", 1)
    return words


def _more(event: str, detail: dict[str, str | int]) -> list[str]:
    said = _proof(event, detail)
    if detail.get("device") in audit_events.DEVICES:
        said.append(audit_events.DEVICES[str(detail["device"])][1])
    if detail.get("form") in audit_events.FORMS:
        said.append(f"{audit_events.FORMS[str(detail['form'])]}の画面")
    if detail.get("items"):
        said.append(f"変更した項目：{detail['items']}")
    if detail.get("item"):
        said.append(f"手続：{detail['item']}")
    if "who" in detail:
        said.append("お問い合わせの窓口による操作")
    if "times" in detail:
        said.append(f"1時間のうち{detail['times']}回目")
    if event.partition(".")[0] in _NUMBERS and "number" in detail:
        said.append(f"{_NUMBERS[event.partition('.')[0]]}：{detail['number']}")
    return said


def _proof(event: str, detail: dict[str, str | int]) -> list[str]:
    """Say by what somebody has proved to be the owner."""
    said = []
    if detail.get("method") in audit_events.METHODS:
        said.append(f"確認の方法：{audit_events.METHODS[str(detail['method'])]}")
    if detail.get("app"):
        said.append(f"認証アプリの名前：{detail['app']}")
    if detail.get("passkey"):
        said.append(f"パスキーの名前：{detail['passkey']}")
    if event == "codes.used" and "number" in detail:
        said.append(f"残りの予備コード：{detail['number']}個")
    return said
