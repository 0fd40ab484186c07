"""Ids and keys: long enough, in one spelling, and nothing else is taken for one."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from web.security import tokens

KEY = "2144BDD5CC83A98DAD98B26E65BD5A5F89FB9ED8ED61C5ABC888FA4DBDE81C10" * 2
NO_KEYS = {
    "nothing": "",
    "one short": KEY[:-1],
    "one long": KEY + "0",
    "half": KEY[:64],
    "twice": KEY * 2,
    "a letter beyond F": "G" + KEY[1:],
    "full-width digits": "２" + KEY[1:],
    "all full-width": "２" * 128,
    "Arabic digits": "٢" * 128,
    "a space inside": KEY[:64] + " " + KEY[65:],
    "two spaces inside": KEY[:64] + "  " + KEY[66:],
    "spaces at the end": KEY[:-2] + "  ",
    "a line break at the end": KEY[:-2] + "\r\n",
    "a tab and a line break": "\t\n" + KEY[2:],
    "0x": "0x" + KEY[2:],
    "a sign": "+1" + KEY[2:],
    "underscores": KEY[:3] + "_" + KEY[4:],
    "NUL": "\0\0" + KEY[2:],
}


def test_a_mailed_key_looks_as_in_the_manual() -> None:
    """128 hexadecimal characters, upper case, never the same twice."""
    keys = {tokens.new_link_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(re.fullmatch("[0-9A-F]{128}", key) for key in keys)


@given(key=st.binary(min_size=64, max_size=64).map(bytes.hex))
@example(key=KEY.lower())
def test_a_mailed_key_is_read_in_any_case(key: str) -> None:
    """Some mail programs change the case of an address; the key stays the same."""
    spellings = (key, key.upper(), key[:50] + key[50:].upper())
    assert {tokens.read_link_key(each) for each in spellings} == {key.upper()}


@pytest.mark.parametrize("given", NO_KEYS.values(), ids=NO_KEYS)
def test_what_is_no_key_is_none(given: str) -> None:
    """Of another length, another script or with something in between."""
    assert tokens.read_link_key(given) is None


def test_what_is_stored_of_a_key_is_its_digest() -> None:
    """A copy of the database opens no link; the digest is that of the one spelling."""
    stored = tokens.digest(KEY)
    assert len(stored) == 32
    assert stored != tokens.digest(KEY.lower())
    spelled = tokens.read_link_key(KEY.lower())
    assert spelled is not None
    assert tokens.digest(spelled) == stored


def test_ids_are_random_and_recognised() -> None:
    """128 bits as 32 lower-case hexadecimal digits."""
    ids = {tokens.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(tokens.is_id(each) for each in ids)


@pytest.mark.parametrize(
    "given", ["", "0" * 31, "0" * 33, "A" * 32, "g" * 32, "０" * 32, "0" * 32 + "\n"]
)
def test_what_is_no_id_is_recognised_too(given: str) -> None:
    """Addresses are typed by anybody."""
    assert not tokens.is_id(given)


def test_a_session_token_is_random_and_fits_a_cookie() -> None:
    """256 bits (ASVS 7.2.3), without a character that a cookie would have to quote."""
    found = {tokens.new_session_token() for _ in range(100)}
    assert len(found) == 100
    assert all(re.fullmatch("[A-Za-z0-9_-]{43}", each) for each in found)


def test_a_receipt_number_is_the_date_and_eight_digits() -> None:
    """People read it out on the telephone."""
    numbers = {tokens.new_number("20190924") for _ in range(50)}
    assert len(numbers) > 45
    assert all(re.fullmatch("20190924-[0-9]{8}", each) for each in numbers)
