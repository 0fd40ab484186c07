"""Everything held about an account, as its owner gets it: in a file, or on a page for some minutes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from web import clock
from web.database import Row, Tx
from web.direct_debit import words
from web.direct_debit.details import opened
from web.direct_debit.lines import lines_to_keep
from web.features.activity import events
from web.features.activity.flow import NAME, NEWEST
from web.mail import messages
from web.security import audit_events, throttle
from web.security.throttle import Attempt
from web.security.vault import NotSealedHere, Vault
from web.services import Services, Work
from web.steps import current_password, step_up
from web.store import accounts, held, payments
from web.store import audit as rows
from web.store.accounts import Account
from web.store.credentials import CredentialKind
from web.store.first_passwords import FirstPassword
from web.store.sessions import Session

# The parts of the file and their columns in words, in the order of the file.
PARTS = {
    "accounts": ("利用者情報", {
        "payment_user_id": "納付利用者ID", "bulk_user_id": "一括利用者ID",
        "kind": "個人・法人の別", "name": "会社・団体名または氏名", "name_kana": "フリガナ",
        "representative": "代表者名", "admin_email": "利用者管理用メールアドレス",
        "notice_email": "申請状況通知用メールアドレス", "profile_version": "利用者情報の版",
        "profile_updated_at": "利用者情報更新日時", "created_at": "発行日時",
        "disabled_at": "停止日時", "address_confirmed": "利用者管理用メールアドレスの確認",
    }),
    "credentials": ("パスワード", {
        "kind": "種類", "password_changed_at": "変更日時", "first_password": "決めた人",
    }),
    "former_passwords": (
        "以前のパスワード", {"kind": "種類", "replaced_at": "使わなくなった日時"}
    ),
    "sessions": ("ログイン", {
        "created_at": "ログイン日時", "last_seen_at": "最終操作日時", "ended_at": "終了日時",
        "ended_by": "終了した人", "previous_login_at": "その前のログイン日時", "user_agent": "ブラウザー",
        "network": "接続元のアドレス", "method": "確認の方法",
    }),
    "code_apps": ("認証アプリ", {"name": "名前", "created_at": "登録日時", "used_at": "最終利用日時"}),
    "passkeys": ("パスキー", {
        "name": "名前", "rp_id": "使えるサイト", "synced": "同期", "backed_up": "ほかの端末への保存",
        "created_at": "登録日時", "used_at": "最終利用日時",
    }),
    "recovery_codes": ("予備コード", {"number": "番号", "made_at": "作成日時", "used_at": "使用日時"}),
    "second_steps": ("ログインなどの確認", {
        "created_at": "開始日時", "expires_at": "有効期限の日時", "used_at": "完了日時",
    }),
    "devices": ("ログインしたことがある端末", {"created_at": "最後にログインした日時"}),
    "drafts": ("入力の途中", {"flow": "画面", "created_at": "入力日時"}),
    "receipts": ("受付", {"flow": "画面", "number": "受付番号", "created_at": "受付日時"}),
    "reset_links": ("パスワード初期化用URL", {
        "kind": "種類", "asked_at": "依頼日時", "expires_at": "有効期限の日時",
        "used_at": "使用日時", "ended_at": "取消日時",
    }),
    "issuances": ("利用者ID発行", {"asked_at": "依頼日時", "used_at": "発行日時"}),
    "direct_debit_accounts": ("ダイレクト納付口座", {
        "kind": "種類", "last_digits": "口座番号の終わりの桁", "sealed": "内容",
        "approved_at": "利用開始日時", "ended_at": "利用終了日時",
    }),
    "direct_debit_forms": ("ダイレクト納付口座の届出書", {
        "number": "整理番号", "kind": "種類", "action": "手続", "state": "状態",
        "last_digits": "口座番号の終わりの桁", "sealed": "内容", "reason": "不備の内容",
        "made_at": "作成日時", "changed_at": "状態が変わった日時",
    }),
    "payments": ("まとめ納付", {
        "number": "まとめ納付番号", "created_at": "作成日時", "kind": "納付区分",
        "items": "件数", "amount": "金額", "application_number": "申請番号", "state": "状態",
        "paid_on": "納付日",
    }),
    "address_changes": ("窓口での利用者管理用メールアドレスの変更", {
        "proposed_at": "届け出を受けた日時", "expires_at": "承認の期限", "decided_at": "決まった日時",
    }),
    "factor_resets": ("窓口での確認手段の解除", {
        "proposed_at": "申込みを受けた日時", "due_at": "解除する日時", "ended_at": "終わった日時",
        "ended": "結果",
    }),
    "address_confirmations": ("メールアドレス確認用URL", {
        "asked_at": "依頼日時", "expires_at": "有効期限の日時", "confirmed_at": "確認日時",
    }),
    "reports": ("心当たりがない操作の届出", {
        "number": "受付番号", "event": "操作", "reported_at": "届出日時", "closed_at": "担当者が対応した日時",
    }),
    "shown_errors": ("エラー番号", {"number": "番号", "shown_at": "表示日時"}),
    "retirements": ("利用者IDの廃止", {"retired_at": "廃止日時"}),
    "outbox": ("メール", {
        "once_key": "どのメールか", "recipient": "宛先（送信が済むと消えます）",
        "created_at": "作成日時", "sent_at": "送信日時", "dead_at": "送信を中止した日時",
    }),
}  # fmt: skip
_PASSWORDS = {kind: f"{kind.label}パスワード" for kind in CredentialKind}
# What is stored as a code, in words.
_CODES: dict[tuple[str, str], Mapping[Any, str]] = {
    ("accounts", "kind"): {"corporate": "法人", "individual": "個人"},
    ("accounts", "address_confirmed"): {1: "確認済み", 0: "未確認"},
    ("credentials", "kind"): _PASSWORDS,
    ("credentials", "first_password"): {
        FirstPassword.NO: "ご本人",
        FirstPassword.GIVEN: "窓口",
        FirstPassword.TO_CHANGE: "窓口（はじめてのログインで変更）",
    },
    ("former_passwords", "kind"): _PASSWORDS,
    ("sessions", "method"): audit_events.METHODS,
    ("passkeys", "synced"): {1: "同期される", 0: "この端末だけ"},
    ("passkeys", "backed_up"): {1: "あり", 0: "なし"},
    ("reset_links", "kind"): _PASSWORDS,
    ("sessions", "ended_by"): {
        "left": "この端末で終了",
        "device": "ほかの端末から終了",
        "password": "パスワードの変更または初期化",
        "office": "窓口",
    },
    ("factor_resets", "ended"): {
        "": "",
        "done": "解除した",
        "stopped": "利用者が止めた",
        "refused": "窓口が取りやめた",
        "restored": "データの復元",
        **audit_events.VOIDED,
    },
    ("direct_debit_accounts", "kind"): words.KINDS,
    ("direct_debit_forms", "kind"): words.KINDS,
    ("direct_debit_forms", "action"): words.ACTIONS,
    ("direct_debit_forms", "state"): words.STATES,
    ("payments", "kind"): payments.KINDS,
    ("reports", "event"): {"": "", **audit_events.LABELS},
    ("payments", "state"): payments.STATES,
}
_UNREADABLE = "読み取れません。お問い合わせの窓口にご連絡ください。"
PAGE_LASTS = 10 * clock.MINUTE
_MAC = 32  # hexadecimal digits
_PURPOSE = "page of own data"


@dataclass(frozen=True, slots=True)
class Style:
    """How moments are written, what a mail is called, of whose key only which mail it is, and how much there is."""

    moment: Callable[[int], str]
    mail: Callable[[str], str]
    most: int  # rows of a part, the newest


class Held(NamedTuple):
    """What is held about an account at a moment, as the tables have it, the oldest first."""

    at: int
    tables: Mapping[str, list[Row]]
    trail: list[rows.Row]


MOST_SHOWN = 200  # rows of a part on the page; the file has all
FILE = Style(clock.iso_tokyo, str, 2**31)
PAGE = Style(clock.mypage_style, lambda name: messages.NAMES.get(name, name), MOST_SHOWN + 1)


async def prove(
    services: Services, current: Session, attempt: Attempt, typed: Mapping[str, str]
) -> None:
    """Check the password or the second factor, and note that the data are given out. Raises TooMany, WrongPassword."""
    signed_in = current.account
    if current.second:
        who = step_up.asker(current, NAME)
        await step_up.by_factor(services, who, typed, step_up.anew, _note, signed_in)
    else:
        password = typed[current_password.FIELD.name]
        still = await current_password.prove(services, signed_in, attempt, password, asked_by=NAME)
        await services.write(current_password.while_still, still, _note, signed_in)


async def _note(tx: Work, signed_in: Account) -> str:
    await accounts.find_open(tx, signed_in.id)
    await throttle.act(tx, tx.vault, signed_in.id, "own_data", most=tx.settings.acts_per_hour)
    await tx.audit("activity.saved", signed_in.id)
    return signed_in.id


def pass_for(vault: Vault, current: Session, now: int) -> str:
    """Let whoever has proved to be the owner open the page, in this log-in and for some minutes."""
    return f"{now}-{vault.sign(_PURPOSE, _signed(current, now)).hex()[:_MAC]}"


def passes(vault: Vault, current: Session, given: str, now: int) -> bool:
    """Tell whether a pass is one of this log-in, and not too old."""
    at, _, mac = given.partition("-")
    if not (at.isascii() and at.isdigit() and len(at) <= len(str(now)) and len(mac) == _MAC):
        return False
    if not 0 <= now - int(at) < PAGE_LASTS or set(mac) - set("0123456789abcdef"):
        return False
    return vault.signed(_PURPOSE, _signed(current, int(at)), bytes.fromhex(mac))


def _signed(current: Session, at: int) -> bytes:
    return f"{current.id}:{at}".encode()


async def collect(tx: Tx, signed_in: Account, style: Style) -> Held:
    """Collect what is held about an account: no hashes, no keys, nothing of anybody else."""
    found = await held.of_account(tx, signed_in.id, most=style.most)
    newest = await rows.older_of_account(tx, signed_in.id, before=NEWEST, most=style.most)
    return Held(tx.now, {table: found[table] for table in PARTS}, newest[::-1])


def in_words(vault: Vault, collected: Held, style: Style) -> dict[str, Any]:
    """Put it into words; of an account with a long history this takes a second, so it has a thread."""
    return {
        "作成日時": style.moment(collected.at),
        **{
            part: [_readable(vault, table, row, style) for row in collected.tables[table]]
            for table, (part, _) in PARTS.items()
        },
        "操作履歴": [
            {"日時": style.moment(each.at), "内容": each.what, "補足": list(each.more)}
            for each in map(events.read, collected.trail)
        ],
    }


def _readable(vault: Vault, table: str, row: Row, style: Style) -> dict[str, Any]:
    """Give the columns of a row in words."""
    _, names = PARTS[table]
    return {name: _value(vault, table, column, row, style) for column, name in names.items()}


def _value(vault: Vault, table: str, column: str, row: Row, style: Style) -> Any:
    value = row[column]
    if column == "sealed":
        return _opened(vault, row["id"], value)
    if column.endswith("_at") and value is not None:
        return style.moment(value)
    if column == "once_key":
        return style.mail(value.partition(":")[0])
    return _CODES[table, column].get(value) if (table, column) in _CODES else value


def _opened(vault: Vault, row_id: str, sealed: bytes) -> dict[str, str] | str:
    """Open a bank account; a damaged one must not keep its owner from the rest of the file."""
    try:
        return dict(lines_to_keep(opened(vault, row_id, sealed)))
    except NotSealedHere:
        return _UNREADABLE
