"""Codes of an app, by the numbers of RFC 6238 and what apps read."""

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import codes
from web.security import totp

SECRET = b"12345678901234567890"
VECTORS = {
    59: "287082", 1_111_111_109: "081804", 1_111_111_111: "050471", 1_234_567_890: "005924",
    2_000_000_000: "279037", 20_000_000_000: "353130",
}  # fmt: skip
MOMENTS = st.integers(300, 2**35)


def test_a_new_secret_has_160_bits() -> None:
    """As many as the hash (RFC 4226, R6), and so many groups as apps show."""
    assert totp.SECRET == 20


@pytest.mark.parametrize(("at", "code"), VECTORS.items())
def test_the_codes_are_those_of_the_rfc(at: int, code: str) -> None:
    """The last six of the eight digits that appendix B prints."""
    assert totp.code(SECRET, totp.step_at(at)) == code


@given(at=MOMENTS, secret=st.binary(min_size=20, max_size=20))
def test_an_app_that_knows_nothing_of_us_shows_the_same(at: int, secret: bytes) -> None:
    """Written from the RFC twice."""
    assert totp.code(secret, totp.step_at(at)) == codes.code(at, secret)


@given(at=MOMENTS, off=st.integers(-3, 3))
def test_the_step_before_and_the_one_after_fit_and_no_other(at: int, off: int) -> None:
    """And it is told which one it was, for that one is used up."""
    step = totp.step_at(at) + off
    near = {totp.code(SECRET, totp.step_at(at) + each) for each in (-1, 0, 1)}
    found = totp.step_of(SECRET, totp.code(SECRET, step), at)
    if abs(off) <= 1:
        assert found is not None
        assert totp.code(SECRET, found) == totp.code(SECRET, step)
        assert found == step or len(near) < 3  # two steps may show one code
    else:
        assert found is None or totp.code(SECRET, step) in near


@pytest.mark.parametrize("typed", ["", "28708", "2870820", "２８７０８２", "28708\n"])
def test_what_is_no_code_fits_nowhere(typed: str) -> None:
    """Nor does it raise anything: whatever came through the form."""
    assert totp.step_of(SECRET, typed, 59) is None


@given(secret=st.binary(min_size=20, max_size=20))
def test_the_key_can_be_read_aloud_and_typed(secret: bytes) -> None:
    """In fours, with nothing but letters and digits of base32."""
    groups = totp.key_text(secret).split(" ")
    assert [len(each) for each in groups] == [4] * 8
    assert base64.b32decode("".join(groups)) == secret


def test_the_address_in_the_qr_code_says_whose_and_what() -> None:
    """As the apps read it: otpauth, type, label, secret, issuer; the rest is what they take anyway."""
    parts = urlsplit(totp.address(SECRET, "KNCA6288"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/軽自動車OSS:KNCA6288"
    secret = base64.b32encode(SECRET).decode()
    assert parse_qs(parts.query) == {"secret": [secret], "issuer": ["軽自動車OSS"]}
    assert " " not in parts.geturl()
    assert "+" not in parts.query
