"""What the details of the audit trail, and the mails, are called on the office's screens."""

import json
from collections.abc import Callable

from web.mail import messages
from web.office.accounts.form import ACTS
from web.security import audit_events
from web.store.credentials import CredentialKind
from web.store.staff import Role

DETAILS = {
    "who": "担当者",
    "reason": "理由",
    "why": "取り消された理由",
    "items": "項目",
    "item": "手続",
    "number": "番号・件数",
    "kind": "種類",
    "first": "開始日",
    "last": "終了日",
    "mail": "メール",
    "name": "担当者ID",
    "method": "確認の方法",
    "app": "認証アプリの名前",
    "passkey": "パスキーの名前",
    "role": "権限",
    "device": "端末",
    "form": "画面",
    "page": "開いた画面",
    "act": "断った操作",
    "row": "対象の記録",
    "of": "対象の操作",
    "sessions": "ログアウトした端末",
    "links": "使用できないようにしたURL",
    "mails": "送信しなかったメール",
    "times": "1時間以内の回数",
}
# What a role was too low for: an act on an account, or a route.
REFUSED = {
    **ACTS,
    "close": "心当たりがない操作の届出への対応",
    "office/report": "心当たりがない操作の届出への対応",
    "approve": "メールアドレスの変更の承認",
    "office/act": "利用者への操作",
    "office/retire": "利用者IDの廃止",
    "office/address": "メールアドレスの変更",
    "office/factor_reset": "確認手段の解除",
    "factor-propose": "確認手段の解除",
    "factor-take-back": "確認手段の解除",
    "factor-approve": "確認手段の解除の承認",
    "office/move": "届出書の状態の変更",
    "office/resend": "メールの再送",
    "office/unlock": "担当者のログイン停止の解除",
}
# What the trail writes as a code, in words.
VALUES: dict[str, Callable[[str], str]] = {
    "kind": lambda code: CredentialKind(code).label,
    "role": lambda code: Role(code).label,
    "of": audit_events.label,
    "device": lambda code: audit_events.DEVICES[code][0],
    "method": audit_events.METHODS.__getitem__,
    "form": audit_events.FORMS.__getitem__,
    "why": audit_events.VOIDED.__getitem__,
    "page": audit_events.PAGES.__getitem__,
    "act": REFUSED.__getitem__,
}


def details(written: str) -> list[tuple[str, str]]:
    """Give the details of an event as pairs of a name and a value."""
    found: dict[str, object] = json.loads(written)
    return [
        (DETAILS.get(name, name), _in_words(name, str(value)))
        for name, value in found.items()
        if value != ""
    ]


def _in_words(name: str, written: str) -> str:
    try:
        return VALUES.get(name, str)(written)
    except (KeyError, ValueError):  # written by another release than this one
        return written


# Why a mail was not sent, by what the courier wrote; of the server's answers the first digits that fit.
NOT_SENT = {
    "SMTP 55": "宛先のメールアドレスが存在しないか、受信を拒否されました",
    "SMTP 552": "宛先のメールボックスの容量が不足しています",
    "SMTP 554": "宛先のメールサーバーに受信を拒否されました",
    "SMTP 4": "宛先のメールサーバーが一時的に受信できません",
    "link expired": "送信前に、メール内のURLの有効期限が切れました",
    "cannot be opened": "保管していた本文を読み取れません",
    "perhaps sent": "送信できたかどうかを確認できません",
    "restored": "データの復元により、送信を中止しました",
    "dropped": "担当者または運用者が送信を取りやめました",
}
UNKNOWN_REASON = "宛先のメールサーバーと通信できません"


def not_sent(reason: str) -> str:
    """Say why a mail was not sent, with the number that the receiver's staff will ask for."""
    fits = [known for known in NOT_SENT if reason.startswith(known)]
    words = NOT_SENT[max(fits, key=len)] if fits else UNKNOWN_REASON
    return f"{words}（{reason}）" if reason.startswith("SMTP ") else words


def mail_named(about: str) -> str:
    """Name a mail by what it is about."""
    return messages.NAMES.get(about, about)
