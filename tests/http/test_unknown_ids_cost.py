"""The parameters of the hash that a password is compared with are those in use, whoever is asked for."""

from collections import Counter

import argon2
import httpx
import pytest

from tests.conftest import log_in
from tests.support.guessing import guess
from tests.support.office import enter, hire
from tests.support.people import ALICE
from tests.support.product import Product
from web.demo.personas import CLERK, Officer
from web.security.passwords import Passwords
from web.store.staff import Role

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

STRONG = argon2.PasswordHasher(time_cost=3, memory_cost=64, parallelism=2)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the parameters of every hash that a password is compared with."""
    found: list[str] = []
    verify = Passwords.verify

    async def noted(self: Passwords, hashed: str, typed: str) -> bool:
        found.append(hashed.rsplit("$", 2)[0])
        return await verify(self, hashed, typed)

    monkeypatch.setattr(Passwords, "verify", noted)
    return found


async def test_an_unknown_id_is_compared_with_what_known_ones_are(
    product: Product, visitor: httpx.AsyncClient, compared: list[str]
) -> None:
    """Every account was imported: so were those that do not exist. The same for 担当者, apart."""
    await hire(product, CLERK)
    await product.meddle(
        "UPDATE credentials SET password_hash = :hashed WHERE kind = 'payment'",
        hashed=STRONG.hash(ALICE.payment_password),
    )
    await product.services.look_at_hashes()
    for user_id in ("KNCA6288", "KNCA9999", "KNCA99998"):
        await guess(visitor, user_id)
    assert len(compared) == 3
    assert len(set(compared)) == 1
    compared.clear()
    for name in (CLERK.name, "nobody"):
        await enter(visitor, Officer(name, Role.READER, "x"), "not the password")
    assert len(compared) == 2
    assert len(set(compared)) == 1
    assert "m=64,t=3,p=2" not in compared[0]


async def test_what_a_log_in_renews_is_learnt(product: Product, visitor: httpx.AsyncClient) -> None:
    """After everybody has logged in once, unknown IDs cost what ours do."""
    hashed = STRONG.hash(ALICE.payment_password)
    await product.meddle("UPDATE credentials SET password_hash = :hashed", hashed=hashed)
    await product.services.look_at_hashes()
    await log_in(visitor, ALICE)
    await product.services.look_at_hashes()
    drawn = Counter(
        product.services.dummy("payment", f"KNCA{number:06d}").rsplit("$", 2)[0]
        for number in range(400)
    )
    assert len(drawn) == 2
