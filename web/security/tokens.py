"""Random ids and keys, and the digests under which keys are stored."""

import hashlib
import re
import secrets

KEY_BYTES = 64  # 128 hexadecimal characters, as in the manual's mails


def new_id() -> str:
    """Make an id nobody can guess: 128 bits, fit for an address."""
    return secrets.token_hex(16)


def is_id(given: str) -> bool:
    """Tell whether a text from an address has the form of our ids."""
    return re.fullmatch("[0-9a-f]{32}", given) is not None


def new_device_token(before: str = "") -> str:
    """Make a device cookie's value, as hard to guess as a session's; of a device that has one, a part stays.

    What is counted against a device goes by that part: another log-in there forgets nothing.
    """
    return ".".join((part_that_stays(before), new_session_token())).lstrip(".")


def part_that_stays(device_token: str) -> str:
    """Give what names a device whoever logs in there."""
    return device_token.partition(".")[0]


def new_session_token() -> str:
    """Make a session cookie's value: 256 bits (ASVS 7.2.3)."""
    return secrets.token_urlsafe(32)


def new_link_key() -> str:
    """Make a mailed link's key: 512 bits as upper-case hexadecimal (manual, chapters 4 and 6)."""
    return secrets.token_bytes(KEY_BYTES).hex().upper()


def read_link_key(given: str) -> str | None:
    """Give a mailed key in its one spelling, or None for anything that is not one."""
    return given.upper() if re.fullmatch(f"[0-9A-Fa-f]{{{2 * KEY_BYTES}}}", given) else None


def digest(secret: str) -> bytes:
    """Hash a random secret for storage; SHA-256 is enough for 128 bits and more (ASVS 6.5.2)."""
    return hashlib.sha256(secret.encode()).digest()


def new_number(date: str) -> str:
    """Make a 受付番号: the date and eight digits, e.g. 20190924-01234567."""
    return f"{date}-{secrets.randbelow(10**8):08d}"
