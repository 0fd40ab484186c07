"""ご本人の確認, asked anew: every route by which somebody who is logged in changes something is looked at here."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
from starlette.routing import Route

from tests.conftest import FrozenClock
from tests.support import codes, debits
from tests.support.codes import code, enter, press_log_in
from tests.support.dump import dump
from tests.support.journeys import propose
from tests.support.office import enter as enter_office
from tests.support.office import hire, id_of, look
from tests.support.people import ALICE
from tests.support.press import natively
from tests.support.product import Product
from web.clock import DAY, MINUTE
from web.demo.personas import ADMIN, CLERK
from web.http.access import Access
from web.routes import ROUTES
from web.security import second_throttle
from web.steps.second_form import USED, WRONG

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

EMPTY = "確認コードを入力してください。"
REASON = "ご本人から電話があり、登録されている番号へ折り返した。"
# What an act leaves behind that was refused: the trail, looks, a counter, what is typed on the way.
NOTED = ("audit", "audit_marks", "failures", "sqlite_sequence", "drafts")
# Whoever is logged in may post these with no factor, each for its reason.
ASKS_NOTHING = {
    "login/leave": "logs out",
    "login/stay": "goes on",
    "office/leave": "logs out",
    "office/stay": "goes on",
    "sessions/show": "logs out, which helps nobody but the owner",
    "profile/edit": "changes nothing before 確定",
    "profile/check": "a live check",
    "profile/conflict": "leads back to 確認",
    "direct_debit/banks": "looks something up",
    "direct_debit/branches": "looks something up",
    "direct_debit/check": "a live check",
    "direct_debit/edit": "changes nothing before 確定",
    "direct_debit/conflict": "leads back to 確認",
    "direct_debit/town": "looks something up",
    "direct_debit/withdraw": "takes a paper back; no account changes",
    "activity/disown": "shuts others out, after the password",
    "summary_file/choose": "reads what My Page shows too",
    "password_reset/ask_bulk": "mails a URL, which asks the factor before its form",
    "email/resend": "mails the address that is registered",
    "factors/mailed": "asks what was mailed, after factors/prove",
    "factors/app": "after factors/prove, by a step of this session",
    "factors/codes": "likewise",
    "factors/passkey": "likewise",
    "office/factors/passkey": "likewise",
    "office/factors/app": "likewise",
    "office/factors/codes": "likewise",
    "office/move": "a step of the desk's daily work, by version, mailed to the owner",
    "office/form": "writes a look down",
    "office/accounts": "a search",
    "office/account": "writes a look down",
    "office/report": "closes a case",
    "office/resend": "sends a mail to the address that is registered",
    "office/password": "asks the current password, then leads to office/password_second",
}


Ready = Callable[["Stage"], Awaitable[tuple[str, dict[str, str]]]]


@dataclass(frozen=True)
class Door:
    """An act that asks who does it: its route, and what to post where; the code is left out."""

    route: str
    ready: Ready  # gives the address and what is typed


@dataclass(frozen=True)
class Stage:
    """Somebody with a factor, logged in by it a minute ago, and what there is to act on."""

    product: Product
    browser: httpx.AsyncClient
    alice: str


async def _address(stage: Stage) -> tuple[str, dict[str, str]]:
    new = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
    return (await propose(stage.browser, **new)).page.action("確定"), {}


async def _debit(stage: Stage) -> tuple[str, dict[str, str]]:
    return (await debits.propose(stage.browser)).page.action("確定"), {}


def _post(address: str, **typed: str) -> Ready:
    async def ready(stage: Stage) -> tuple[str, dict[str, str]]:
        found = stage.product.rows("SELECT id FROM code_apps WHERE name <> '花子の電話'")
        app = found[0]["id"]
        return address.format(alice=stage.alice, app=app), typed

    return ready


def _office(address: str, **typed: str) -> Ready:
    async def ready(stage: Stage) -> tuple[str, dict[str, str]]:
        await look(stage.browser, f"/office/accounts/{stage.alice}")
        return await _post(address, **typed)(stage)

    return ready


async def _password(stage: Stage) -> tuple[str, dict[str, str]]:
    """Type the current password and a new one."""
    new = "atarashii-ashita-ga-kuru"
    typed = {
        "current_password": ADMIN.password,
        "new_password": new,
        "new_password_again": new,
    }
    page = (await natively(stage.browser, "/office/password", typed)).page
    return page.action("確認"), {}


async def _locked_clerk(stage: Stage) -> tuple[str, dict[str, str]]:
    """Let a 担当者 have typed a wrong code."""
    await hire(stage.product, CLERK)
    (clerk,) = stage.product.rows("SELECT id FROM staff WHERE name = ?", CLERK.name)
    services = stage.product.services
    await services.write(second_throttle.failed, services.vault, clerk["id"])
    return "/office/staff/unlock", {"name": CLERK.name}


async def _locked_alice(stage: Stage) -> tuple[str, dict[str, str]]:
    """Let Alice have typed a wrong code."""
    services = stage.product.services
    await services.write(second_throttle.failed, services.vault, stage.alice)
    return await _office(ACT, act="unlock", reason=REASON)(stage)


async def _approval(stage: Stage) -> tuple[str, dict[str, str]]:
    """Let somebody else propose a new address."""
    here = f"/office/accounts/{stage.alice}/address"
    typed = {"act": "propose", "admin_email": "neu@example.jp", "reason": REASON}
    async with stage.product.browser() as other:
        await hire(stage.product, CLERK)
        await enter_office(other, CLERK)
        await natively(other, here, typed)
    change = (await look(stage.browser, here)).value("change")
    return here, {"act": "approve", "change": change}


async def _release(stage: Stage) -> tuple[str, dict[str, str]]:
    """Let somebody else propose a 確認手段の解除."""
    here = f"/office/accounts/{stage.alice}/factors"
    async with stage.product.browser() as other:
        await hire(stage.product, CLERK)
        await enter_office(other, CLERK)
        await natively(other, here, {"act": "propose", "reason": REASON})
    change = (await look(stage.browser, here)).value("change")
    return here, {"act": "approve", "change": change}


ACT = "/office/accounts/{alice}/act"
OF_USERS = [
    Door("profile/confirm", _address),
    Door("direct_debit/confirm", _debit),
    Door("activity/data", _post("/useridmg/activity/data")),
    Door("factors/prove", _post("/useridmg/factors/prove?for=app")),
    Door("factors/prove", _post("/useridmg/factors/prove?for=codes")),
    Door("factors/prove", _post("/useridmg/factors/prove?for=passkey")),
    Door("factors/edit", _post("/useridmg/factors/edit?app={app}", act="remove")),
    Door("factors/edit", _post("/useridmg/factors/edit?app={app}", act="rename", name="新")),
]
OF_STAFF = [
    Door("office/act", _office(ACT, act="disable", reason=REASON)),
    Door("office/act", _locked_alice),
    Door("office/act", _office(ACT, act="end-sessions", reason=REASON)),
    Door("office/retire", _office("/office/accounts/{alice}/retire", typed_id="KNCA6288", reason=REASON)),
    Door(
        "office/address",
        _office("/office/accounts/{alice}/address", act="propose", admin_email="neu@example.jp", reason=REASON),
    ),
    Door("office/address", _approval),
    Door(
        "office/factor_reset",
        _office("/office/accounts/{alice}/factors", act="propose", reason=REASON),
    ),
    Door("office/factor_reset", _release),
    Door("office/unlock", _locked_clerk),
    Door("office/password_second", _password),
    Door("office/factors/prove", _post("/office/factors/prove?for=app")),
    Door("office/factors/prove", _post("/office/factors/prove?for=codes")),
    Door("office/factors/prove", _post("/office/factors/prove?for=passkey")),
    Door("office/factors/edit", _post("/office/factors/edit?app={app}", act="remove")),
    Door("office/factors/edit", _post("/office/factors/edit?app={app}", act="rename", name="新")),
]  # fmt: skip
DOORS = {f"{door.route} {number}": door for number, door in enumerate([*OF_USERS, *OF_STAFF])}


@pytest.fixture
async def stage(
    product: Product, request: pytest.FixtureRequest, frozen: FrozenClock
) -> AsyncIterator[Stage]:
    """Give Alice, or a 担当者, logged in by a code; Alice has a 納付利用者ID that is locked."""
    alice = await id_of(product, ALICE)
    of_staff = request.node.callspec.params["door"] in OF_STAFF
    async with product.browser() as browser:
        if of_staff:
            await hire(product, ADMIN)
            (admin,) = product.rows("SELECT id FROM staff")
            await codes.give_app(product, admin["id"])
            await press_log_in(browser, ALICE)  # somebody to be logged out
            await codes.give_app(product, alice, name="花子の電話")
            await enter_office(browser, ADMIN)
            await natively(browser, "/office/login/second", {"code": code(frozen.at)})
        else:
            await codes.give_app(product, alice)
            assert (await enter(browser, ALICE, frozen.at)).h1 == "マイページ"
        frozen.advance(MINUTE)
        yield Stage(product, browser, alice)


def test_every_act_of_somebody_logged_in_asks_anew_or_has_a_reason_not_to() -> None:
    """A new route that takes a POST fails here until somebody has decided."""
    posts = {
        each.name
        for each in ROUTES
        if isinstance(each, Route) and "POST" in (each.methods or ()) and _guarded(each)
    }
    asking = {door.route for door in DOORS.values()}
    assert asking | (set(ASKS_NOTHING) - {"login/leave", "office/leave"}) == posts
    assert not asking & set(ASKS_NOTHING)


def _guarded(route: Route) -> bool:
    cells = getattr(route.endpoint, "__closure__", None) or ()
    return any(isinstance(cell.cell_contents, Access) for cell in cells)


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
async def test_an_act_without_a_code_of_its_own_is_not_done(
    stage: Stage, door: Door, frozen: FrozenClock
) -> None:
    """Neither with the password, nor a wrong code, nor one that was used; each is said at the field."""
    address, typed = await door.ready(stage)
    before = dump(stage.product, *NOTED)
    wrong = code(frozen.at + DAY)
    for given, message in (
        ({}, EMPTY),
        ({"current_password": ALICE.payment_password}, EMPTY),
        ({"current_password": ADMIN.password}, EMPTY),
        ({"code": wrong}, WRONG),
        ({"code": code(frozen.at - MINUTE)}, WRONG),
    ):
        page = (await natively(stage.browser, address, {**typed, **given})).page
        assert (page.status, page.error("code")) == (422, message)
        assert page.value("code") == ""
    assert dump(stage.product, *NOTED) == before


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
async def test_the_code_of_one_act_opens_no_second(
    stage: Stage, door: Door, frozen: FrozenClock
) -> None:
    """It is asked for each act anew, and is used up by the first."""
    address, typed = await door.ready(stage)
    other = f"{'/office' if door in OF_STAFF else '/useridmg'}/factors/prove?for=app"
    await natively(stage.browser, other, {"code": code(frozen.at)})
    page = (await natively(stage.browser, address, {**typed, "code": code(frozen.at)})).page
    assert (page.status, page.error("code")) == (422, USED)


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
async def test_an_act_with_its_code_is_done(stage: Stage, door: Door, frozen: FrozenClock) -> None:
    """So that the refusals above were about the code alone."""
    address, typed = await door.ready(stage)
    before = dump(stage.product, "code_apps")
    answer = await stage.browser.post(address, data={**typed, "code": code(frozen.at)})
    assert "again=1" not in answer.headers.get("Location", "")
    assert answer.status_code in {200, 303}
    assert dump(stage.product, "code_apps") != before
