"""What is refused is a line of the log: its status and reason, never what was sent."""

import httpx
import pytest

from tests.conftest import log_in
from tests.support import codes, debits
from tests.support.guessing import fail, guess
from tests.support.journeys import EDIT
from tests.support.log_lines import Told
from tests.support.office import id_of
from tests.support.people import ALICE, BOB
from tests.support.press import visit
from tests.support.product import Product

pytestmark = pytest.mark.anyio

REFUSED = "request.refused"


def reasons(told: Told) -> list[tuple[int, str]]:
    """Give what the log says of refusals."""
    return [(line["status"], line["reason"]) for line in told.of(REFUSED)]


async def test_a_form_of_another_site_is_logged(visitor: httpx.AsyncClient, told: Told) -> None:
    """A 403 that only an attack causes."""
    await visitor.post("/useridmg/login", headers={"Sec-Fetch-Site": "cross-site"})
    assert [status for status, _ in reasons(told)] == [403]


async def test_input_that_no_browser_sends_is_logged(
    visitor: httpx.AsyncClient, told: Told
) -> None:
    """Doubled fields, bytes that are no UTF-8, a live check of other fields, another host."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"user_id=a&user_id=b", b"user_id=%ff"):
        await visitor.post("/useridmg/login", content=body, headers=form)
    await visitor.post("/useridmg/password/check", data={"unheard": "of"})
    await visitor.get("/", headers={"Host": "evil.example"})
    assert [status for status, _ in reasons(told)] == [400] * 4
    assert len(set(reasons(told))) >= 3


async def test_a_form_of_another_account_is_logged(
    product: Product, alice: httpx.AsyncClient, told: Told
) -> None:
    """A tab of Alice's in which Bob has logged in meanwhile, or somebody who tries her addresses."""
    form = await visit(alice, EDIT)
    async with product.browser() as other:
        await log_in(other, BOB)
        answer = await other.post(form.address, data=form.fields(EDIT))
    assert answer.status_code == 403
    assert reasons(told) == [(403, "another account's form")]


async def test_a_name_of_what_is_another_account_s_is_logged(
    product: Product, alice: httpx.AsyncClient, told: Told
) -> None:
    """Answered like one that nobody has; an address that there is not is no attempt."""
    await debits.make(alice)
    await codes.give_app(product, await id_of(product, ALICE))
    (form,) = debits.forms(product)
    (app,) = product.rows("SELECT id FROM code_apps")
    (session,) = product.rows("SELECT id FROM sessions")
    async with product.browser() as other:
        await log_in(other, BOB)
        answers = [
            await other.get(f"{debits.BASE}/national/paper", params={"form": form["id"]}),
            await other.get(f"{debits.BASE}/national/withdraw", params={"form": form["id"]}),
            await other.get(f"{codes.FACTORS}/edit", params={"app": app["id"]}),
            await other.post("/useridmg/sessions", data={"end": session["id"]}),
        ]
        assert (await other.get("/nothing-here")).status_code == 404
    assert [each.status_code for each in answers] == [404] * 4
    assert reasons(told) == [(404, "names no row of the account")] * 4


async def test_too_many_tries_are_logged(
    product: Product, visitor: httpx.AsyncClient, told: Told
) -> None:
    """With the seconds, without the ID."""
    await fail(product, 100, user_id="KNCA6288")
    assert (await guess(visitor)).status_code == 429
    (line,) = told.of("throttled")
    assert line["seconds"] > 0
    assert "KNCA6288" not in str(line)


async def test_an_act_beyond_a_role_is_logged(reader: httpx.AsyncClient, told: Told) -> None:
    """Looks, too, which leave no row in the trail."""
    assert (await reader.get("/office/staff")).status_code == 403
    assert reasons(told) == [(403, "may not: office/people")]
