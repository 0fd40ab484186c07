"""One function per mail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web import clock, paths
from web.settings import Settings
from web.store.credentials import CredentialKind

# Plain text: escaping for HTML would put &amp; into people's names.
MAILS = Environment(
    loader=FileSystemLoader(paths.TEMPLATES / "mail"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701
    trim_blocks=True,
    auto_reload=False,
    cache_size=-1,  # all of them, in a dict
)
MAILS.filters["datetime_mail"] = clock.mail_style

# What a mail is called, by its template and the first word of its once_key.
NAMES = {
    "profile": "利用者情報変更登録完了のご連絡",
    "email": "利用者管理用メールアドレス確認のお願い",
    "password_change": "パスワード変更完了のご連絡",
    "reset_guide": "パスワード初期化ご案内",
    "reset_completed": "パスワード初期化完了のご連絡",
    "issue_guide": "利用者ID発行ご案内",
    "issued": "利用者ID発行完了のご連絡",
    "failures": "納付利用者パスワードの入力誤りのご連絡",
    "new_device": "新しい端末からのログインのご連絡",
    "expiry": "納付利用者パスワード有効期限のご連絡",
    "disabled": "利用停止のご連絡",
    "enabled": "利用再開のご連絡",
    "retired": "利用者ID廃止のご連絡",
    "report_closed": "心当たりがない操作の届出についてのご連絡",
    "factors": "ログインの方法についてのご連絡",
    "factor_reset": "確認手段の解除のご連絡",
    "factor_code": "確認コードのご連絡",
    "factor_from": "二段階の確認についてのお知らせ",
    "direct_debit": "ダイレクト納付口座のご連絡",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A plain-text mail to one address.

    `protects`: it protects an account, and has a reserve beside the day's number with the mails whose
    once_keys are LIKE this: neither other mails nor another kind of these can use it up. '' has none.
    """

    to: str
    subject: str
    body: str
    protects: str = field(default="", compare=False)


# What protects an account.
SECURITY = {
    "reset_guide",
    "reset_completed",
    "password_change",
    "failures",
    "new_device",
    "disabled",
    "enabled",
    "factors",
    "factor_reset",
    "factor_code",
    "report_closed",
}


def _message(site: Settings, to: str, about: str, *, subject: str = "", **context: Any) -> Message:
    text = MAILS.get_template(f"{about}.txt").render(site=site, **context)
    protects = f"{about}:%" if about in SECURITY else ""
    if context.get("to_old_address"):
        protects = "profile:%:old"
    return Message(to, f"【軽自動車OSS】{subject or NAMES[about]}", text, protects)


def reset_guide(
    site: Settings, kind: CredentialKind, to: str, link: str, *, asked_at: int
) -> Message:
    """Write the guide with the パスワード初期化用URL (manual, chapters 4 and 6)."""
    subject = f"{kind.label}{NAMES['reset_guide']}"
    return _message(site, to, "reset_guide", subject=subject, kind=kind, link=link, at=asked_at)


def reset_completed(
    site: Settings, kind: CredentialKind, to: str, user_id: str, *, at: int
) -> Message:
    """Tell that a password was set by a mailed link."""
    subject = f"{kind.label}{NAMES['reset_completed']}"
    return _message(site, to, "reset_completed", subject=subject, kind=kind, user_id=user_id, at=at)


def profile_changed(
    site: Settings,
    to: str,
    user_id: str,
    number: str,
    labels: Sequence[str],
    *,
    at: int,
    to_old_address: bool = False,
    link: str = "",
) -> Message:
    """Tell that the 利用者情報 changed: which items, never their values.

    `link`: confirms a new 利用者管理用メールアドレス.
    """
    facts: dict[str, Any] = {"user_id": user_id, "number": number, "labels": labels, "at": at}
    return _message(site, to, "profile", to_old_address=to_old_address, link=link, **facts)


def confirm_email(site: Settings, to: str, user_id: str, link: str, *, at: int) -> Message:
    """Send the メールアドレス確認用URL once more."""
    return _message(site, to, "email", user_id=user_id, link=link, at=at)


def password_expires(site: Settings, to: str, user_id: str, *, ends_at: int) -> Message:
    """Announce the end of the 納付利用者パスワード's life.

    The mail has no link: people who are used to such links also follow those of a phishing mail.
    """
    return _message(site, to, "expiry", user_id=user_id, ends_at=ends_at)


def many_failures(site: Settings, to: str, user_id: str, *, number: int, at: int) -> Message:
    """Tell that the 納付利用者パスワード was wrong `number` times in a row."""
    return _message(site, to, "failures", user_id=user_id, number=number, at=at)


def new_device(
    site: Settings, to: str, user_id: str, *, browser: str, network: str, at: int
) -> Message:
    """Tell of a log-in from a browser that has not logged in before."""
    facts: dict[str, Any] = {"user_id": user_id, "browser": browser, "network": network, "at": at}
    return _message(site, to, "new_device", **facts)


def password_changed(site: Settings, to: str, user_id: str, *, at: int) -> Message:
    """Tell that the 納付利用者パスワード was changed."""
    subject = f"{CredentialKind.PAYMENT.label}{NAMES['password_change']}"
    return _message(site, to, "password_change", subject=subject, user_id=user_id, at=at)


def issue_guide(
    site: Settings,
    to: str,
    link: str,
    known: Sequence[tuple[str, str]],
    *,
    more: bool,
    asked_at: int,
) -> Message:
    """Write the guide with the 利用者ID発行用URL, and which IDs the address has already."""
    return _message(site, to, "issue_guide", link=link, known=known, more=more, at=asked_at)


def issued(
    site: Settings, to: str, payment_user_id: str, bulk_user_id: str, number: str, *, at: int
) -> Message:
    """Tell the two IDs of a new account, never their passwords."""
    ids = {"payment_user_id": payment_user_id, "bulk_user_id": bulk_user_id}
    return _message(site, to, "issued", number=number, at=at, **ids)


def direct_debit(
    site: Settings, to: str, step: str, text: str, facts: Sequence[tuple[str, str]]
) -> Message:
    """Tell how far a 届出書 for a ダイレクト納付口座 has come; never an account number."""
    return _message(site, to, "direct_debit", subject=f"{step}のご連絡", text=text, facts=facts)


def access(
    site: Settings, to: str, what: str, user_id: str, bulk_user_id: str, *, at: int
) -> Message:
    """Tell that both IDs were shut ("disabled"), or opened again ("enabled")."""
    return _message(site, to, what, user_id=user_id, bulk_user_id=bulk_user_id, at=at)


def factors(site: Settings, to: str, user_id: str, what: str, *, at: int) -> Message:
    """Tell what became of the second factor; never a code, never a secret."""
    return _message(site, to, "factors", user_id=user_id, what=what, at=at)


def factor_reset(
    site: Settings, to: str, user_id: str, link: str, *, due_at: int, at: int
) -> Message:
    """Tell that the office will take the second factors away, with the URL that stops it."""
    return _message(site, to, "factor_reset", user_id=user_id, link=link, due_at=due_at, at=at)


def factor_code(site: Settings, to: str, user_id: str, code: str, *, at: int) -> Message:
    """Send the code that the registration of the first second factor asks beside the password."""
    return _message(site, to, "factor_code", user_id=user_id, code=code, at=at)


def factor_from(site: Settings, to: str, user_id: str, *, day: str) -> Message:
    """Announce the day from which nobody logs in without a second factor.

    The mail has no link: people who are used to such links also follow those of a phishing mail.
    """
    return _message(site, to, "factor_from", user_id=user_id, day=day)


def report_closed(
    site: Settings, to: str, user_id: str, number: str, reported_at: int, *, at: int
) -> Message:
    """Tell that a 担当者 has looked into what somebody disowned; never the note."""
    facts: dict[str, Any] = {"user_id": user_id, "number": number, "reported_at": reported_at}
    return _message(site, to, "report_closed", **facts, at=at)


def retired(site: Settings, to: str, user_id: str, bulk_user_id: str, *, at: int) -> Message:
    """Tell that both IDs were retired for good."""
    return _message(site, to, "retired", user_id=user_id, bulk_user_id=bulk_user_id, at=at)
