"""What a browser sends for a passkey, read strictly: one exception for whatever is no answer."""

import json
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AuthenticatorData, CollectedClientData

T = TypeVar("T")
TRANSPORTS = {"usb", "nfc", "ble", "smart-card", "hybrid", "internal"}
LONGEST = 8_192  # characters of an answer: one of RSA has some 2,500
LONGEST_ID = 1_023  # bytes (WebAuthn level 3)
_WEBSAFE = re.compile(r"[A-Za-z0-9_-]*")
# What fido2 and cryptography let out on bytes that are no answer.
_MALFORMED = (
    ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError,
    RecursionError, struct.error, InvalidSignature, UnsupportedAlgorithm,
)  # fmt: skip


class NotProved(Exception):
    """What was sent proves nothing; the reason is for tests, and told to nobody."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """An answer as it was read: nothing of it is proved yet."""

    credential_id: bytes
    client: CollectedClientData
    data: AuthenticatorData
    signature: bytes
    user_handle: bytes

    @property
    def challenge(self) -> bytes:
        """Give the challenge that it says it answers."""
        return self.client.challenge


@dataclass(frozen=True, slots=True)
class Creation:
    """A new passkey as it was read."""

    credential_id: bytes
    client: CollectedClientData
    made: AttestationObject
    transports: tuple[str, ...]

    @property
    def challenge(self) -> bytes:
        """Give the challenge that it says it answers."""
        return self.client.challenge


def read_assertion(text: str) -> Assertion:
    """Read what a browser answers when a passkey is asked for. Raises NotProved."""
    given = _object(text, {"id", "client", "data", "signature", "user"})
    return strictly(
        lambda: Assertion(
            credential_id=_id(given["id"]),
            client=_client(given["client"]),
            data=AuthenticatorData(bytes_of(given["data"])),
            signature=bytes_of(given["signature"]),
            user_handle=bytes_of(given["user"]),
        )
    )


def read_creation(text: str) -> Creation:
    """Read what a browser answers when a passkey is made. Raises NotProved."""
    given = _object(text, {"id", "client", "made", "transports"})
    return strictly(
        lambda: Creation(
            credential_id=_id(given["id"]),
            client=_client(given["client"]),
            made=AttestationObject(bytes_of(given["made"])),
            # transports are advice for the next request: what is not known is left out
            transports=tuple(sorted(TRANSPORTS & set(given["transports"].split(",")))),
        )
    )


def _client(given: str) -> CollectedClientData:
    client = CollectedClientData(bytes_of(given))
    said = map_of(json.loads(client.decode(), object_pairs_hook=_once))
    if not all(isinstance(said.get(name), str) for name in ("type", "challenge", "origin")):
        raise NotProved("not of text")
    bytes_of(said["challenge"])
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        raise NotProved("in a frame of another site")
    return client


def _id(given: str) -> bytes:
    found = bytes_of(given)
    if not 0 < len(found) <= LONGEST_ID:
        raise NotProved("an id of another length")
    return found


def bytes_of(given: str) -> bytes:
    """Decode base64url in its one spelling. Raises NotProved."""
    found = websafe_decode(given) if _WEBSAFE.fullmatch(given) else b""
    if websafe_encode(found) != given:
        raise NotProved("not base64url")
    return found


def map_of(given: object) -> Mapping[Any, Any]:
    """Take a map. Raises NotProved."""
    if not isinstance(given, Mapping):
        raise NotProved("not a map")
    return given


def _object(text: str, names: set[str]) -> dict[str, str]:
    """Read an object of exactly these names, with a text for each. Raises NotProved."""
    if len(text) > LONGEST:
        raise NotProved("too long")
    given = strictly(lambda: json.loads(text, object_pairs_hook=_once))
    if not isinstance(given, dict) or set(given) != names:
        raise NotProved("other parts")
    if not all(isinstance(each, str) for each in given.values()):
        raise NotProved("not of text")
    return given


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotProved("a part that comes twice")
    return found


def strictly(read: Callable[[], T]) -> T:
    """Let nothing else out of a library that reads. Raises NotProved."""
    try:
        return read()
    except _MALFORMED as wrong:
        raise NotProved(type(wrong).__name__) from wrong
