"""What ended, or was changed, while something was under way lets nobody act any more."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support import debits
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.product import Product
from web.security.passwords import Passwords

pytestmark = pytest.mark.anyio

LOGIN = {"user_id": "KNCA6288", "password": ALICE.payment_password}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE credentials SET password_changed_at = password_changed_at + 1",
        "UPDATE accounts SET disabled_at = 1",
    ],
    ids=["changed", "shut"],
)
async def test_a_password_that_was_judged_before_a_change_opens_nothing(
    product: Product, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    """The change ends every log-in; one that was waiting for its hash must not come after it."""
    judge = Passwords.verify

    async def overtaken(passwords: Passwords, stored: str, typed: str) -> bool:
        verdict = await judge(passwords, stored, typed)
        await product.meddle(sql)
        return verdict

    monkeypatch.setattr(Passwords, "verify", overtaken)
    answer = await visitor.post("/useridmg/login", data=LOGIN)
    assert answer.headers["Location"].startswith("/useridmg/login")
    assert product.rows("SELECT 1 FROM sessions") == []


async def test_a_form_that_arrives_after_the_end_of_the_log_in_does_nothing(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The last byte is held back until somebody has ended the log-in."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"end=oth"
        begun.set()
        await ended.wait()
        yield b"ers"

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    press = asyncio.create_task(alice.post("/useridmg/sessions", content=slowly(), headers=form))
    await begun.wait()
    await product.meddle("UPDATE sessions SET ended_at = 1")
    ended.set()
    answer = await press
    assert answer.headers["Location"].startswith("/useridmg/login")
    assert product.rows("SELECT 1 FROM audit WHERE event = 'sessions.ended'") == []


@pytest.mark.parametrize("name", ["name", "request", "kind", "action", "values"])
async def test_names_in_the_address_that_nobody_gave_it_are_no_fault(
    alice: httpx.AsyncClient, name: str
) -> None:
    """They are left out of the address of the run."""
    answer = await alice.get(f"{debits.edit()}?{name}=x")
    assert answer.status_code == 303
    assert f"{name}=" not in answer.headers["Location"]


@pytest.mark.parametrize("action", ["change", "stop"])
async def test_what_is_not_registered_can_neither_be_changed_nor_stopped(
    product: Product, alice: httpx.AsyncClient, action: str
) -> None:
    """A forged form of 情報変更 or 利用中止 is a conflict, and makes nothing."""
    typed = {**debits.good(await visit(alice, debits.edit())), **debits.ACCOUNT}
    run = (await alice.get(debits.edit().replace("/new/", f"/{action}/"))).headers["Location"]
    answer = await alice.post(run, data={**typed, "version": "1"})
    page = await visit(alice, answer.headers["Location"])
    assert page.status == 409
    assert product.rows("SELECT 1 FROM direct_debit_forms") == []
