"""Sealing: what was sealed opens for the same purpose and place, unchanged, and nowhere else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.security.vault import NotSealedHere, Vault

NEW, OLD = "n" * 32, "o" * 32
VAULT = Vault((NEW,))
SECRET = {"user_id": "KNCA6288", "note": "軽自　太郎"}
CONTENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(content=CONTENTS, purpose=st.text(max_size=20), place=st.text(max_size=20))
def test_what_was_sealed_opens_unchanged(content: Any, purpose: str, place: str) -> None:
    """Anything that JSON holds, in any language."""
    sealed = VAULT.seal(purpose, content, bound_to=place)
    assert VAULT.open(purpose, sealed, bound_to=place) == content


@pytest.mark.parametrize(("purpose", "place"), [("outbox", "a"), ("draft", "b"), ("draft", "")])
def test_it_opens_for_no_other_purpose_and_in_no_other_place(purpose: str, place: str) -> None:
    """A draft copied into another person's row, or into the outbox, is refused."""
    sealed = VAULT.seal("draft", SECRET, bound_to="a")
    with pytest.raises(NotSealedHere):
        VAULT.open(purpose, sealed, bound_to=place)


@given(data=st.data())
def test_a_flipped_bit_is_refused(data: st.DataObject) -> None:
    """Wherever it is: in the nonce, the content or the tag."""
    sealed = bytearray(VAULT.seal("draft", SECRET, bound_to="a"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NotSealedHere):
        VAULT.open("draft", bytes(sealed), bound_to="a")


@given(cut=st.integers(1, 200))
def test_a_shortened_seal_is_refused(cut: int) -> None:
    """Down to nothing at all."""
    sealed = VAULT.seal("draft", SECRET)
    with pytest.raises(NotSealedHere):
        VAULT.open("draft", sealed[:-cut])


@given(made_up=st.binary(max_size=100))
def test_bytes_made_up_are_refused(made_up: bytes) -> None:
    """A cookie that somebody wrote by hand is no seal."""
    with pytest.raises(NotSealedHere):
        VAULT.open("stash", made_up)


def test_nobody_can_read_it_and_no_two_seals_are_alike() -> None:
    """The same content twice gives two seals, neither of which shows a word."""
    first, second = VAULT.seal("draft", SECRET), VAULT.seal("draft", SECRET)
    assert first != second
    assert b"KNCA6288" not in first
    assert "軽自".encode() not in first


def test_while_rotating_both_secrets_open_and_the_new_one_seals() -> None:
    """MYPAGE_SECRET_KEY=new,old: nothing sealed before is lost, nothing new hangs on the old."""
    before = Vault((OLD,)).seal("draft", SECRET)
    rotating = Vault((NEW, OLD))
    assert rotating.open("draft", before) == SECRET
    after = rotating.seal("draft", SECRET)
    assert Vault((NEW,)).open("draft", after) == SECRET
    with pytest.raises(NotSealedHere):
        Vault((OLD,)).open("draft", after)
    with pytest.raises(NotSealedHere):
        Vault((NEW,)).open("draft", before)


def test_signatures_are_of_the_newest_secret_and_of_one_purpose() -> None:
    """The key's id in the audit trail names the secret that signed."""
    rotating = Vault((NEW, OLD))
    assert rotating.sign("audit", b"row") == VAULT.sign("audit", b"row")
    assert rotating.sign("audit", b"row") != Vault((OLD,)).sign("audit", b"row")
    assert rotating.sign("audit", b"row") != rotating.sign("other", b"row")
    assert rotating.sign("audit", b"row") != rotating.sign("audit", b"rows")
    assert rotating.key_id == VAULT.key_id != Vault((OLD,)).key_id


def test_the_id_of_a_key_does_not_give_it_away() -> None:
    """It stands in the audit trail, where operators read it."""
    assert len(VAULT.key_id) == 8
    assert int(VAULT.key_id, 16) >= 0
