"""One function per mail."""

from collections.abc import Sequence
from dataclasses import dataclass
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
)


@dataclass(frozen=True, slots=True)
class Message:
    """A plain-text mail to one address."""

    to: str
    subject: str
    body: str


def _message(to: str, subject: str, template: str, **context: Any) -> Message:
    return Message(to, f"【軽自動車OSS】{subject}", MAILS.get_template(template).render(context))


def reset_guide(
    site: Settings, kind: CredentialKind, to: str, link: str, *, asked_at: int
) -> Message:
    """Write the guide with the パスワード初期化用URL (manual, chapters 4 and 6)."""
    return _message(
        to,
        f"{kind.label}パスワード初期化ご案内",
        "reset_guide.txt",
        site=site,
        kind=kind,
        label=kind.label,
        link=link,
        at=clock.mail_style(asked_at),
    )


def reset_completed(
    site: Settings, kind: CredentialKind, to: str, user_id: str, *, at: int
) -> Message:
    """Tell that a password was set by a mailed link."""
    return _message(
        to,
        f"{kind.label}パスワード初期化完了のご連絡",
        "reset_completed.txt",
        site=site,
        label=kind.label,
        user_id=user_id,
        at=clock.mail_style(at),
    )


def profile_changed(
    site: Settings,
    to: str,
    user_id: str,
    number: str,
    labels: Sequence[str],
    *,
    at: int,
    to_old_address: bool = False,
) -> Message:
    """Tell that the 利用者情報 changed: which items, never their values."""
    return _message(
        to,
        "利用者情報変更登録完了のご連絡",
        "profile_changed.txt",
        site=site,
        user_id=user_id,
        number=number,
        labels=labels,
        to_old_address=to_old_address,
        at=clock.mail_style(at),
    )


def password_expires(site: Settings, to: str, user_id: str, *, ends_at: int) -> Message:
    """Announce the end of the 納付利用者パスワード's life; no link, so that none is learnt to be trusted."""
    return _message(
        to,
        "納付利用者パスワード有効期限のご連絡",
        "password_expires.txt",
        site=site,
        user_id=user_id,
        ends=clock.mail_style(ends_at),
    )


def many_failures(site: Settings, to: str, user_id: str, *, number: int, at: int) -> Message:
    """Tell that the 納付利用者パスワード was wrong so often in a row."""
    return _message(
        to,
        "納付利用者パスワードの入力誤りのご連絡",
        "many_failures.txt",
        site=site,
        user_id=user_id,
        number=number,
        at=clock.mail_style(at),
    )


def new_device(
    site: Settings, to: str, user_id: str, *, browser: str, network: str, at: int
) -> Message:
    """Tell of a log-in from a browser that has not logged in before."""
    return _message(
        to,
        "新しい端末からのログインのご連絡",
        "new_device.txt",
        site=site,
        user_id=user_id,
        browser=browser,
        network=network,
        at=clock.mail_style(at),
    )


def password_changed(site: Settings, to: str, user_id: str, *, at: int) -> Message:
    """Tell that the 納付利用者パスワード was changed."""
    return _message(
        to,
        "納付利用者パスワード変更完了のご連絡",
        "password_changed.txt",
        site=site,
        user_id=user_id,
        at=clock.mail_style(at),
    )


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
    return _message(
        to,
        "利用者ID発行ご案内",
        "issue_guide.txt",
        site=site,
        link=link,
        known=known,
        more=more,
        at=clock.mail_style(asked_at),
    )


def issued(
    site: Settings, to: str, payment_user_id: str, bulk_user_id: str, number: str, *, at: int
) -> Message:
    """Tell the two IDs of a new account, never their passwords."""
    return _message(
        to,
        "利用者ID発行完了のご連絡",
        "issued.txt",
        site=site,
        payment_user_id=payment_user_id,
        bulk_user_id=bulk_user_id,
        number=number,
        at=clock.mail_style(at),
    )


def direct_debit(
    site: Settings, to: str, step: str, text: str, facts: Sequence[tuple[str, str]]
) -> Message:
    """Tell how far a 届出書 for a ダイレクト納付口座 has come; never an account number."""
    return _message(to, f"{step}のご連絡", "direct_debit.txt", site=site, text=text, facts=facts)


def retired(site: Settings, to: str, user_id: str, bulk_user_id: str, *, at: int) -> Message:
    """Tell that both IDs were retired for good."""
    return _message(
        to,
        "利用者ID廃止のご連絡",
        "retired.txt",
        site=site,
        user_id=user_id,
        bulk_user_id=bulk_user_id,
        at=clock.mail_style(at),
    )
