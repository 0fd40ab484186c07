"""Challenges of passkeys: ours, for one purpose, for ten minutes, and kept nowhere."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.clock import MINUTE
from web.security import challenges
from web.security.vault import Vault

VAULT, OTHER = Vault(("n" * 32,)), Vault(("o" * 32,))
NOW = 1_790_000_000
LOGIN = "login/log_in"


def test_a_challenge_is_for_the_purpose_it_was_made_for() -> None:
    """And for none that begins or ends alike."""
    found = challenges.read(VAULT, challenges.new(VAULT, LOGIN, now=NOW), now=NOW)
    assert found is not None
    assert found.is_for(LOGIN)
    assert found.expires_at == NOW + 10 * MINUTE
    assert not any(
        found.is_for(each) for each in ("", "login/log_i", "login/log_in ", "office/login")
    )


@given(first=st.text(max_size=40), second=st.text(max_size=40))
def test_two_purposes_are_told_apart(first: str, second: str) -> None:
    """Whatever they are called."""
    found = challenges.read(VAULT, challenges.new(VAULT, first, now=NOW), now=NOW)
    assert found is not None
    assert found.is_for(second) == (first == second)


@pytest.mark.parametrize(
    ("later", "lives"),
    [(0, True), (10 * MINUTE - 1, True), (10 * MINUTE, False), (-1, False)],
    ids=["at once", "the last second", "ten minutes", "a clock set back"],
)
def test_a_challenge_lives_ten_minutes_and_no_second_more(later: int, lives: bool) -> None:
    """Nor before it was made, by a clock that was set back meanwhile."""
    raw = challenges.new(VAULT, LOGIN, now=NOW)
    assert (challenges.read(VAULT, raw, now=NOW + later) is not None) == lives


def test_another_one_for_the_same_page_lives_on() -> None:
    """It is not the same, and for the same purpose alone."""
    raw = challenges.new(VAULT, LOGIN, now=NOW)
    found = challenges.read(VAULT, raw, now=NOW)
    assert found is not None
    again = challenges.renewed(VAULT, found, now=NOW + 5)
    renewed = challenges.read(VAULT, again, now=NOW + 5)
    assert renewed is not None
    assert renewed.is_for(LOGIN)
    assert (renewed.raw, renewed.expires_at) == (again, NOW + 5 + 10 * MINUTE)
    assert renewed.digest != found.digest


def test_no_two_are_the_same_and_each_has_a_name_of_its_own_among_those_used() -> None:
    """24 random bytes beside the time: two tabs have one each."""
    raws = [challenges.new(VAULT, LOGIN, now=NOW) for _ in range(100)]
    assert len(set(raws)) == 100
    assert {len(each) for each in raws} == {8 + 24 + 16 + 32}
    found = challenges.read(VAULT, raws[0], now=NOW)
    assert found is not None
    assert found.digest == hashlib.sha256(raws[0]).digest()


def test_no_byte_of_a_challenge_can_be_changed_none_added_and_none_left_out() -> None:
    """Nor does one of another installation fit."""
    raw = challenges.new(VAULT, LOGIN, now=NOW)
    for at in range(len(raw)):
        bent = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        assert challenges.read(VAULT, bent, now=NOW) is None, f"byte {at}"
        assert challenges.read(VAULT, raw[:at], now=NOW) is None
    assert challenges.read(VAULT, raw + b"\0", now=NOW) is None
    assert challenges.read(OTHER, raw, now=NOW) is None


@given(st.binary(max_size=120))
def test_what_nobody_made_is_none(raw: bytes) -> None:
    """And raises nothing."""
    assert challenges.read(VAULT, raw, now=NOW) is None
