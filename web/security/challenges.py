"""Challenges for passkeys: made for one purpose, good for ten minutes, kept nowhere before they are used.

A challenge carries its own end and the name of what it is for, under a MAC: a page that shows one writes
nothing, and two tabs have one each. What has been answered once lies in spent_challenges.
"""

import hashlib
import secrets
from dataclasses import dataclass

from web import clock
from web.security.vault import Vault

LIFE = 10 * clock.MINUTE
_MAC = "passkey challenge"
_TIME, _RANDOM, _NAME = 8, 24, 16
_BODY = _TIME + _RANDOM + _NAME


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge of ours whose time is not over."""

    raw: bytes
    expires_at: int
    name: bytes  # of what it is for

    def is_for(self, purpose: str) -> bool:
        """Tell whether it was made for this purpose: a page, and whose step, link or session it belongs to."""
        return secrets.compare_digest(self.name, _named(purpose))

    @property
    def digest(self) -> bytes:
        """Name it among those that were used."""
        return hashlib.sha256(self.raw).digest()


def new(vault: Vault, purpose: str, *, now: int) -> bytes:
    """Make a challenge for one purpose."""
    return _made(vault, _named(purpose), now)


def renewed(vault: Vault, challenge: Challenge, *, now: int) -> bytes:
    """Make another one for the same purpose, for a page that stays open."""
    return _made(vault, challenge.name, now)


def read(vault: Vault, raw: bytes, *, now: int) -> Challenge | None:
    """Read a challenge; None for one that is not ours, or whose time is over."""
    body, mac = raw[:_BODY], raw[_BODY:]
    if len(mac) != hashlib.sha256().digest_size or not vault.signed(_MAC, body, mac):
        return None
    expires_at = int.from_bytes(body[:_TIME])
    # beyond its life from now: it was made before the clock was set back
    if not now < expires_at <= now + LIFE:
        return None
    return Challenge(raw, expires_at, body[_TIME + _RANDOM :])


def _made(vault: Vault, name: bytes, now: int) -> bytes:
    body = (now + LIFE).to_bytes(_TIME) + secrets.token_bytes(_RANDOM) + name
    return body + vault.sign(_MAC, body)


def _named(purpose: str) -> bytes:
    return hashlib.sha256(purpose.encode()).digest()[:_NAME]
