"""What a password of an unknown ID is compared with, so that its time does not tell that nobody has the ID.

Imported hashes cost more or less than ours until their first log-in. An unknown ID therefore costs what
some known one does: always the same for one ID, and each cost as often as it is in use.
"""

import re
import secrets
from collections.abc import Mapping
from itertools import accumulate

import argon2

from web.security.vault import Vault

_START = re.compile(r"\$argon2(id|i|d)\$(v=\d+\$)?m=\d+,t=\d+,p=\d+\$")


class Dummies:
    """Hashes that no password fits, with the parameters of those in use."""

    def __init__(self, parameters: argon2.Parameters) -> None:
        """Begin with one set of parameters, in use until others are learnt."""
        hashed = argon2.PasswordHasher.from_parameters(parameters).hash(secrets.token_hex(16))
        self._ours, salt, digest = _parts(hashed)
        self._end = f"{salt}${digest}"
        self._in_use: dict[str, Mapping[str, int]] = {}

    def learn(self, kind: str, in_use: Mapping[str, int]) -> None:
        """Learn how many hashes of a kind begin with which parameters."""
        good = {start: n for start, n in in_use.items() if _START.fullmatch(start)}
        self._in_use[kind] = dict(sorted(good.items()))

    def of(self, kind: str, vault: Vault, user_id: str) -> str:
        """Give the hash for an ID that nobody has."""
        in_use = self._in_use.get(kind) or {self._ours: 1}
        drawn = vault.count("dummy", f"{kind}\n{user_id}".encode())
        drawn_at = int.from_bytes(drawn[:8]) * sum(in_use.values()) >> 64
        ends = accumulate(in_use.values())
        start = next(start for start, end in zip(in_use, ends, strict=True) if drawn_at < end)
        return start + self._end


def _parts(hashed: str) -> tuple[str, str, str]:
    start, salt, digest = hashed.rsplit("$", 2)
    return f"{start}$", salt, digest
