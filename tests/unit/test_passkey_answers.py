"""Answers of passkeys: proved by the right key, for this site and this challenge, or refused with one exception."""

import json
import random
import secrets
import struct
from collections.abc import Callable, Mapping
from typing import Any

import hypothesis
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fido2 import cbor

from tests.support.authenticator import AT, BE, BS, UP, UV, Authenticator, b64, raw
from web.security import passkeys
from web.security.passkey_answers import NotProved, map_of, read_assertion, read_creation
from web.security.passkeys import Site

SITE = Site("localhost", ("http://localhost:8000",))
CHALLENGE = secrets.token_bytes(80)
ASKED = {
    "challenge": b64(CHALLENGE), "user": {"id": b64(b"u" * 32), "name": "KNCA6288"},
    "rp": {"id": "localhost"},
}  # fmt: skip
MANY = 6 * hypothesis.settings().max_examples  # 60,000 in `make fuzz`


def fresh(**of: Any) -> tuple[Authenticator, bytes]:
    """Give a device and the public key of its passkey."""
    device = Authenticator(**of)
    made = passkeys.made(SITE, CHALLENGE, read_creation(device.make(ASKED)))
    return device, made.public_key


def proved(text: str, key: bytes, challenge: bytes = CHALLENGE, site: Site = SITE) -> bool:
    """Tell whether an answer proves anything; anything but NotProved gets out."""
    try:
        passkeys.used(site, challenge, read_assertion(text), key)
    except NotProved:
        return False
    return True


@pytest.mark.parametrize("key", [None, rsa.generate_private_key(65537, 2048)], ids=["es", "rs"])
def test_the_right_key_proves_it(key: Any) -> None:
    """With the two algorithms that were offered."""
    device, public = fresh(**({"key": key} if key else {}))
    assert proved(device.use(ASKED), public)


def test_nobodys_key_never_fits() -> None:
    """An answer that names nobody's passkey is checked against it, so that it takes as long."""
    device, _ = fresh()
    key: dict[int, Any] = dict(map_of(cbor.decode(passkeys.nobodys_key())))
    assert key == {**device.public(), -2: key[-2], -3: key[-3]}
    assert (len(key[-2]), len(key[-3])) == (32, 32)
    assert not proved(device.use(ASKED), passkeys.nobodys_key())


@pytest.mark.parametrize("part", ["client", "data", "signature"])
def test_no_byte_can_be_changed(part: str) -> None:
    """Each one, of each part that is signed, and of the signature."""
    device, public = fresh()
    parts = device.parts(ASKED)
    whole = raw(parts[part])
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        assert not proved(json.dumps({**parts, part: b64(changed)}), public), f"byte {at}"


def without(name: str) -> Callable[[dict[str, str]], str]:
    """Leave a part out."""
    return lambda parts: json.dumps({each: parts[each] for each in parts if each != name})


SPOILED: dict[str, Callable[[dict[str, str]], str]] = {
    "empty": lambda _: "",
    "no json": lambda _: "{",
    "a list": lambda parts: json.dumps([*parts.values()]),
    "a number": lambda _: "1",
    "nothing": lambda _: "null",
    "not a number": lambda _: "NaN",
    "nested": lambda _: "[" * 8_000,
    "too long": lambda parts: json.dumps(parts) + " " * 65_536,
    "one more part": lambda parts: json.dumps({**parts, "more": ""}),
    "a part twice": lambda parts: '{"id":"AA",' + json.dumps(parts)[1:],
    "a part of no text": lambda parts: json.dumps({**parts, "signature": 1}),
    "padded": lambda parts: json.dumps({**parts, "id": parts["id"] + "="}),
    "another alphabet": lambda parts: json.dumps({**parts, "id": parts["id"][:-1] + "+"}),
    "another spelling": lambda parts: json.dumps({**parts, "data": parts["data"][:-1] + "B"}),
    "no id": lambda parts: json.dumps({**parts, "id": ""}),
    "an id too long": lambda parts: json.dumps({**parts, "id": b64(b"i" * 1024)}),
    "a surrogate": lambda parts: json.dumps({**parts, "id": "\ud800"}),
    **{f"without {name}": without(name) for name in ("id", "client", "data", "signature", "user")},
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_what_is_no_answer_is_refused(spoil: Callable[[dict[str, str]], str]) -> None:
    """With the one exception that endpoints know, before anybody is looked for."""
    device, _ = fresh()
    with pytest.raises(NotProved):
        read_assertion(spoil(device.parts(ASKED)))


def client(told: str) -> Callable[[dict[str, str]], str]:
    """Put something else in place of what the browser says."""
    return lambda parts: json.dumps({**parts, "client": b64(told.encode())})


SAID = '"type":"webauthn.get","challenge":"AA","origin":"http://localhost:8000"'
MISSAID: dict[str, Callable[[dict[str, str]], str]] = {
    "no map": client("[]"),
    "a part twice": client(f'{{"type":"webauthn.create",{SAID}}}'),
    "a challenge of another alphabet": client("{" + SAID.replace('"AA"', '"A+"') + "}"),
    "a challenge of another spelling": client("{" + SAID.replace('"AA"', '"AB"') + "}"),
    "a challenge of no text": client("{" + SAID.replace('"AA"', "1") + "}"),
    "in a frame": client(f'{{{SAID},"crossOrigin":true}}'),
    "below another site": client(f'{{{SAID},"topOrigin":"http://localhost:8000"}}'),
}


@pytest.mark.parametrize("missay", MISSAID.values(), ids=MISSAID)
def test_what_no_browser_says_is_refused(missay: Callable[[dict[str, str]], str]) -> None:
    """Before its challenge is looked at; and what it is a change of is read."""
    device, _ = fresh()
    assert read_assertion(client(f"{{{SAID}}}")(device.parts(ASKED))).challenge == b"\0"
    with pytest.raises(NotProved):
        read_assertion(missay(device.parts(ASKED)))


def test_an_answer_that_brings_a_new_key_is_refused() -> None:
    """Signed by the right one: an authenticator that uses a passkey has no reason to make one."""
    device, public = fresh()
    plain = device._data

    def with_a_key(flags: int) -> bytes:
        known = struct.pack(">H", len(device.id)) + device.id + cbor.encode(device.public())
        return plain(flags | AT) + bytes(16) + known

    device._data = with_a_key  # type: ignore[method-assign]
    assert not proved(device.use(ASKED), public)


def test_a_browser_need_not_say_that_it_is_in_no_frame() -> None:
    """Older ones do not (WebAuthn level 1)."""
    device, public = fresh(untold=frozenset({"crossOrigin"}))
    assert proved(device.use(ASKED), public)


@pytest.mark.parametrize(("length", "good"), [(1, True), (1_023, True), (1_024, False)])
def test_an_id_is_read_up_to_its_bound(length: int, good: bool) -> None:
    """WebAuthn level 3 has no longer ones."""
    device, public = fresh()
    device.id = b"i" * length
    assert proved(device.use(ASKED), public) == good


def test_an_answer_is_read_up_to_its_bound() -> None:
    """Not one character more."""
    device, public = fresh()
    text = device.use(ASKED)
    whole = text + " " * (8_192 - len(text))
    assert proved(whole, public)
    assert not proved(whole + " ", public)


OTHERWISE: dict[str, Mapping[str, Any]] = {
    "another port": {"origin": "http://localhost:8001"},
    "no port": {"origin": "http://localhost"},
    "a subdomain": {"origin": "http://www.localhost:8000"},
    "a domain that ends alike": {"origin": "http://evillocalhost:8000"},
    "another scheme": {"origin": "https://localhost:8000"},
    "an address with a path": {"origin": "http://localhost:8000/"},
    "no origin at all": {"client": {"origin": None}},
    "a list of origins": {"client": {"origin": ["http://localhost:8000"]}},
    "another domain": {"rp_id": "example.jp"},
    "in a frame": {"client": {"crossOrigin": True}},
    "in a frame, as a text": {"client": {"crossOrigin": "false"}},
    "below another site": {"client": {"topOrigin": "http://localhost:8000"}},
    "made, not used": {"client": {"type": "webauthn.create"}},
    "of a payment": {"client": {"type": "payment.get"}},
    "another challenge": {"client": {"challenge": b64(secrets.token_bytes(80))}},
    "no challenge": {"client": {"challenge": ""}},
    "nobody there": {"flags": UV},
    "nobody verified": {"flags": UP},
    "backed up, but not to be": {"flags": UP | UV | BS},
}


@pytest.mark.parametrize("otherwise", OTHERWISE.values(), ids=OTHERWISE)
def test_what_is_signed_for_something_else_is_refused(otherwise: Mapping[str, Any]) -> None:
    """The signature is right; what it signs is not what was asked for."""
    device, public = fresh()
    for name, value in otherwise.items():
        setattr(device, name, value)
    assert not proved(device.use(ASKED), public)


def test_a_flipped_backup_flag_is_no_reason_to_refuse() -> None:
    """Passkeys begin to be synced, and cease to."""
    device, public = fresh()
    for flags in (UP | UV | BE, UP | UV | BE | BS, UP | UV):
        device.flags = flags
        assert proved(device.use(ASKED), public)


@pytest.mark.parametrize("algorithm", [-8, -9, -35, -36, -37, -47, -257, -999, 0, 7])
def test_an_algorithm_that_was_not_offered_is_refused(algorithm: int) -> None:
    """The library would take seven of them, and verify with an eighth that nobody has."""
    with pytest.raises(NotProved):
        fresh(algorithm=algorithm)


def spoiled_keys() -> dict[str, dict[Any, Any]]:
    """Give public keys that no honest authenticator has."""
    good = Authenticator().public()
    weak = Authenticator(key=rsa.generate_private_key(65537, 1024)).public()  # noqa: S505 refused
    strong = Authenticator(key=rsa.generate_private_key(65537, 2048)).public()
    return {
        "off the curve": {**good, -3: bytes(31) + b"\x01"},
        "the point at infinity": {**good, -2: bytes(32), -3: bytes(32)},
        "beyond the field": {**good, -2: b"\xff" * 32},
        "a short coordinate": {**good, -2: good[-2][1:]},
        "a zero before a coordinate": {**good, -2: b"\0" + good[-2]},
        "no coordinate": {name: value for name, value in good.items() if name != -3},
        "another curve": {**good, -1: 2},
        "another type of key": {**good, 1: 3},
        "a part too many": {**good, 4: [1]},
        "a text for a number": {**good, -2: "x" * 32},
        "RSA of 1024 bits": weak,
        "RSA of 2040 bits": {**strong, -1: strong[-1][1:]},
        "RSA of 4104 bits": {**strong, -1: b"\xff" * 513},
        "another exponent": {**strong, -2: b"\x03"},
        "a modulus with a zero before": {**strong, -1: b"\0" + strong[-1]},
    }


@pytest.mark.parametrize("key", spoiled_keys().values(), ids=spoiled_keys())
def test_a_key_that_is_none_is_not_registered(key: dict[Any, Any]) -> None:
    """Else a passkey is there that never fits, or that somebody else can compute."""
    device = Authenticator()
    device.public = lambda: key  # type: ignore[method-assign]
    with pytest.raises(NotProved):
        passkeys.made(SITE, CHALLENGE, read_creation(device.make(ASKED)))


@pytest.mark.parametrize("otherwise", OTHERWISE.values(), ids=OTHERWISE)
def test_a_passkey_for_something_else_is_not_registered(otherwise: Mapping[str, Any]) -> None:
    """The same holds when it is made."""
    device = Authenticator()
    for name, value in otherwise.items():
        setattr(device, name, value)
    if device.client.get("type") == "webauthn.create":
        device.client = {"type": "webauthn.get"}
    with pytest.raises(NotProved):
        passkeys.made(SITE, CHALLENGE, read_creation(device.make(ASKED)))


def test_a_passkey_that_gives_two_names_is_not_registered() -> None:
    """What the browser says is what the authenticator says."""
    said = json.loads(Authenticator().make(ASKED))
    with pytest.raises(NotProved):
        passkeys.made(SITE, CHALLENGE, read_creation(json.dumps({**said, "id": b64(b"other")})))


@pytest.mark.parametrize(
    "made",
    [
        b"", b"\x01", b"\x60", b"\x80", b"\xa0", b"\xf5", b"\xa1\x80\x80", b"\xa1\x63fmt", b"\x81" * 3_000,
        b"\xbf", b"\xff", cbor.encode({"fmt": "none", "attStmt": {}, "authData": 1}),
        cbor.encode({"fmt": "none", "attStmt": {}, "authData": b"x" * 36}),
    ],
)  # fmt: skip
def test_what_is_no_new_passkey_is_refused(made: bytes) -> None:
    """Numbers, lists and maps in each other's place, or endless: the same one exception."""
    said = json.loads(Authenticator().make(ASKED))
    with pytest.raises(NotProved):
        passkeys.made(SITE, CHALLENGE, read_creation(json.dumps({**said, "made": b64(made)})))


def test_transports_that_nobody_knows_are_left_out() -> None:
    """They go into later pages."""
    said = json.loads(Authenticator().make(ASKED))
    told = json.dumps({**said, "transports": "usb,nfc,<script>,ble,smart-card,hybrid,internal"})
    kept = passkeys.made(SITE, CHALLENGE, read_creation(told)).transports
    assert kept == ("ble", "hybrid", "internal", "nfc", "smart-card", "usb")


def mutated(dice: random.Random, text: str) -> str:
    """Change an answer somewhere: its text, or the bytes of one of its parts."""
    parts = json.loads(text)
    if dice.random() < 0.3:
        return _bent(dice, text.encode()).decode("utf-8", errors="surrogateescape")
    name = dice.choice(sorted(parts))
    try:
        inside = raw(parts[name])
    except ValueError:
        inside = parts[name].encode()
    return json.dumps({**parts, name: b64(_bent(dice, inside))})


def _bent(dice: random.Random, whole: bytes) -> bytes:
    at, to = sorted(dice.randrange(len(whole) + 1) for _ in "ab")
    more = dice.choice(
        [
            dice.randbytes(dice.randrange(1, 9)), b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", b"\x81" * 2_000,
            b"\xbf\xff", b"\xfb\x7f\xf8", b"\xa1\x80\x80", b"\xa1\xa0\xa0", b"\xf6", b"\x5b" + b"\xff" * 8,
            cbor.encode({1: 2, 3: -7}), b"\0", b'"', b"{}", b"[]", b"null", b"1e999", b"\\ud800",
        ]
    )  # fmt: skip
    return dice.choice(
        [
            whole[:at] + more + whole[at:],
            whole[:at] + more + whole[to:],
            whole[:at] + whole[to:],
            whole[:to] + whole[at:],
            whole[:at],
            bytes(each ^ (1 << dice.randrange(8)) if at == n else each for n, each in enumerate(whole)),
        ]
    )  # fmt: skip


def test_nothing_but_the_one_refusal_leaves() -> None:
    """Mutated answers; none of them proves anything, unless it says the same."""
    dice, (device, public) = random.Random(15), fresh()  # noqa: S311 no secret
    whole = device.use(ASKED)
    same = json.loads(whole)
    for _ in range(MANY):
        text = mutated(dice, whole)
        if proved(text, public):
            said = json.loads(text)
            signed = ("client", "data", "signature")
            assert all(said[part] == same[part] for part in signed), text


def test_nothing_but_the_one_refusal_leaves_when_a_passkey_is_made() -> None:
    """Without attestation nobody signs for a new key: what still fits is one of the two algorithms, on its curve."""
    dice, device = random.Random(58), Authenticator()  # noqa: S311 no secret
    whole = device.make(ASKED)
    for _ in range(MANY):
        try:
            made = passkeys.made(SITE, CHALLENGE, read_creation(mutated(dice, whole)))
        except NotProved:
            continue
        key = cbor.decode(made.public_key)
        assert isinstance(key, dict)
        assert key[3] in passkeys.ALGORITHMS
        x, y = int.from_bytes(key[-2]), int.from_bytes(key[-3])
        ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()  # raises off the curve
