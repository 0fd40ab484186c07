"""Log-in and password change: one and the same work for every reason to say no."""

import argon2
import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.people import ALICE, BOB
from tests.support.product import CHEAP, Product
from web import clock

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DISABLE = "UPDATE accounts SET disabled_at = 1 WHERE payment_user_id = 'KNCA6289'"
HASH = """
    SELECT password_hash, password_changed_at FROM credentials JOIN accounts ON id = account_id
     WHERE payment_user_id = 'KNCA6288' AND credentials.kind = 'payment'
"""
AGE = "UPDATE credentials SET password_hash = :hash WHERE kind = 'payment'"
NEW = "kuroi-neko-no-yume-88"
REFUSED = {
    "unknown ID": ("KNCA0000", "whatever-it-is"),
    "wrong password": (ALICE.account.payment_user_id, "whatever-it-is"),
    "disabled account": (BOB.account.payment_user_id, BOB.payment_password),
    "unusable characters": (ALICE.account.payment_user_id, "tab\tand\0nul"),
}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every argon2 computation, which is done all the same."""
    done: list[str] = []
    real_verify, real_hash = argon2.PasswordHasher.verify, argon2.PasswordHasher.hash

    def noting_verify(self: argon2.PasswordHasher, hashed: str, password: str) -> bool:
        done.append("verify")
        return real_verify(self, hashed, password)

    def noting_hash(self: argon2.PasswordHasher, password: str) -> str:
        done.append("hash")
        return real_hash(self, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", noting_verify)
    monkeypatch.setattr(argon2.PasswordHasher, "hash", noting_hash)
    return done


async def log_in(product: Product, user_id: str, password: str) -> httpx.Response:
    """Log in through the screen, from a new browser."""
    async with product.browser() as browser:
        typed = {"user_id": user_id, "password": password}
        return await browser.post("/useridmg/login", data=typed)


async def change(product: Product, user_id: str, current: str) -> httpx.Response:
    """Change the password through the screen, from a new browser."""
    typed = {"user_id": user_id, "current_password": current}
    async with product.browser() as browser:
        return await browser.post(
            "/useridmg/password/change",
            data={**typed, "new_password": NEW, "new_password_again": NEW},
        )


@pytest.mark.parametrize("reason", REFUSED)
async def test_a_refused_log_in_costs_one_verification(
    product: Product, work: list[str], reason: str
) -> None:
    """One argon2 each, so that time tells nothing."""
    await product.services.database.write(lambda tx: tx.run(DISABLE))
    work.clear()
    answer = await log_in(product, *REFUSED[reason])
    assert answer.headers["Location"].startswith("/useridmg/login")
    assert work == ["verify"]


async def test_an_expired_account_with_a_wrong_password_costs_one_too(
    product: Product, work: list[str], frozen: FrozenClock
) -> None:
    """It is refused as wrong, not as expired."""
    frozen.advance(61 * clock.DAY)
    work.clear()
    answer = await log_in(product, ALICE.account.payment_user_id, "whatever-it-is")
    assert answer.headers["Location"].startswith("/useridmg/login")
    assert work == ["verify"]


async def test_a_good_log_in_costs_one_verification(product: Product, work: list[str]) -> None:
    """The most frequent request pays once."""
    work.clear()
    answer = await log_in(product, ALICE.account.payment_user_id, ALICE.payment_password)
    assert answer.headers["Location"] == "/useridmg/mypage"
    assert work == ["verify"]


@pytest.mark.parametrize("typed", [("", "x"), ("KNCA6288", ""), ("KNCA6288", "x" * 1025)])
async def test_what_cannot_be_right_costs_nothing(
    product: Product, work: list[str], typed: tuple[str, str]
) -> None:
    """Empty or over-long is refused before any hash."""
    work.clear()
    await log_in(product, *typed)
    assert work == []


@pytest.mark.parametrize("reason", REFUSED)
async def test_a_refused_password_change_costs_one_verification(
    product: Product, work: list[str], reason: str
) -> None:
    """C1 asks for the password as log-in does, and gives away as little."""
    await product.services.database.write(lambda tx: tx.run(DISABLE))
    work.clear()
    answer = await change(product, *REFUSED[reason])
    assert answer.headers["Location"].startswith("/useridmg/password/change?")
    assert work == ["verify"]


async def test_an_old_hash_is_made_again_at_log_in(product: Product) -> None:
    """ASVS 11.2.2: the parameters are today's afterwards, the password's age is as before."""
    outdated = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    old = outdated.hash(ALICE.payment_password)
    await product.services.database.write(lambda tx: tx.run(AGE, hash=old))
    (before,) = product.rows(HASH)
    for _ in range(2):
        answer = await log_in(product, ALICE.account.payment_user_id, ALICE.payment_password)
        assert answer.headers["Location"] == "/useridmg/mypage"
    (after,) = product.rows(HASH)
    assert after["password_hash"] != old
    assert argon2.extract_parameters(after["password_hash"]) == CHEAP
    assert after["password_changed_at"] == before["password_changed_at"]


async def test_a_right_but_expired_log_in_costs_one_verification(
    product: Product, work: list[str], frozen: FrozenClock
) -> None:
    """What leads to パスワード変更 costs what a refusal costs."""
    frozen.advance(61 * clock.DAY)
    work.clear()
    answer = await log_in(product, ALICE.account.payment_user_id, ALICE.payment_password)
    assert answer.headers["Location"].startswith("/useridmg/password/change")
    assert work == ["verify"]


async def test_a_password_change_costs_a_verification_each_and_one_hash(
    product: Product, work: list[str]
) -> None:
    """The current one is verified, the new one compared with it and hashed."""
    work.clear()
    answer = await change(product, ALICE.account.payment_user_id, ALICE.payment_password)
    assert answer.headers["Location"].startswith("/useridmg/password/changed?")
    assert work == ["verify", "verify", "hash"]


ASKED = {
    "fits": ("KNCA6288", ALICE.account.profile.admin_email),
    "another address": ("KNCA6288", "umi@example.jp"),
    "unknown ID": ("KNCA0000", ALICE.account.profile.admin_email),
    "disabled account": ("KNCA6289", BOB.account.profile.admin_email),
}


@pytest.mark.parametrize("reason", ASKED)
async def test_a_request_for_a_reset_costs_no_hash(
    product: Product, work: list[str], reason: str
) -> None:
    """Nobody is looked up before the answer, and nothing is hashed after it."""
    await product.services.database.write(lambda tx: tx.run(DISABLE))
    work.clear()
    user_id, address = ASKED[reason]
    async with product.browser() as browser:
        typed = {"user_id": user_id, "admin_email": address}
        answer = await browser.post("/useridmg/pwdInitPay/request", data=typed)
    await product.settle()
    assert answer.headers["Location"].startswith("/useridmg/pwdInitPay/requested?")
    assert work == []


@pytest.mark.parametrize("typed", ["not-the-password", ALICE.payment_password])
@pytest.mark.parametrize("user_id", ["KNCA6288", "KNCA0000"])
async def test_what_is_slowed_down_costs_nothing(
    product: Product, work: list[str], user_id: str, typed: str
) -> None:
    """A 429 comes before any hash, for unknown IDs too."""
    for _ in range(5):
        await log_in(product, user_id, "not-the-password")
    work.clear()
    assert (await log_in(product, user_id, typed)).status_code == 429
    assert work == []
