"""Every route by every kind of person: owner, another account, an ended session, nobody (ASVS 8.2, 8.3).

The routes come from web/routes.py, what each person is told from the one table of test_routes.py.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import astuple
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.conftest import log_in
from tests.http.test_routes import FORM, ROUTE_NAMES, TABLE, TO_LOGIN, Of, Row, Told, fits, told
from tests.support import debits
from tests.support.dump import dump
from tests.support.journeys import change_profile, payment_link, propose
from tests.support.people import ALICE, CHARLIE
from tests.support.press import HTMX, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PEOPLE = ("owner", "other", "ended", "anonymous")
# What an answer to anybody but Alice must not hold.
ALICES = (
    "軽自行政書士事務所",
    "軽自　太郎",
    "ケイジギョウセイ",
    "k-oss@example.jp",
    "星野　海",
    "KICA6288",
    "7654321",
)
Browsers = dict[str, httpx.AsyncClient]


@pytest.fixture
async def browsers(product: Product) -> AsyncIterator[Browsers]:
    """Give a browser to Alice, to Charlie, to an Alice who has left on another device, to nobody."""
    async with AsyncExitStack() as stack:
        found = {who: await stack.enter_async_context(product.browser()) for who in PEOPLE}
        for who, person in (("owner", ALICE), ("other", CHARLIE), ("ended", ALICE)):
            await log_in(found[who], person)
        await found["ended"].post("/useridmg/leave")
        yield found


async def things(product: Product, browsers: Browsers) -> dict[str, str]:
    """Make one of everything that an address can name, all of them Alice's."""
    alice = browsers["owner"]
    event, disowned = await events(product, alice)
    done = await change_profile(alice, representative="星野　海")
    draft = (await propose(alice, representative="軽自　太郎")).page
    link = await payment_link(product, alice, ALICE)
    form = await visit(alice, link)
    browsers["ended"].cookies.update(
        {name: value for name, value in alice.cookies.items() if name.startswith("reset-")}
    )
    (run,) = product.rows(
        "SELECT flow_id FROM drafts WHERE flow = 'profile' ORDER BY created_at DESC LIMIT 1"
    )
    return {
        **await debit_things(product, alice),
        "flow": run["flow_id"],
        "event": event,
        "disowned": disowned,
        **{f"{key}": value for page in (done, draft, form) for key, value in _query(page.address)},
    }


async def debit_things(product: Product, alice: httpx.AsyncClient) -> dict[str, str]:
    """Make a 届出書 of one kind and a draft of the other."""
    await debits.make(alice)
    (form,) = debits.forms(product)
    draft = (await debits.propose(alice, kind="local")).page
    (run,) = product.rows("SELECT flow_id FROM drafts WHERE flow = 'direct_debit'")
    return {
        "form": form["id"],
        "debit_receipt": form["receipt_id"],
        "debit_draft": dict(_query(draft.address))["draft"],
        "debit_flow": run["flow_id"],
    }


async def events(product: Product, alice: httpx.AsyncClient) -> tuple[str, str]:
    """Disown an event of Alice's; give the number of another one, and the receipt."""
    first, *_, last = product.rows(
        """SELECT seq FROM audit JOIN accounts ON id = account_id
            WHERE payment_user_id = 'KNCA6288' ORDER BY seq"""
    )
    done = await alice.post(
        f"/useridmg/activity/disown?event={first['seq']}",
        data={"current_password": ALICE.payment_password},
    )
    return str(last["seq"]), done.headers["Location"].partition("receipt=")[2]


def _query(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query)


def expected(row: Row, method: str) -> dict[str, Told]:
    """Say what each person is told: by the row, or as it follows from what strangers are told."""
    given = row.opened if method == "GET" else row.posted
    if given is None:
        stranger = row.get if method == "GET" else row.post
        guarded = stranger in {TO_LOGIN, 401}
        ended = None if guarded and method == "POST" else stranger
        given = Of(*((None, None) if guarded else (stranger, stranger)), ended, stranger)
    return dict(zip(PEOPLE, astuple(given), strict=True))


def guarded(row: Row) -> bool:
    """Tell whether a route is for people who are logged in."""
    return bool({TO_LOGIN, 401} & {row.get, row.post})


def check(answer: httpx.Response, row: Row, wanted: Told, who: str) -> None:
    """Compare with the table; nobody but Alice sees anything of hers, nobody who is out gets in."""
    if wanted is not None:
        assert fits(answer, wanted), (who, told(answer))
    elif who == "ended":
        assert str(told(answer)).startswith(("/useridmg/login?notice=", "401")), told(answer)
    else:
        assert answer.status_code < 500, who
        assert "/useridmg/login" not in str(told(answer)), who
    if who in {"other", "anonymous"}:
        assert not [each for each in ALICES if each in answer.text], who


@pytest.mark.parametrize("name", ROUTE_NAMES)
async def test_everybody_gets_what_the_table_says(
    product: Product, browsers: Browsers, name: str
) -> None:
    """GET and POST, whole and for htmx; what belongs to Alice stays as it is for all others."""
    row = TABLE[name]
    path = row.path
    if row.things:
        path += "?" + row.things.format(**await things(product, browsers))
    await product.settle()
    for method, stranger in (("GET", row.get), ("POST", row.post)):
        if stranger is None:
            continue
        wanted = expected(row, method)
        for who in reversed(PEOPLE):  # the owner last, who may use things up
            before = dump(product)
            answer = await browsers[who].request(method, path, content=b"", headers=FORM)
            check(answer, row, wanted[who], who)
            if guarded(row) and who in {"ended", "anonymous"}:
                asked = await browsers[who].request(
                    method, path, content=b"", headers={**FORM, **HTMX}
                )
                assert asked.status_code == 401, who
            if guarded(row) and who == "anonymous":
                assert dump(product) == before


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.things])
async def test_another_account_changes_nothing_of_the_owners(
    product: Product, browsers: Browsers, name: str
) -> None:
    """Every thing named in the address of every route that takes one, with the owner's own words."""
    row, named = TABLE[name], await things(product, browsers)
    await product.settle()
    before = dump(product, "audit", "audit_marks", "failures")
    words = {
        "kind": "corporate",
        "corporate_name": "茶理自動車",
        "current_password": CHARLIE.payment_password,
        "new_password": "kawa-no-nagare-7002",
        "new_password_again": "kawa-no-nagare-7002",
        "once": "0" * 32,
    }
    path = f"{row.path}?{row.things.format(**named)}"
    await browsers["other"].get(path)
    if row.post is not None:
        await browsers["other"].post(path, data=words)
    assert dump(product, "audit", "audit_marks", "failures") == before
