"""Passkeys (WebAuthn): whether what a browser answers proves anything.

`fido2` compares type, challenge and RP ID, looks for presence and verification, and checks the
signature. What it leaves to its caller is here: an exact origin, no other site's frame, the two
algorithms, the flags of a backup. How an answer is read: passkey_answers.py.
"""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256, RS256, CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
    UserVerificationRequirement,
)

from web.security.passkey_answers import Assertion, Creation, NotProved, map_of, strictly

ALGORITHMS = (ES256.ALGORITHM, RS256.ALGORITHM)
_RSA_BYTES = range(256, 513)  # 2048 to 4096 bits


@dataclass(frozen=True, slots=True)
class Site:
    """For whom passkeys are: the domain they belong to, and the addresses at which they are used."""

    rp_id: str
    origins: tuple[str, ...]

    def server(self) -> Fido2Server:
        """Give what checks answers; by itself it would take any port and any subdomain."""
        rp = PublicKeyCredentialRpEntity(id=self.rp_id, name=self.rp_id)
        return Fido2Server(rp, verify_origin=self.origins.__contains__)


@dataclass(frozen=True, slots=True)
class Used:
    """What the authenticator said beside its signature."""

    counter: int
    backed_up: bool


@dataclass(frozen=True, slots=True)
class New:
    """A passkey that was made."""

    credential_id: bytes
    public_key: bytes
    aaguid: str
    transports: tuple[str, ...]
    counter: int
    synced: bool
    backed_up: bool


def used(site: Site, challenge: bytes, assertion: Assertion, public_key: bytes) -> Used:
    """Check an answer against a key. Raises NotProved."""
    if assertion.data.is_attested():
        raise NotProved("a new key, where one was to be used")
    response = AuthenticatorAssertionResponse(
        client_data=assertion.client,
        authenticator_data=assertion.data,
        signature=assertion.signature,
    )

    def check() -> None:
        key = CoseKey.parse(map_of(cbor.decode(public_key)))
        known = AttestedCredentialData.create(Aaguid.NONE, assertion.credential_id, key)
        answer = AuthenticationResponse(raw_id=assertion.credential_id, response=response)
        site.server().authenticate_complete(_state(challenge), [known], answer)

    strictly(check)
    return Used(assertion.data.counter, backed_up=_backed_up(assertion.data))


def made(site: Site, challenge: bytes, creation: Creation) -> New:
    """Check a new passkey. Raises NotProved."""
    answer = RegistrationResponse(
        raw_id=creation.credential_id,
        response=AuthenticatorAttestationResponse(
            client_data=creation.client, attestation_object=creation.made
        ),
    )
    data = strictly(lambda: site.server().register_complete(_state(challenge), answer))
    known = data.credential_data
    if known is None or known.credential_id != creation.credential_id:
        raise NotProved("another credential id")
    return New(
        credential_id=known.credential_id,
        public_key=strictly(lambda: _offered(known.public_key)),
        aaguid=str(known.aaguid),
        transports=creation.transports,
        counter=data.counter,
        synced=data.is_backup_eligible(),
        backed_up=_backed_up(data),
    )


def nobodys_key() -> bytes:
    """Make a public key whose private one is forgotten at once."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    x, y = numbers.x.to_bytes(32), numbers.y.to_bytes(32)
    return cbor.encode({1: 2, 3: ES256.ALGORITHM, -1: 1, -2: x, -3: y})


def _state(challenge: bytes) -> dict[str, Any]:
    needed = UserVerificationRequirement.REQUIRED
    return {"challenge": websafe_encode(challenge), "user_verification": needed}


def _backed_up(data: AuthenticatorData) -> bool:
    if data.is_backed_up() and not data.is_backup_eligible():
        raise NotProved("backed up, but not to be")
    return data.is_backed_up()


def _offered(key: CoseKey) -> bytes:
    """Give a key as it is stored, if it is of an algorithm that was offered, and on its curve."""
    match dict(key):
        case {1: 2, 3: ES256.ALGORITHM, -1: 1, -2: bytes(x), -3: bytes(y), **rest} if not rest:
            curve = ec.SECP256R1()
            if not len(x) == len(y) == curve.key_size // 8:
                raise NotProved("a coordinate of another length")
            ec.EllipticCurvePublicNumbers(
                int.from_bytes(x), int.from_bytes(y), curve
            ).public_key()  # raises off the curve
        case {1: 3, 3: RS256.ALGORITHM, -1: bytes(n), -2: b"\x01\x00\x01", **rest} if not rest:
            if len(n) not in _RSA_BYTES or not n[0]:
                raise NotProved("a modulus of another length")
        case _:
            raise NotProved("an algorithm that was not offered")
    return cbor.encode(key)
