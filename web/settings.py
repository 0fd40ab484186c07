"""Settings from the environment; the only reader of os.environ."""

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from web.networks import Network
from web.setting_reading import BadSetting, read, read_secret_file, setting
from web.setting_types import (
    HOME,
    base_url,
    database_url,
    day,
    domain,
    file,
    fill_on_loopback,
    fill_passkeys,
    folder,
    is_within,
    letters,
    lines,
    mail_address,
    networks,
    one_of,
    origins,
    secret_key,
    smtp_url,
    text,
    text_or_none,
    token,
    web_address,
    whole,
)

__all__ = ["BadSetting", "Settings", "described"]

LOWEST_PASSWORD_LENGTH = 8  # ASVS 6.2.1
MAX_PORT = 65535


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that an operator can set; docs/reference.md lists it."""

    # fmt: off
    database_url: str = setting(
        "DATABASE_URL", database_url, "sqlite:///var/mypage.sqlite3",
        "where the data lie: sqlite:/// and a path, an absolute one with a fourth slash; or postgresql://user@host/name",
    )
    base_url: str = setting(
        "BASE_URL", base_url, HOME,
        "the address that people type and that mailed links carry; plain http for loopback only",
    )
    host: str = setting("HOST", text, "127.0.0.1", "the address to listen on")
    port: int = setting(
        "PORT", whole(0, MAX_PORT), "8000", "the port to listen on; MYPAGE_BASE_URL does not follow it"
    )
    smtp_url: str = setting(
        "SMTP_URL", smtp_url, "smtp://127.0.0.1:1025",
        "the mail server: smtp+starttls://user:password@host:587 or smtps://…; plain smtp:// to"
        " loopback only",
    )
    mail_from: str = setting("MAIL_FROM", mail_address, None, "the sender of every mail")
    contact_phone: str = setting(
        "CONTACT_PHONE", text, None,
        "the telephone number on pages and in mails; may be missing on loopback",
    )
    contact_hours: str = setting(
        "CONTACT_HOURS", text_or_none, "", "when somebody answers there: 平日9時から17時まで; empty = not said"
    )
    portal_url: str = setting(
        "PORTAL_URL", web_address, None,
        "the address at the foot of every mail; may be missing on loopback",
    )
    direct_debit_address: tuple[str, ...] = setting(
        "DIRECT_DEBIT_ADDRESS", lines, "",
        "where a 届出書 is posted to, its lines between /; without one the label says whom to ask",
    )
    secret_key: tuple[str, ...] = setting(
        "SECRET_KEY", secret_key, None,
        "32 characters or more, from which every key is made; new,old while rotating",
    )
    secret_key_file: str = setting(
        "SECRET_KEY_FILE", str, "",
        "a file that holds the secret key; read when MYPAGE_SECRET_KEY is not set",
    )
    requests_at_once: int = setting(
        "REQUESTS_AT_ONCE", whole(1, 10000), "200",
        "requests answered at once; the others get a 503 page that sends their input once more",
    )
    metrics_token: str = setting(
        "METRICS_TOKEN", token, "",
        "32 characters or more that /metrics asks for; without one it is there on loopback only",
    )
    mail_overdue_minutes: int = setting(
        "MAIL_OVERDUE_MINUTES", whole(1, 1440), "15",
        "with a mail untried for so long /readyz answers 503 and `mypage check` fails",
    )
    trusted_proxies: tuple[Network, ...] = setting(
        "TRUSTED_PROXIES", networks, "",
        "addresses or CIDRs of the proxies in front, comma-separated; must be set for https",
    )
    copyright: str = setting("COPYRIGHT", text, "kei-mypage", "the last line of every page")
    texts_dir: str = setting(
        "TEXTS_DIR", folder, "",
        "a folder with terms.txt, privacy.txt, accessibility.txt to show in place of the product's",
    )
    payment_id_prefix: str = setting(
        "PAYMENT_ID_PREFIX", letters, "KNCA", "the letters of a 納付利用者ID"
    )
    bulk_id_prefix: str = setting(
        "BULK_ID_PREFIX", letters, "KICA", "the letters of a 一括利用者ID"
    )
    id_min_digits: int = setting(
        "ID_MIN_DIGITS", whole(1, 12), "4", "digits after the letters, at least"
    )
    password_life_days: int = setting(
        "PASSWORD_LIFE_DAYS", whole(0, 3650), "60", "life of a 納付利用者パスワード; 0 = no end"
    )
    password_min_length: int = setting(
        "PASSWORD_MIN_LENGTH", whole(LOWEST_PASSWORD_LENGTH, 64), "12",
        f"characters of a new password, at least; not below {LOWEST_PASSWORD_LENGTH}",
    )
    password_max_length: int = setting(
        "PASSWORD_MAX_LENGTH", whole(64, 512), "128", "characters of a new password, at most"
    )
    password_filter: str = setting(
        "PASSWORD_FILTER", file, "",
        "a list of leaked passwords, made by `mypage passwords build-filter`; empty = the one that ships",
    )
    reset_link_hours: int = setting(
        "RESET_LINK_HOURS", whole(1, 72), "24",
        "life of the URL mailed for a reset, counted from 依頼日時",
    )
    resets_per_hour: int = setting(
        "RESETS_PER_HOUR", whole(1, 100), "3", "URLs mailed for a credential in an hour"
    )
    resets_per_day: int = setting("RESETS_PER_DAY", whole(1, 1000), "10", "the same, in a day")
    issue_link_hours: int = setting(
        "ISSUE_LINK_HOURS", whole(1, 72), "24",
        "life of the URL mailed for a 利用者ID発行, counted from 依頼日時",
    )
    issues_per_hour: int = setting(
        "ISSUES_PER_HOUR", whole(1, 100), "3",
        "URLs for a 利用者ID発行 mailed to one address in an hour",
    )
    issues_per_day: int = setting("ISSUES_PER_DAY", whole(1, 1000), "10", "the same, in a day")
    requests_per_network: int = setting(
        "REQUESTS_PER_NETWORK", whole(1, 10_000), "30",
        "requests for a reset or a 利用者ID発行 taken from one network in an hour; then 429",
    )
    mails_per_day: int = setting(
        "MAILS_PER_DAY", whole(1, 10_000), "50",
        "mails of one account to one address in 24 hours; what goes beyond is given up",
    )
    mails_in_reserve: int = setting(
        "MAILS_IN_RESERVE", whole(0, 10_000), "20",
        "of each kind that protects an account (resets, passwords, new devices …), whatever else was mailed",
    )
    unconfirmed_mails_per_day: int = setting(
        "UNCONFIRMED_MAILS_PER_DAY", whole(1, 1000), "10", "of all accounts, before one is confirmed"
    )
    confirm_link_days: int = setting(
        "CONFIRM_LINK_DAYS", whole(1, 30), "7", "life of the URL that confirms a new address"
    )
    acts_per_hour: int = setting(
        "ACTS_PER_HOUR", whole(1, 1_000_000), "20",
        "how often in an hour an account may do the same: change 利用者情報, make a 届出書, take a file",
    )
    session_idle_minutes: int = setting(
        "SESSION_IDLE_MINUTES", whole(5, 720), "30", "a log-in ends after so long without a request"
    )
    session_hours: int = setting(
        "SESSION_HOURS", whole(1, 24), "8", "a log-in ends at the latest after so long"
    )
    proposal_days: int = setting(
        "PROPOSAL_DAYS", whole(1, 90), "7",
        "a new address that a 担当者 registered must be approved within so long",
    )
    factor_reset_hours: int = setting(
        "FACTOR_RESET_HOURS", whole(1, 336), "24",
        "how long a 利用者 can stop a 確認手段の解除 that two 担当者 have agreed on",
    )
    second_factor: str = setting(
        "SECOND_FACTOR", one_of("off", "optional", "corporate", "all"), "optional",
        "who of the 利用者 must have a second factor: nobody (off: and nobody registers one), nobody, companies, all",
    )
    office_second_factor: str = setting(
        "OFFICE_SECOND_FACTOR", one_of("off", "optional", "required"), "required",
        "whether every 担当者 must have a second factor; off: and nobody registers one",
    )
    second_factor_from: int | None = setting(
        "SECOND_FACTOR_FROM", day, "",
        "the day, such as 2027-04-01, from which the two above are required; empty: at once",
    )
    passkey_rp_id: str = setting(
        "PASSKEY_RP_ID", domain, "",
        "the domain that passkeys belong to, for ever; empty: the host of MYPAGE_BASE_URL",
    )
    passkey_origins: tuple[str, ...] = setting(
        "PASSKEY_ORIGINS", origins, "",
        "the addresses at which passkeys work, comma-separated; empty: MYPAGE_BASE_URL alone",
    )
    audit_years: int = setting(
        "AUDIT_YEARS", whole(1, 100), "7",
        "how long the audit trail is kept, and with it 操作履歴",
    )
    # fmt: on

    @property
    def secure(self) -> bool:
        """Tell whether people reach us over https."""
        return self.base_url.startswith("https://")

    @staticmethod
    def database_from_env() -> str:
        """Read only where the data lie, for commands that need no more. Raises BadSetting."""
        meta = next(each.metadata for each in fields(Settings) if each.name == "database_url")
        url: str = read(os.environ, meta)
        return url

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check every setting. Raises BadSetting."""
        given = dict(os.environ if environ is None else environ)
        read_secret_file(given)
        fill_on_loopback(given)
        fill_passkeys(given)
        values = {each.name: read(given, each.metadata) for each in fields(cls)}
        settings = cls(**values)
        if settings.secure and not settings.trusted_proxies:
            raise BadSetting(
                "MYPAGE_TRUSTED_PROXIES: not set, but MYPAGE_BASE_URL is https;"
                " allowed: the addresses of the proxy that ends TLS"
            )
        domain, addresses = settings.passkey_rp_id, settings.passkey_origins
        if not all(is_within(each, domain) for each in addresses):
            raise BadSetting(
                f"MYPAGE_PASSKEY_RP_ID: {domain!r} given; allowed: the host of"
                f" {', '.join(addresses)}, or a domain above it"
            )
        return settings


def described() -> list[Mapping[str, Any]]:
    """List every setting: name, default (None = must be set), meaning."""
    return [each.metadata for each in fields(Settings) if each.default is MISSING]
