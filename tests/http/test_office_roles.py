"""Every route of the office by every role (ASVS 8.1.2, 8.2.1): the routes come from web/routes.py."""

import json

import pytest
from starlette.routing import Route

from tests.conftest import log_in
from tests.http.test_office_login import unaudited
from tests.http.test_office_reports import report
from tests.support.office import at_work, id_of
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.product import Product
from web.demo.personas import OFFICERS, Officer
from web.routes import ROUTES
from web.store.staff import Role

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

# What each route needs at least: a new one fails here until it is listed.
NEEDED = {
    Role.READER: {
        "time_left", "stay", "desk", "forms", "form", "accounts", "account", "report", "mails", "audit",
        "factors/show", "factors/prove", "factors/app", "factors/codes", "factors/passkey", "factors/edit",
        "password", "password_second",
    },
    Role.CLERK: {"move", "act", "address", "factor_reset", "resend"},
    Role.ADMIN: {"retire", "people", "unlock"},
}  # fmt: skip
OF_ANYBODY = {"login", "second", "leave"}
OFFICE = {
    route.name.removeprefix("office/"): route
    for route in ROUTES
    if isinstance(route, Route) and route.path.startswith("/office/")
}
# Where a part of what a page does needs more than the page.
ACTS = [
    ("/office/accounts/{id}/act", "unlock", Role.CLERK),
    ("/office/accounts/{id}/act", "end-sessions", Role.CLERK),
    ("/office/accounts/{id}/act", "disable", Role.ADMIN),
    ("/office/accounts/{id}/act", "enable", Role.ADMIN),
    ("/office/accounts/{id}/address", "propose", Role.CLERK),
    ("/office/accounts/{id}/address", "take-back", Role.CLERK),
    ("/office/accounts/{id}/address", "approve", Role.ADMIN),
    ("/office/accounts/{id}/factors", "propose", Role.CLERK),
    ("/office/accounts/{id}/factors", "take-back", Role.CLERK),
    ("/office/accounts/{id}/factors", "approve", Role.ADMIN),
    ("/office/reports/{case}", "close", Role.CLERK),
]


def test_every_route_of_the_office_is_listed_with_the_role_that_it_needs() -> None:
    """Nothing more, nothing less."""
    assert set().union(OF_ANYBODY, *NEEDED.values()) == OFFICE.keys()


@pytest.mark.parametrize("officer", OFFICERS, ids=lambda officer: officer.role)
async def test_a_role_that_is_too_low_opens_no_route(product: Product, officer: Officer) -> None:
    """Each method of each route; who may is told anything else, if only that nothing is there."""
    async with at_work(product, officer) as browser:
        for needed, names in NEEDED.items():
            for name in sorted(names):
                path = OFFICE[name].path.replace("{id}", "nobody")
                for method in sorted((OFFICE[name].methods or set()) - {"HEAD"}):
                    answer = await browser.request(method, path)
                    told = (method, path, answer.status_code)
                    assert (answer.status_code == 403) is not officer.role.may(needed), told


@pytest.mark.parametrize("officer", OFFICERS, ids=lambda officer: officer.role)
async def test_a_role_that_is_too_low_does_no_act(product: Product, officer: Officer) -> None:
    """And the refusal changes nothing."""
    account = await id_of(product, ALICE)
    async with product.browser() as alice:
        await log_in(alice, ALICE)
        case = await report(product, alice)
    async with at_work(product, officer) as browser:
        for path, act, needed in ACTS:
            if officer.role.may(needed):
                continue
            given = {"act": act, "reason": "電話で確認", "admin_email": "new@example.jp"}
            place = path.replace("/office/reports/{case}", case).replace("{id}", account)
            before = unaudited(product.content())
            answer = await browser.post(place, data=given)
            assert answer.status_code == 403, (path, act)
            assert Page(answer).h1 == "この操作の権限がありません"
            assert unaudited(product.content()) == before
            rows = product.rows("SELECT detail FROM audit WHERE event = 'office.refused'")
            noted = {json.loads(row["detail"])["act"] for row in rows}
            route = {f"office/{name}" for name, each in OFFICE.items() if each.path == path}
            itself = f"factor-{act}" if "/factors" in path else act
            assert noted & {itself, *route}, (path, act)
