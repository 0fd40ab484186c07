"""Keys made from MYPAGE_SECRET_KEY, and what they seal.

Every purpose has a key of its own (HKDF), so what was sealed for one place opens in no other.
While rotating there are two secrets: the first seals, both open.
"""

import base64
import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_KEY = 32


class NotSealedHere(Exception):
    """The bytes were not sealed by us for this purpose, or were changed since."""


class Vault:
    """Seals, opens and signs under the secrets of the settings, the newest first."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = secrets
        self._counter_key = b""

    def seal(self, purpose: str, content: Any, *, bound_to: str = "") -> bytes:
        """Encrypt JSON-able content; it opens only for the same purpose and binding."""
        nonce = os.urandom(_NONCE)
        plain = json.dumps(content, ensure_ascii=False).encode()
        cipher = AESGCM(_subkey(self._secrets[0], purpose))
        return nonce + cipher.encrypt(nonce, plain, bound_to.encode())

    def open(self, purpose: str, sealed: bytes, *, bound_to: str = "") -> Any:
        """Decrypt what seal() made. Raises NotSealedHere."""
        for secret in self._secrets:
            cipher = AESGCM(_subkey(secret, purpose))
            try:
                plain = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
            except (InvalidTag, ValueError):
                continue
            return json.loads(plain)
        raise NotSealedHere(purpose)

    def seal_text(self, purpose: str, content: Any, *, bound_to: str = "") -> str:
        """Seal into a text fit for a cookie."""
        return base64.urlsafe_b64encode(self.seal(purpose, content, bound_to=bound_to)).decode()

    def open_text(self, purpose: str, sealed: str, *, bound_to: str = "") -> Any:
        """Open what seal_text() made. Raises NotSealedHere."""
        try:
            raw = base64.urlsafe_b64decode(sealed)
        except ValueError as wrong:
            raise NotSealedHere(purpose) from wrong
        return self.open(purpose, raw, bound_to=bound_to)

    @property
    def key_id(self) -> str:
        """Name the key that signs now."""
        return key_id(self._secrets[0])

    def sign(self, purpose: str, content: bytes, *, key_id: str = "") -> bytes:
        """Make the HMAC-SHA-256 of the content under a secret of ours, the newest if none is named."""
        secret = self._named(key_id) or self._secrets[0]
        return hmac.digest(_subkey(secret, purpose), content, "sha256")

    def count_with(self, key: bytes) -> None:
        """Take the key that count() signs with."""
        self._counter_key = key

    def count(self, purpose: str, content: bytes) -> bytes:
        """Name a counter: the HMAC-SHA-256 of the content under a key that no rotation changes."""
        if not self._counter_key:
            raise RuntimeError("the counter key comes from the database, with Services.open")
        return hmac.digest(self._counter_key, purpose.encode() + b"\0" + content, "sha256")

    def holds(self, key_id: str) -> bool:
        """Tell whether a key is one of ours."""
        return self._named(key_id) is not None

    def signed_by(self, key_id: str, purpose: str, content: bytes, mac: bytes) -> bool:
        """Tell whether a MAC is that of the key that it names."""
        secret = self._named(key_id)
        if secret is None:
            return False
        return hmac.compare_digest(hmac.digest(_subkey(secret, purpose), content, "sha256"), mac)

    def _named(self, name: str) -> str | None:
        return next((each for each in self._secrets if key_id(each) == name), None)

    def signed(self, purpose: str, content: bytes, mac: bytes) -> bool:
        """Tell whether a MAC, or at least its first half, was made under one of our secrets."""
        macs = (hmac.digest(_subkey(each, purpose), content, "sha256") for each in self._secrets)
        return any(hmac.compare_digest(known[: len(mac)], mac) for known in macs)


@lru_cache(maxsize=64)
def _subkey(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), _KEY, salt=None, info=f"kei-mypage {purpose}".encode()).derive(
        secret.encode()
    )


@lru_cache(maxsize=8)
def key_id(secret: str) -> str:
    """Name a secret without giving it away."""
    return hashlib.sha256(_subkey(secret, "key id")).hexdigest()[:8]
