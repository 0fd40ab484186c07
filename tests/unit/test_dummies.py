"""What an unknown ID costs: what some known one does, so that its time tells nothing."""

from collections import Counter

import argon2
import pytest

from tests.support.product import CHEAP
from tests.unit import parts
from web.security.dummies import Dummies
from web.security.vault import Vault

pytestmark = pytest.mark.anyio

OURS, WEAK, STRONG = (
    f"$argon2id$v=19${each}$" for each in ("m=19456,t=2,p=1", "m=4096,t=3,p=1", "m=65536,t=3,p=4")
)


def vault() -> Vault:
    """Give a vault that can count."""
    given = Vault((parts.SECRET,))
    given.count_with(b"k" * 32)
    return given


def start(hashed: str) -> str:
    """Give the parameters of a hash."""
    return hashed.rsplit("$", 2)[0] + "$"


def test_unknown_ids_cost_what_known_ones_do_in_their_proportion() -> None:
    """Ours, weaker and stronger ones; an ID always the same; 担当者 apart from 利用者."""
    dummies, known = Dummies(CHEAP), vault()
    dummies.learn("payment", {OURS: 600, WEAK: 300, STRONG: 100})
    dummies.learn("staff", {STRONG: 3})
    ids = [f"KNCA{number:06d}" for number in range(4000)]
    drawn = [start(dummies.of("payment", known, each)) for each in ids]
    assert drawn == [start(dummies.of("payment", known, each)) for each in ids]
    found = Counter(drawn)
    for each, share in ((OURS, 0.6), (WEAK, 0.3), (STRONG, 0.1)):
        assert abs(found[each] / len(ids) - share) < 0.04
    assert {start(dummies.of("staff", known, f"office:{each}")) for each in ids} == {STRONG}


def test_without_accounts_or_with_broken_hashes_an_unknown_id_costs_what_ours_do() -> None:
    """A damaged row has no parameters to copy."""
    dummies, known = Dummies(CHEAP), vault()
    made = argon2.PasswordHasher.from_parameters(CHEAP).hash("x")
    assert start(dummies.of("payment", known, "KNCA1")) == start(made)
    dummies.learn("payment", {"": 5, "nonsense": 1})
    assert start(dummies.of("payment", known, "KNCA1")) == start(made)


def test_a_dummy_is_a_hash_that_argon2_works_through() -> None:
    """It fails because the password is wrong, not because the text is no hash."""
    dummies = Dummies(CHEAP)
    dummies.learn("payment", {WEAK: 1})
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        argon2.PasswordHasher().verify(dummies.of("payment", vault(), "KNCA1"), "x")
