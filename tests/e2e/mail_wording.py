"""The mails to the letter of the manual."""

import re
from dataclasses import dataclass

from .mailbox import Mail
from .personas import Service

ASK_AGAIN = "有効期限が経過した場合は、再度パスワード初期化依頼をしてください。"
REQUESTED_AT = re.compile(r"\d{4}年\d\d月\d\d日 \d\d時\d\d分\d\d秒")


@dataclass(frozen=True)
class Reset:
    """The two kinds of reset differ in a few words."""

    id_name: str
    password_name: str
    note: str
    path: str

    @property
    def guide_subject(self) -> str:
        return f"【軽自動車OSS】{self.password_name}初期化ご案内"

    @property
    def completed_subject(self) -> str:
        return f"【軽自動車OSS】{self.password_name}初期化完了のご連絡"


BULK = Reset(
    id_name="一括利用者ID",
    password_name="一括利用者パスワード",
    note=f"(*）パスワード初期化用URLの有効期間は24時間です。{ASK_AGAIN}",
    path="/useridmg/pwdInitBulk/INIT",
)
PAYMENT = Reset(
    id_name="納付利用者ID",
    password_name="納付利用者パスワード",
    note=f"(*パスワード初期化用URLの有効期間は依頼日時から24時間です。{ASK_AGAIN})",
    path="/useridmg/pwdInitPay/INIT",
)
PROFILE_CHANGED = "【軽自動車OSS】利用者情報変更登録完了のご連絡"
ISSUE_GUIDE = "【軽自動車OSS】利用者ID発行ご案内"
ISSUED = "【軽自動車OSS】利用者ID発行完了のご連絡"
PASSWORD_CHANGED = "【軽自動車OSS】納付利用者パスワード変更完了のご連絡"


def is_notice(mail: Mail, service: Service) -> None:
    """From the service, made by a machine, with the manual's last lines."""
    assert mail.sender == service.mail_from
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert mail.headers["Message-ID"]
    assert mail.lines[-6:] == _closing(service)


def is_guide(mail: Mail, kind: Reset, site_url: str, service: Service) -> None:
    """Word for word the guide mail of the manual, with a date and a link of its own."""
    is_notice(mail, service)
    dates = [line for line in mail.lines if REQUESTED_AT.fullmatch(line)]
    assert len(dates) == 1, mail
    assert mail.link.startswith(f"{site_url}{kind.path}?key=")
    assert mail.lines == [
        f"{kind.id_name}のパスワード初期化依頼を受付けました。",
        "以下のパスワード初期化用URLにアクセスすることでパスワード初期化を完了します。",
        kind.note,
        "依頼日時",
        dates[0],
        "パスワード初期化用URL",
        mail.link,
        *_closing(service),
    ]


def _closing(service: Service) -> list[str]:
    return [
        "このメールに返信しても、お問い合わせ頂くことはできません。",
        "ご不明な点等がございましたら、お手数ですが以下のお問い合わせ先までご連絡ください。",
        "お問い合わせ先:",
        f"電話:{service.contact_phone}",
        "軽自動車保有関係手続のワンストップサービス",
        service.portal_url,
    ]
