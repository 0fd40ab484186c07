"""An authenticator in software, written from WebAuthn level 3 and nothing of the product; and the page's script."""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor

from tests.support.html import elements
from tests.support.page import Page

HERE = "http://localhost:8000"
UP, UV, BE, BS, AT = 1, 4, 8, 16, 64
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def b64(raw: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def wanted(page: Page) -> dict[str, Any]:
    """Read what a page asks of a browser."""
    found = [each.get("data-passkey") for each in elements(page.root, "div")]
    asked: dict[str, Any] = json.loads(next(each for each in found if each))
    return asked


def asks(page: Page) -> bool:
    """Tell whether a page asks for a passkey."""
    return any(each.get("data-passkey") for each in elements(page.root, "div"))


@dataclass
class Authenticator:
    """A device with one passkey, and all that can be wrong with what it says."""

    key: Key = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user: bytes = b""
    counter: int = 0
    rises: int = 0  # by how much with each use; synced passkeys keep 0
    flags: int = UP | UV | BE | BS
    origin: str = HERE
    rp_id: str = "localhost"
    client: dict[str, Any] = field(default_factory=dict)  # what else the browser says
    untold: frozenset[str] = frozenset()  # what the browser does not say
    algorithm: int = -7

    def make(self, asked: dict[str, Any]) -> str:
        """Make a passkey, as a page asks for it."""
        self.user = raw(asked["user"]["id"])
        known = struct.pack(">H", len(self.id)) + self.id + cbor.encode(self.public())
        data = self._data(self.flags | AT) + bytes(16) + known
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        said = {"id": b64(self.id), "client": b64(client), "made": b64(made)}
        return json.dumps({**said, "transports": "internal,hybrid"})

    def use(self, asked: dict[str, Any], **instead: Any) -> str:
        """Answer a page that asks for a passkey."""
        return json.dumps({**self.parts(asked), **instead})

    def parts(self, asked: dict[str, Any]) -> dict[str, str]:
        """Give the parts of an answer."""
        self.counter += self.rises
        client, data = self._client("webauthn.get", asked["challenge"]), self._data(self.flags)
        signature = self.sign(data + hashlib.sha256(client).digest())
        values = {"id": self.id, "client": client, "data": data, "signature": signature}
        return {name: b64(value) for name, value in {**values, "user": self.user}.items()}

    def sign(self, content: bytes) -> bytes:
        """Sign."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(content, padding.PKCS1v15(), SHA256())
        return self.key.sign(content, ec.ECDSA(SHA256()))

    def public(self) -> dict[int, Any]:
        """Give the public key in COSE."""
        public = self.key.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            n = public.public_numbers()
            return {1: 3, 3: -257, -1: n.n.to_bytes(public.key_size // 8), -2: b"\x01\x00\x01"}
        p = public.public_numbers()
        return {1: 2, 3: self.algorithm, -1: 1, -2: p.x.to_bytes(32), -3: p.y.to_bytes(32)}

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        told = {**said, **self.client}
        return json.dumps({name: told[name] for name in told if name not in self.untold}).encode()

    def _data(self, flags: int) -> bytes:
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        return rp + struct.pack(">BI", flags, self.counter)
