"""A known address is known in whatever case it is typed; mail goes to it as it is registered."""

import sqlite3
from contextlib import closing

import httpx
import pytest

from tests.support.issuing import ask
from tests.support.journeys import ask_payment
from tests.support.people import ALICE
from tests.support.post import LINK
from tests.support.press import Press, visit
from tests.support.product import Product
from web import paths
from web.store.accounts import OF_ADDRESS

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

REGISTERED = ALICE.account.profile.admin_email


@pytest.mark.parametrize(
    ("registered", "typed"),
    [
        (REGISTERED, "K-OSS@example.jp"),
        (REGISTERED, "K-oss@EXAMPLE.JP"),
        ("Keiji.Taro@example.jp", "keiji.taro@example.jp"),
        ("Keiji.Taro@example.jp", "Ｋｅｉｊｉ．ＴＡＲＯ＠example.jp"),
    ],
)
async def test_a_reset_is_mailed_as_registered(
    product: Product, visitor: httpx.AsyncClient, press: Press, registered: str, typed: str
) -> None:
    """The telephone's capital letter does not keep its owner out."""
    sql = f"UPDATE accounts SET admin_email = '{registered}' WHERE admin_email = '{REGISTERED}'"  # noqa: S608
    await product.meddle(sql)
    await ask_payment(visitor, ALICE, press, admin_email=typed)
    await product.settle()
    (mail,) = product.post.mails
    assert mail.to == mail.recipients[0] == registered


@pytest.mark.parametrize("typed", ["k-oss@example.com", "xk-oss@example.jp", "k.oss@example.jp"])
async def test_another_address_is_still_another(
    product: Product, visitor: httpx.AsyncClient, typed: str
) -> None:
    """Case alone makes no difference; everything else does."""
    await ask_payment(visitor, ALICE, admin_email=typed)
    await product.settle()
    assert not product.post.mails


async def test_an_issue_knows_the_ids_of_an_address_in_any_case(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The mail goes as registered and lists the IDs; the form behind it proves that spelling.

    The screen repeats what was typed: another spelling would say that the address is known.
    """
    page = (await ask(visitor, REGISTERED.upper())).page
    await product.settle()
    (mail,) = product.post.mails
    assert mail.to == mail.recipients[0] == REGISTERED
    assert ALICE.account.payment_user_id in mail.body
    again = await visit(visitor, page.address)
    assert "K-OSS@example.jp" in again.text
    assert REGISTERED not in again.text
    form = await visit(visitor, LINK.findall(mail.body)[0])
    assert REGISTERED in form.text


def test_ids_come_from_the_index() -> None:
    """However many accounts there are; tests/postgresql/test_plans.py asks the other engine."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(paths.SCHEMA.read_text(encoding="utf-8"))
        given = {"admin_email": "a", "most": 1}
        plan = connection.execute(f"EXPLAIN QUERY PLAN {OF_ADDRESS}", given).fetchall()
    assert any("accounts_by_admin_email" in str(row) for row in plan)
