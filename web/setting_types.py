"""How settings are read: each function takes what was given, or says what is allowed."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from web.networks import Network, read_network

MIN_SECRET_LENGTH = 32
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
HOME = "http://localhost:8000"  # an IP address is no domain for passkeys
SQLITE, POSTGRESQL = "sqlite:///", "postgresql://"
LABEL_LINES, LABEL_CHARACTERS = 6, 24


def text(given: str) -> str:
    """Take a text of one line."""
    if not given.strip() or not given.isprintable():
        raise ValueError("one line of text")
    return given.strip()


def text_or_none(given: str) -> str:
    """Take a text of one line, or none."""
    return text(given) if given else ""


def lines(given: str) -> tuple[str, ...]:
    """Take lines that fit an address label, parted by /; or none."""
    parts = tuple(part.strip() for part in given.split("/")) if given.strip() else ()
    if (
        not given.replace("\u3000", " ").isprintable()
        or len(parts) > LABEL_LINES
        or not all(0 < len(part) <= LABEL_CHARACTERS for part in parts)
    ):
        raise ValueError(
            f"up to {LABEL_LINES} lines of 1 to {LABEL_CHARACTERS} characters, parted by /"
        )
    return parts


def whole(low: int, high: int) -> Callable[[str], int]:
    """Take a whole number between two bounds."""

    def parse(given: str) -> int:
        if not given.isascii() or not given.isdigit() or not low <= int(given) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(given)

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """Take one word of a list."""

    def parse(given: str) -> str:
        if given not in words:
            raise ValueError(", ".join(words))
        return given

    return parse


def day(given: str) -> int | None:
    """Take a day as 2027-04-01, which begins at midnight in Tokyo; None for no day."""
    if not given:
        return None
    try:
        begins = datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=timezone(timedelta(hours=9)))
    except ValueError:
        raise ValueError("a day such as 2027-04-01") from None
    return int(begins.timestamp())


def _split(given: str, allowed: str) -> SplitResult:
    """Take an address apart; one with a bad port or bracket has no parts."""
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError:
        raise ValueError(allowed) from None
    return parts


def database_url(given: str) -> str:
    """Take sqlite:///path, or postgresql://user@host/name: encrypted and certified but on loopback.

    A password would stand in the environment of a process, where others than the server may read it.
    """
    if not (_postgresql(given) if given.startswith(POSTGRESQL) else _sqlite(given)):
        raise ValueError(
            "sqlite:///path/to/file or postgresql://user@host/name; with sslmode=verify-full but on"
            " loopback, the password in a file (passfile=…)"
        )
    return given


def _sqlite(given: str) -> bool:
    return given.startswith(SQLITE) and given != SQLITE


def _postgresql(given: str) -> bool:
    parts = urlsplit(given)
    asked = dict(parse_qsl(parts.query))
    who, _, where = parts.netloc.rpartition("@")
    hosts = [*where.split(","), *asked.get("host", "").split(",")]
    near = all(each.startswith("/") or _host(each) in {"", *LOOPBACK_NAMES} for each in hosts)
    secret = ":" in who or "password" in asked
    safe = near or asked.get("sslmode") == "verify-full"
    number = asked.get("statement_cache_size", "0").isdecimal()
    several = "," in asked.get("host", "")  # they stand before the path, where each is looked at
    return bool(parts.path.strip("/")) and safe and number and not (secret or several)


def _host(given: str) -> str:
    """Give a host without its port."""
    return re.sub(r":\d*$", "", given).strip("[]") if given != "::1" else given


def base_url(given: str) -> str:
    """Take the address people type, without a path; plain http on loopback only."""
    parts = _split(given, "https://host, without a path")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("https://host, without a path")
    if parts.path not in {"", "/"} or parts.username:
        raise ValueError("https://host, without a path")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
        raise ValueError("https://host; http only on loopback")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def domain(given: str) -> str:
    """Take the name of a host, or none."""
    name = given.strip().lower()
    if name and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", name) is None:
        raise ValueError("a domain such as example.jp")
    return name


def origins(given: str) -> tuple[str, ...]:
    """Take addresses without a path, separated by commas; or none."""
    return tuple(base_url(part.strip()) for part in given.split(",") if part.strip())


def _domain_of(address: str) -> str:
    """Give the host of an address, if it is a name and no number."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # which is said of MYPAGE_BASE_URL
        return ""
    is_name = ":" not in host and not host.rpartition(".")[2].isdecimal()
    return host if is_name else ""


def is_within(address: str, name: str) -> bool:
    """Tell whether the host of an address is a domain, or lies below it."""
    return f".{_domain_of(address)}".endswith(f".{name}")


def web_address(given: str) -> str:
    """Take an http(s) address of another site."""
    parts = _split(given, "http(s)://host/path")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("http(s)://host/path")
    return text(given)


def networks(given: str) -> tuple[Network, ...]:
    """Take comma-separated addresses or CIDRs."""
    try:
        return tuple(read_network(part) for part in given.split(",") if part.strip())
    except ValueError as wrong:
        raise ValueError("addresses or CIDRs, separated by commas") from wrong


def smtp_url(given: str) -> str:
    """Take smtp://, smtp+starttls:// or smtps://; plain smtp only to loopback (ASVS 12.3.1)."""
    parts = _split(given, "smtp+starttls://user:pass@host:587 or smtps://…")
    if parts.scheme not in {"smtp", "smtp+starttls", "smtps"} or not parts.hostname:
        raise ValueError("smtp+starttls://user:pass@host:587 or smtps://…")
    if parts.scheme == "smtp" and parts.hostname not in LOOPBACK_NAMES:
        raise ValueError("smtp+starttls:// or smtps://; plain smtp:// only to loopback")
    return given


def mail_address(given: str) -> str:
    """Take one plain address."""
    plain = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
    if re.fullmatch(plain, given.strip(" ")) is None:
        raise ValueError("one address such as notice@example.jp")
    return given.strip(" ")


def letters(given: str) -> str:
    """Take upper-case ASCII letters."""
    if not (given.isascii() and given.isalpha() and given.isupper()):
        raise ValueError("upper-case letters A–Z")
    return given


def secret_key(given: str) -> tuple[str, ...]:
    """Take a secret of at least 32 characters; `new,old` while rotating."""
    keys = tuple(part.strip() for part in given.split(","))
    if any(len(key) < MIN_SECRET_LENGTH for key in keys):
        raise ValueError(f"at least {MIN_SECRET_LENGTH} characters; a comma separates new,old")
    return keys


def token(given: str) -> str:
    """Take a token that nobody guesses, or none."""
    if given and not (len(given) >= MIN_SECRET_LENGTH and given.isascii() and given.isprintable()):
        raise ValueError(f"at least {MIN_SECRET_LENGTH} printable ASCII characters, or nothing")
    return given


def folder(given: str) -> str:
    """Take a folder that is there, or nothing."""
    if given and not Path(given).is_dir():
        raise ValueError("a folder that exists")
    return given


def file(given: str) -> str:
    """Take a file that is there, or nothing."""
    if given and not Path(given).is_file():
        raise ValueError("a file that exists")
    return given


def fill_on_loopback(given: dict[str, str]) -> None:
    """Spare a trial on one's own machine two settings that a public service must have."""
    address = given.get("MYPAGE_BASE_URL", HOME)
    if address.startswith("http://"):
        given.setdefault("MYPAGE_CONTACT_PHONE", "（電話番号は未設定です）")
        given.setdefault("MYPAGE_PORTAL_URL", address)


def fill_passkeys(given: dict[str, str]) -> None:
    """Let passkeys belong to the host of the address that people type; an IP address has none."""
    address = given.get("MYPAGE_BASE_URL", HOME)
    given["MYPAGE_PASSKEY_ORIGINS"] = given.get("MYPAGE_PASSKEY_ORIGINS") or address
    given["MYPAGE_PASSKEY_RP_ID"] = given.get("MYPAGE_PASSKEY_RP_ID") or _domain_of(address)


def path_of(url: str) -> Path:
    """Give the file that a database URL names."""
    return Path(unquote(url.removeprefix(SQLITE)))
