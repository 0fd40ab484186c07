"""The search that every test of the screens ends with: it finds what it is for."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.product import Product, running
from web import log

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

Leak = Callable[[Product], Awaitable[None]]
ADDRESS = "umi@example.jp"


async def nothing(_: Product) -> None:
    """Leak nothing."""


async def password_in_log(_: Product) -> None:
    """Write a password into the log."""
    log.event("seen", what=ALICE.payment_password)


async def address_in_log(_: Product) -> None:
    """Write a mail address into the log."""
    log.event("seen", what=ADDRESS)


async def password_in_column(product: Product) -> None:
    """Write a password where names are."""
    name = f"- {ALICE.payment_password} -"
    await product.meddle("UPDATE accounts SET name = :name", name=name)


async def address_in_column(product: Product) -> None:
    """Write an address where it may be, and where ids are."""
    await product.meddle("UPDATE accounts SET notice_email = :at", at=ADDRESS)
    await product.meddle("UPDATE sessions SET id = :at", at=ADDRESS)


LEAKS: dict[str, tuple[Leak, list[str]]] = {
    "nothing": (nothing, []),
    "password in the log": (password_in_log, ["log"]),
    "address in the log": (address_in_log, ["log"]),
    "password in a column": (password_in_column, ["file"]),
    "address in a column": (address_in_column, ["sessions.id"]),
}


async def complaint(folder: Path, post: PostOffice, leak: Leak) -> str:
    """Walk, leak, and give what the search says at the end."""
    try:
        async with running(folder, post) as product, product.browser() as browser:
            await log_in(browser, ALICE)
            typed = {"user_id": "KNCA6288", "admin_email": ADDRESS}
            await browser.post("/useridmg/pwdInitPay/request", data=typed)
            await leak(product)
    except AssertionError as found:
        return str(found)
    return ""


@pytest.mark.parametrize("leak", LEAKS)
async def test_a_secret_is_found_where_it_must_not_be(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, leak: str
) -> None:
    """Passwords in any byte of the file; addresses but where the schema's marks allow them."""
    work, places = LEAKS[leak]
    said = await complaint(tmp_path, post, work)
    assert bool(said) == bool(places)
    assert all(place in said for place in places)
