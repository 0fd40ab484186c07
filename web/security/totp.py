"""Codes of an app (RFC 6238: six digits, 30 seconds, SHA-1, as every app has them)."""

import base64
import hmac
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

SECONDS = 30
DIGITS = 6
SECRET = 20  # bytes: the length of a SHA-1 (RFC 4226, R6)
_NEAR = (0, -1, 1)  # clocks of telephones differ: the step before and the one after count too
ISSUER = "軽自動車OSS"


def step_at(now: int) -> int:
    """Give the number of the step that a moment lies in."""
    return now // SECONDS


def code(secret: bytes, step: int) -> str:
    """Give the code of a step."""
    # SHA-1 is what apps know; as an HMAC it is not broken.
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def step_of(secret: bytes, typed: str, now: int) -> int | None:
    """Give the step near now whose code was typed; None for any other code."""
    found = None
    for near in _NEAR:  # all of them, whichever fits, so that time does not tell
        step = step_at(now) + near
        if hmac.compare_digest(code(secret, step).encode(), typed.encode()) and found is None:
            found = step
    return found


def key_text(secret: bytes) -> str:
    """Write a secret as apps take it by hand: base32, in fours."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, user_id: str) -> str:
    """Write the otpauth address that a QR code carries."""
    label = quote(f"{ISSUER}:{user_id}")
    values = {"secret": base64.b32encode(secret).decode(), "issuer": ISSUER}
    return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"
