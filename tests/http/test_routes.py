"""The route table, whole: what each route answers to strangers; nothing may join it unseen."""

from dataclasses import dataclass

import httpx
import pytest
from starlette.routing import Route

from tests.support.page import Page
from tests.support.press import HTMX
from tests.support.product import Product
from web.routes import ROUTES

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TO_LOGIN = "/useridmg/login?notice=login"
PARKED = "/useridmg/login?notice=parked"  # as a draft, before
NOT_DONE = "/useridmg/login?notice=not-done"  # ended on purpose: nothing is parked
DEBIT_EDIT = "/useridmg/debit/local/new/edit"
START_AGAIN = "/useridmg/profile/edit?"
NOTHING_TO_CONFIRM = "/useridmg/profile/edit?notice=nothing-to-confirm"


Told = int | str | None  # a status, or a Location (its start, if it ends with ? or .)


@dataclass(frozen=True)
class Of:
    """What the four kinds of people are told about something of Alice's: each may differ."""

    owner: Told
    other: Told
    ended: Told
    anonymous: Told


TERMS_FIRST = "/useridmg/issue/terms?notice=terms-first"
TO_OFFICE = "/office/login?notice=login"


@dataclass(frozen=True)
class Row:
    """A route, and what an anonymous visitor is told who opens it or posts an empty form.

    The others follow from that (test_who_may.py), unless the row says what they get: where an address
    names something that belongs to somebody, `things` says what, and `opened`, `posted` who gets what.
    """

    path: str
    get: Told
    post: Told = None
    things: str = ""
    opened: Of | None = None
    posted: Of | None = None


TABLE = {
    "portal/top": Row("/", 200),
    "portal/outside": Row("/outside", 200),
    "login/log_in": Row("/useridmg/login", 200, "/useridmg/login?again=1"),
    "login/second": Row(
        "/useridmg/login/second",
        "/useridmg/login?notice=second-over",
        "/useridmg/login?notice=second-over",
    ),
    "login/leave": Row("/useridmg/leave", None, "/?notice=left"),
    "login/time_left": Row("/useridmg/session", 401),
    "login/stay": Row("/useridmg/session/stay", None, 401),
    "mypage/show": Row("/useridmg/mypage", TO_LOGIN),
    "profile/edit": Row(
        "/useridmg/profile/edit",
        TO_LOGIN,
        TO_LOGIN,
        things="flow={flow}",
        opened=Of(200, START_AGAIN, TO_LOGIN, TO_LOGIN),
        posted=Of("/useridmg/profile/edit?", 403, NOT_DONE, TO_LOGIN),
    ),
    "factors/show": Row("/useridmg/factors", TO_LOGIN),
    "factors/prove": Row("/useridmg/factors/prove", TO_LOGIN, TO_LOGIN),
    "factors/mailed": Row("/useridmg/factors/mailed", TO_LOGIN, TO_LOGIN),
    "factors/app": Row("/useridmg/factors/app", TO_LOGIN, TO_LOGIN),
    "factors/codes": Row("/useridmg/factors/codes", TO_LOGIN, TO_LOGIN),
    "factors/passkey": Row("/useridmg/factors/passkey", TO_LOGIN, TO_LOGIN),
    "factors/edit": Row("/useridmg/factors/edit", TO_LOGIN, TO_LOGIN),
    "factors/open_stop": Row("/useridmg/factors/stop/INIT", 410),
    "factors/stop": Row("/useridmg/factors/stop", 403, 403),
    "factors/stopped": Row("/useridmg/factors/stopped", "/useridmg/factors/stop?"),
    "factors/renew": Row("/useridmg/passkey/renew", None, 410),
    "sessions/show": Row("/useridmg/sessions", TO_LOGIN, TO_LOGIN),
    "profile/check": Row("/useridmg/profile/check", None, 401),
    "profile/confirm": Row(
        "/useridmg/profile/confirm",
        TO_LOGIN,
        TO_LOGIN,
        things="draft={draft}",
        opened=Of(200, NOTHING_TO_CONFIRM, TO_LOGIN, TO_LOGIN),
        posted=Of("/useridmg/profile/complete?", NOTHING_TO_CONFIRM, PARKED, TO_LOGIN),
    ),
    "profile/conflict": Row(
        "/useridmg/profile/conflict",
        TO_LOGIN,
        TO_LOGIN,
        things="draft={draft}",
        opened=Of(409, NOTHING_TO_CONFIRM, TO_LOGIN, TO_LOGIN),
        posted=Of("/useridmg/profile/conflict?", NOTHING_TO_CONFIRM, PARKED, TO_LOGIN),
    ),
    "profile/complete": Row(
        "/useridmg/profile/complete",
        TO_LOGIN,
        things="receipt={receipt}",
        opened=Of(200, "/useridmg/profile/edit?notice=nothing-done", TO_LOGIN, TO_LOGIN),
    ),
    "direct_debit/banks": Row("/useridmg/debit/banks", None, 401),
    "direct_debit/branches": Row("/useridmg/debit/branches", None, 401),
    "direct_debit/check": Row("/useridmg/debit/check", None, 401),
    "direct_debit/town": Row("/useridmg/debit/town", None, 401),
    "direct_debit/show": Row("/useridmg/debit/national", TO_LOGIN),
    "direct_debit/paper": Row(
        "/useridmg/debit/national/paper",
        TO_LOGIN,
        things="form={form}",
        opened=Of(200, 404, TO_LOGIN, TO_LOGIN),
    ),
    "direct_debit/withdraw": Row(
        "/useridmg/debit/national/withdraw",
        TO_LOGIN,
        TO_LOGIN,
        things="form={form}",
        opened=Of(200, 404, TO_LOGIN, TO_LOGIN),
        posted=Of(
            "/useridmg/debit/national/withdraw?",
            404,
            "/useridmg/login?notice=not-done",
            TO_LOGIN,
        ),
    ),
    "direct_debit/edit": Row(
        DEBIT_EDIT,
        TO_LOGIN,
        TO_LOGIN,
        things="flow={debit_flow}",
        opened=Of(200, f"{DEBIT_EDIT}?", TO_LOGIN, TO_LOGIN),
        posted=Of(f"{DEBIT_EDIT}?", 403, NOT_DONE, TO_LOGIN),
    ),
    "direct_debit/confirm": Row(
        "/useridmg/debit/local/new/confirm",
        TO_LOGIN,
        TO_LOGIN,
        things="draft={debit_draft}",
        opened=Of(200, f"{DEBIT_EDIT}?notice=nothing-to-confirm", TO_LOGIN, TO_LOGIN),
        posted=Of(
            "/useridmg/debit/local/new/complete?",
            f"{DEBIT_EDIT}?notice=nothing-to-confirm",
            PARKED,
            TO_LOGIN,
        ),
    ),
    "direct_debit/conflict": Row(
        "/useridmg/debit/local/new/conflict",
        TO_LOGIN,
        TO_LOGIN,
        things="draft={debit_draft}",
        opened=Of(409, f"{DEBIT_EDIT}?notice=nothing-to-confirm", TO_LOGIN, TO_LOGIN),
        posted=Of(
            "/useridmg/debit/local/new/conflict?",
            f"{DEBIT_EDIT}?notice=nothing-to-confirm",
            PARKED,
            TO_LOGIN,
        ),
    ),
    "direct_debit/complete": Row(
        "/useridmg/debit/national/new/complete",
        TO_LOGIN,
        things="receipt={debit_receipt}",
        opened=Of(200, "/useridmg/debit/national/new/edit?notice=nothing-done", TO_LOGIN, TO_LOGIN),
    ),
    "activity/show": Row("/useridmg/activity", TO_LOGIN),
    "activity/disown": Row(
        "/useridmg/activity/disown",
        TO_LOGIN,
        TO_LOGIN,
        things="event={event}",
        opened=Of(200, "/useridmg/activity?notice=no-such-event", TO_LOGIN, TO_LOGIN),
        posted=Of(
            "/useridmg/activity/disown?",
            "/useridmg/activity?notice=no-such-event",
            "/useridmg/login?notice=not-done",
            TO_LOGIN,
        ),
    ),
    "activity/disowned": Row(
        "/useridmg/activity/disowned",
        TO_LOGIN,
        things="receipt={disowned}",
        opened=Of(200, "/useridmg/activity?notice=nothing-disowned", TO_LOGIN, TO_LOGIN),
    ),
    "activity/data": Row("/useridmg/activity/data", TO_LOGIN, TO_LOGIN),
    "activity/data_page": Row("/useridmg/activity/data/page", TO_LOGIN),
    "summary_file/choose": Row("/useridmg/summary-file", TO_LOGIN, TO_LOGIN),
    "password_change/change": Row(
        "/useridmg/password/change", 200, "/useridmg/password/change?again=1"
    ),
    "password_change/second": Row(
        "/useridmg/password/second",
        "/useridmg/password/change?notice=second-over",
        "/useridmg/password/change?notice=second-over",
    ),
    "password_change/check": Row("/useridmg/password/check", None, 400),
    "password_change/changed": Row(
        "/useridmg/password/changed", "/useridmg/password/change?notice=nothing-done"
    ),
    "password_reset/ask_payment": Row(
        "/useridmg/pwdInitPay/request", 200, "/useridmg/pwdInitPay/request?again=1"
    ),
    "password_reset/check_request": Row("/useridmg/pwdInitPay/request/check", None, 400),
    "password_reset/ask_bulk": Row("/useridmg/pwdInitBulk/request", TO_LOGIN, TO_LOGIN),
    "password_reset/asked": Row(
        "/useridmg/pwdInitPay/requested", "/useridmg/pwdInitPay/request?notice=nothing-asked"
    ),
    "password_reset/open": Row("/useridmg/pwdInitBulk/INIT", 410),
    "password_reset/second": Row("/useridmg/pwdInitPay/second", 403, 403),
    # the cookie that a mailed URL left opens it, whoever is logged in; the id of the link does not
    "password_reset/choose": Row(
        "/useridmg/pwdInitPay/password",
        403,
        403,
        things="link={link}",
        opened=Of(200, 403, 200, 403),
        posted=Of("/useridmg/pwdInitPay/password?", 403, "/useridmg/pwdInitPay/password?", 403),
    ),
    "password_reset/check_password": Row("/useridmg/pwdInitPay/password/check", None, 400),
    "password_reset/complete": Row(
        "/useridmg/pwdInitPay/complete", "/useridmg/pwdInitPay/password?"
    ),
    "email/resend": Row("/useridmg/email/resend", None, TO_LOGIN),
    "email/open": Row("/useridmg/email/INIT", 410),
    "email/confirm": Row("/useridmg/email/confirm", 403, 403),
    "email/confirmed": Row("/useridmg/email/confirmed", "/useridmg/email/confirm?"),
    "issuance/terms": Row("/useridmg/issue/terms", 200, "/useridmg/issue/terms?again=1"),
    "issuance/address": Row("/useridmg/issue/address", TERMS_FIRST, TERMS_FIRST),
    "issuance/check_address": Row("/useridmg/issue/address/check", None, 400),
    "issuance/asked": Row("/useridmg/issue/requested", "/useridmg/issue/terms?notice=nothing-done"),
    "issuance/open": Row("/useridmg/issue/INIT", 410),
    "issuance/edit": Row("/useridmg/issue/profile", 403, 403),
    "issuance/check": Row("/useridmg/issue/profile/check", None, 400),
    "issuance/passwords": Row("/useridmg/issue/passwords", 403, 403),
    "issuance/check_password": Row("/useridmg/issue/passwords/check", None, 400),
    "issuance/confirm": Row("/useridmg/issue/confirm", 403, 403),
    "issuance/complete": Row("/useridmg/issue/complete", 403),
    "office/login": Row("/office/login", 200, "/office/login?again=1"),
    "office/leave": Row("/office/leave", None, "/office/login?notice=office-left"),
    "office/time_left": Row("/office/session", 401),
    "office/stay": Row("/office/session/stay", None, 401),
    "office/desk": Row("/office/", TO_OFFICE),
    "office/forms": Row("/office/forms", TO_OFFICE),
    "office/move": Row("/office/forms/move", TO_OFFICE, TO_OFFICE),
    "office/form": Row("/office/forms/0", TO_OFFICE, TO_OFFICE),
    "office/accounts": Row("/office/accounts", TO_OFFICE, TO_OFFICE),
    "office/account": Row("/office/accounts/0", TO_OFFICE, TO_OFFICE),
    "office/act": Row("/office/accounts/0/act", None, TO_OFFICE),
    "office/retire": Row("/office/accounts/0/retire", TO_OFFICE, TO_OFFICE),
    "office/address": Row("/office/accounts/0/address", TO_OFFICE, TO_OFFICE),
    "office/factor_reset": Row("/office/accounts/0/factors", TO_OFFICE, TO_OFFICE),
    "office/report": Row("/office/reports/0", TO_OFFICE, TO_OFFICE),
    "office/mails": Row("/office/mails", TO_OFFICE),
    "office/resend": Row("/office/mails/0/resend", None, TO_OFFICE),
    "office/audit": Row("/office/audit", TO_OFFICE),
    "office/people": Row("/office/staff", TO_OFFICE),
    "office/unlock": Row("/office/staff/unlock", None, TO_OFFICE),
    "office/second": Row(
        "/office/login/second",
        "/office/login?notice=second-over",
        "/office/login?notice=second-over",
    ),
    "office/factors/show": Row("/office/factors", TO_OFFICE),
    "office/factors/prove": Row("/office/factors/prove", TO_OFFICE, TO_OFFICE),
    "office/factors/app": Row("/office/factors/app", TO_OFFICE, TO_OFFICE),
    "office/factors/codes": Row("/office/factors/codes", TO_OFFICE, TO_OFFICE),
    "office/factors/passkey": Row("/office/factors/passkey", TO_OFFICE, TO_OFFICE),
    "office/factors/edit": Row("/office/factors/edit", TO_OFFICE, TO_OFFICE),
    "office/password": Row("/office/password", TO_OFFICE, TO_OFFICE),
    "office/password_second": Row("/office/password/second", TO_OFFICE, TO_OFFICE),
    "help/contact": Row("/help/contact", 200),
    "help/faq": Row("/help/faq", 200),
    "help/sitemap": Row("/help/sitemap", 200),
    "help/search": Row("/help/search", 200),
    "help/terms": Row("/help/terms", 200),
    "help/privacy": Row("/help/privacy", 200),
    "help/accessibility": Row("/help/accessibility", 200),
    "help/change_password": Row("/.well-known/change-password", "/useridmg/password/change"),
    "help/passkeys": Row("/.well-known/passkey-endpoints", 200),
    "help/security": Row("/.well-known/security.txt", 200),
    "help/robots": Row("/robots.txt", 200),
    "help/favicon": Row("/favicon.ico", "/static/mark."),
    "health/live": Row("/healthz", 200),
    "health/ready": Row("/readyz", 200),
    "health/metrics": Row("/metrics", 200),
    "static": Row("/static/nothing.css", 404),
}
ROUTE_NAMES = [route.name for route in ROUTES if isinstance(route, Route)]
GETS = {name: row for name, row in TABLE.items() if row.get is not None}
POSTS = {name: row for name, row in TABLE.items() if row.post is not None}


def told(answer: httpx.Response) -> int | str:
    """Give what an answer tells: where to go, or its status."""
    return answer.headers["Location"] if answer.status_code == 303 else answer.status_code


def fits(answer: httpx.Response, expected: int | str | None) -> bool:
    """Compare an answer with its row."""
    given = told(answer)
    if isinstance(expected, str) and expected.endswith(("?", ".")):
        return isinstance(given, str) and given.startswith(expected)
    return given == expected


async def test_every_route_has_a_row_with_its_methods(product: Product) -> None:
    """A new route fails here until somebody has said what strangers get."""
    routes = {route.name: route for route in product.app.routes if isinstance(route, Route)}
    assert len(routes) == len(product.app.routes)
    assert set(routes) == set(TABLE)
    for name, route in routes.items():
        methods = (["GET", "HEAD"] if name in GETS else []) + (["POST"] if name in POSTS else [])
        assert sorted(route.methods or ()) == methods, name


# One product for all routes: to start one takes as long as twenty of these answers. A browser for each.
async def test_a_stranger_who_opens_a_route_gets_what_its_row_says(product: Product) -> None:
    """GET as the table has it, and HEAD the same."""
    for name, row in GETS.items():
        async with product.browser() as visitor:
            opened = await visitor.get(row.path)
            assert fits(opened, row.get), (name, told(opened))
            peeked = await visitor.head(row.path)
            assert fits(peeked, row.get), (f"HEAD of {name}", told(peeked))
            types = [each.headers.get("Content-Type") for each in (opened, peeked)]
            assert types[0] == types[1], name


async def test_a_stranger_who_posts_to_a_route_gets_what_its_row_says(product: Product) -> None:
    """POST of an empty form as the table has it."""
    for name, row in POSTS.items():
        async with product.browser() as visitor:
            answer = await visitor.post(row.path, content=b"", headers=FORM)
            assert fits(answer, row.post), (name, told(answer))


async def test_htmx_is_sent_to_log_in_from_every_guarded_route(product: Product) -> None:
    """401 with HX-Redirect, for GET and for POST."""
    for name, row in TABLE.items():
        if row.get not in {TO_LOGIN, TO_OFFICE}:
            continue
        async with product.browser() as visitor:
            answers = [await visitor.get(row.path, headers=HTMX)]
            if row.post is not None:
                answers.append(await visitor.post(row.path, content=b"", headers={**FORM, **HTMX}))
        for answer in answers:
            assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, row.get), name


async def test_a_fragment_opened_directly_is_a_page(alice: httpx.AsyncClient) -> None:
    """Every address is whole without htmx and a fragment with it (the linter tells them apart)."""
    for name, row in GETS.items():
        for headers in ({}, HTMX):
            answer = await alice.get(row.path, headers=headers)
            assert answer.status_code < 500, name


async def test_a_method_that_a_route_lacks_is_a_405_page(visitor: httpx.AsyncClient) -> None:
    """DELETE, PUT and TRACE anywhere; POST where there is nothing to post, GET where only that is."""
    for name, row in TABLE.items():
        lacking = ["DELETE", "PUT", "TRACE"]
        lacking += ["POST"] if row.post is None else []
        lacking += ["GET"] if row.get is None else []
        for method in lacking:
            answer = await visitor.request(method, row.path)
            assert answer.status_code == 405, (name, method)
            assert Page(answer).h1 == "この操作はできません", (name, method)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing-here",
        "/useridmg/",
        "/useridmg/pwdInitEvil/INIT?key=1",
        "/static/../db/schema.sql",
        "/static/app.css",
        "/demo/mail",
        "/demo/clock",
        "/demo/components",
        "/%00",
        "/.git/config",
        "/useridmg/login;jsessionid=1",
    ],
)
async def test_an_unknown_address_is_a_404_page(visitor: httpx.AsyncClient, path: str) -> None:
    """Whole for a browser, a fragment for htmx; the demo's pages are not there in production."""
    for headers in ({}, HTMX):
        answer = await visitor.get(path, headers=headers)
        assert answer.status_code == 404
        assert Page(answer).h1 == "ページが見つかりません"
