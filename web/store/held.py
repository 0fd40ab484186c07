"""What is held about one account, table by table, under the names that its owner reads.

No hashes or keys; what is sealed comes as it is, for the caller to open. The audit trail is read
by its own module. A test compares these with the schema, so that a new table or column is either
here or left out with a reason.
"""

from dataclasses import dataclass
from typing import Any

from web.database import Row, Tx

ACCOUNT = """
    SELECT payment_user_id AS "納付利用者ID", bulk_user_id AS "一括利用者ID",
           CASE kind WHEN 'corporate' THEN '法人' ELSE '個人' END AS "個人・法人の別",
           name AS "会社・団体名または氏名", name_kana AS "フリガナ",
           representative AS "代表者名", admin_email AS "利用者管理用メールアドレス",
           notice_email AS "申請状況通知用メールアドレス",
           profile_version AS "利用者情報の版", profile_updated_at AS "利用者情報更新日時",
           created_at AS "発行日時", disabled_at AS "停止日時"
      FROM accounts WHERE id = :account_id
"""
PASSWORDS = """
    SELECT CASE kind WHEN 'payment' THEN '納付利用者パスワード'
                     ELSE '一括利用者パスワード' END AS "種類",
           password_changed_at AS "変更日時"
      FROM credentials WHERE account_id = :account_id ORDER BY kind
"""
FORMER_PASSWORDS = """
    SELECT CASE kind WHEN 'payment' THEN '納付利用者パスワード'
                     ELSE '一括利用者パスワード' END AS "種類",
           replaced_at AS "使わなくなった日時"
      FROM former_passwords WHERE account_id = :account_id ORDER BY replaced_at
"""
LOGINS = """
    SELECT created_at AS "ログイン日時", last_seen_at AS "最終操作日時", ended_at AS "終了日時",
           previous_login_at AS "その前のログイン日時", user_agent AS "ブラウザー",
           network AS "接続元のアドレス"
      FROM sessions WHERE account_id = :account_id ORDER BY created_at
"""
DEVICES = """
    SELECT created_at AS "最後にログインした日時"
      FROM devices WHERE account_id = :account_id ORDER BY created_at
"""
DRAFTS = """
    SELECT flow AS "画面", created_at AS "入力日時"
      FROM drafts WHERE owner_id = :account_id ORDER BY created_at
"""
RECEIPTS = """
    SELECT flow AS "画面", number AS "受付番号", created_at AS "受付日時"
      FROM receipts WHERE account_id = :account_id ORDER BY created_at
"""
RESET_LINKS = """
    SELECT CASE kind WHEN 'payment' THEN '納付利用者パスワード'
                     ELSE '一括利用者パスワード' END AS "種類",
           asked_at AS "依頼日時", expires_at AS "有効期限の日時", used_at AS "使用日時",
           ended_at AS "取消日時"
      FROM reset_links WHERE account_id = :account_id ORDER BY asked_at
"""
ISSUANCES = """
    SELECT asked_at AS "依頼日時", used_at AS "発行日時"
      FROM issuances WHERE account_id = :account_id ORDER BY asked_at
"""
DIRECT_DEBIT_ACCOUNTS = """
    SELECT CASE kind WHEN 'national' THEN '国庫金' ELSE '地方税' END AS "種類",
           last_digits AS "口座番号の終わりの桁", id AS "row_id", sealed AS "内容",
           approved_at AS "利用開始日時", ended_at AS "利用終了日時"
      FROM direct_debit_accounts WHERE account_id = :account_id ORDER BY approved_at
"""
DIRECT_DEBIT_FORMS = """
    SELECT number AS "整理番号", CASE kind WHEN 'national' THEN '国庫金' ELSE '地方税' END AS "種類",
           CASE action WHEN 'new' THEN '新規作成' WHEN 'change' THEN '情報変更'
                       ELSE '利用中止' END AS "手続",
           CASE state WHEN 'made' THEN '届出書作成済' WHEN 'received' THEN '受付'
                      WHEN 'at_bank' THEN '金融機関審査中' WHEN 'approved' THEN '承認'
                      WHEN 'returned' THEN '不備返却' ELSE '取下げ' END AS "状態",
           last_digits AS "口座番号の終わりの桁", id AS "row_id", sealed AS "内容",
           reason AS "不備の内容",
           made_at AS "作成日時", changed_at AS "状態が変わった日時"
      FROM direct_debit_forms WHERE account_id = :account_id ORDER BY made_at
"""
PAYMENTS = """
    SELECT number AS "まとめ納付番号", created_at AS "作成日時",
           CASE kind WHEN 'national' THEN '国庫金' WHEN 'local' THEN '地方税'
                     ELSE '一般料金' END AS "納付区分",
           items AS "件数", amount AS "金額", application_number AS "申請番号",
           CASE state WHEN 'unpaid' THEN '未納付' WHEN 'paid' THEN '納付済'
                      WHEN 'failed' THEN '納付不能' ELSE '取消' END AS "状態",
           paid_on AS "納付日"
      FROM payments WHERE account_id = :account_id ORDER BY created_at
"""
ADDRESS_CHANGES = """
    SELECT proposed_at AS "届け出を受けた日時", decided_at AS "決まった日時"
      FROM address_changes WHERE account_id = :account_id ORDER BY proposed_at
"""
RETIREMENT = """
    SELECT retired_at AS "廃止日時" FROM retirements WHERE account_id = :account_id
"""
MAILS = """
    SELECT once_key AS "どのメールか", recipient AS "宛先（送信が済むと消えます）",
           created_at AS "作成日時", sent_at AS "送信日時", dead_at AS "送信をあきらめた日時"
      FROM outbox WHERE account_id = :account_id ORDER BY created_at
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a row holds under a seal, which opens for that row alone."""

    row_id: str
    content: bytes


async def of_account(tx: Tx, account_id: str) -> dict[str, list[dict[str, Any]]]:
    """Give everything but the audit trail."""
    found = {
        "利用者情報": await tx.all(ACCOUNT, account_id=account_id),
        "パスワード": await tx.all(PASSWORDS, account_id=account_id),
        "以前のパスワード": await tx.all(FORMER_PASSWORDS, account_id=account_id),
        "ログイン": await tx.all(LOGINS, account_id=account_id),
        "ログインしたことがある端末": await tx.all(DEVICES, account_id=account_id),
        "入力の途中": await tx.all(DRAFTS, account_id=account_id),
        "受付": await tx.all(RECEIPTS, account_id=account_id),
        "パスワード初期化用URL": await tx.all(RESET_LINKS, account_id=account_id),
        "利用者ID発行": await tx.all(ISSUANCES, account_id=account_id),
        "ダイレクト納付口座": await tx.all(DIRECT_DEBIT_ACCOUNTS, account_id=account_id),
        "ダイレクト納付口座の届出書": await tx.all(DIRECT_DEBIT_FORMS, account_id=account_id),
        "まとめ納付": await tx.all(PAYMENTS, account_id=account_id),
        "窓口での利用者管理用メールアドレスの変更": await tx.all(
            ADDRESS_CHANGES, account_id=account_id
        ),
        "利用者IDの廃止": await tx.all(RETIREMENT, account_id=account_id),
        "メール": await tx.all(MAILS, account_id=account_id),
    }
    return {name: [_given(row) for row in rows] for name, rows in found.items()}


def _given(row: Row) -> dict[str, Any]:
    values = dict(row)
    row_id = values.pop("row_id", "")
    return {
        name: Sealed(row_id, value) if isinstance(value, bytes) else value
        for name, value in values.items()
    }
