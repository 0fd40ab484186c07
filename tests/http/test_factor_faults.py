"""What went wrong elsewhere with a second factor, and must not here."""

import asyncio
import re

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support import codes
from tests.support.codes import FACTORS, SECOND, code, enter, press_log_in, secret_on
from tests.support.journeys import twice
from tests.support.office import id_of
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, by_htmx, natively, visit
from tests.support.product import Product
from web.clock import DAY, HOUR, MINUTE
from web.steps.second_form import WRONG

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN, CHANGE = "/useridmg/login", "/useridmg/password/change"
WANTED = "suzume-to-take-no-ko"
# the ID, numbers of the request, the challenge that each page has of its own
UNLIKE = re.compile(r"KNCA628[89]|[0-9a-f]{32}|[0-9]{8}|[A-Za-z0-9_-]{40,}")


@pytest.fixture
async def alice_id(product: Product) -> str:
    """Give Alice an app and two 予備コード; give the id of her account."""
    found = await id_of(product, ALICE)
    await codes.give_app(product, found)
    await codes.give_paper(product, found)
    return found


@pytest.mark.parametrize(
    ("door", "typed"),
    [
        (LOGIN, {"password": "not the password"}),
        (CHANGE, {"current_password": "not the password", **twice(WANTED)}),
    ],
    ids=["log-in", "change"],
)
async def test_no_answer_header_or_statement_tells_who_has_a_second_factor(
    product: Product,
    alice_id: str,
    statements: list[str],
    door: str,
    typed: dict[str, str],
) -> None:
    """A wrong password gets the same redirect, headers, page and number of statements for both."""
    assert alice_id
    seen = []
    for person in (BOB, ALICE, BOB):  # the first event of a process reads where the trail ends
        async with product.browser() as browser:
            form = await visit(browser, door)
            given = {**form.fields(door), "user_id": person.account.payment_user_id, **typed}
            statements.clear()
            answer = await browser.post(door, data=given)
            number = len(statements)
            page = await browser.get(answer.headers["Location"])
        seen.append(
            (
                answer.status_code,
                answer.headers["Location"],
                sorted(answer.headers),
                sorted(page.headers),
                UNLIKE.sub("…", page.text),
                number,
            )
        )
    assert seen[1] == seen[2]


async def test_a_request_for_a_reset_tells_nobody_who_has_a_second_factor(
    product: Product, alice_id: str, visitor: httpx.AsyncClient
) -> None:
    """The same page, before anybody has looked; the same mail but for the ID and the key."""
    assert alice_id
    bodies, pages = [], []
    for person in (ALICE, BOB):
        here = "/useridmg/pwdInitPay/request"
        form = await visit(visitor, here)
        profile = person.account.profile
        typed = {"user_id": person.account.payment_user_id, "admin_email": profile.admin_email}
        page = (await natively(visitor, here, {**form.fields(here), **typed})).page
        pages.append(UNLIKE.sub("…", page.response.text.replace(profile.admin_email, "")))
        await product.settle()
        body = product.post.mails[-1].body
        bodies.append(re.sub(r"key=\S+|KNCA628[89]", "…", body))
    assert pages[0] == pages[1]
    assert bodies[0] == bodies[1]


async def test_one_code_at_forty_doors_at_once_is_one_log_in(
    product: Product, alice_id: str, frozen: FrozenClock
) -> None:
    """Forty steps of forty browsers: the code is used up by one of them."""
    assert alice_id
    browsers = [product.browser() for _ in range(20)]
    for browser in browsers:
        await press_log_in(browser, ALICE)
    given = {"code": code(frozen.at)}
    await asyncio.gather(*(browser.post(SECOND, data=given) for browser in browsers * 2))
    assert len(product.rows("SELECT 1 FROM sessions")) == 1
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'login.done'")) == 1
    for browser in browsers:
        await browser.aclose()


async def test_a_refused_code_by_htmx_leaves_the_same_step_pending(
    alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The swap begins nothing anew: no cookie, no new row; the next code logs in."""
    assert alice_id
    await press_log_in(visitor, ALICE)
    before = visitor.cookies["second-login"]
    answer = await visitor.post(SECOND, data={"code": code(frozen.at + DAY)}, headers=HTMX)
    assert (answer.status_code, "set-cookie" in answer.headers) == (422, False)
    assert WRONG in answer.text
    assert visitor.cookies["second-login"] == before
    assert (await by_htmx(visitor, SECOND, {"code": code(frozen.at)})).page.h1 == "マイページ"


async def test_a_refused_code_by_htmx_keeps_the_key_of_a_new_app(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Who has scanned the QR code goes on with it."""
    page = await visit(alice, f"{FACTORS}/prove?for=app")
    proof = {"current_password": ALICE.payment_password}
    page = (await by_htmx(alice, page.action("確認"), proof)).page
    secret = secret_on(page)
    typed = {"name": "電話", "code": "000000"}
    again = (await by_htmx(alice, page.action("登録"), typed)).page
    assert secret_on(again) == secret
    done = {"name": "電話", "code": code(frozen.at, secret)}
    await by_htmx(alice, again.action("登録"), done)
    assert len(product.rows("SELECT 1 FROM code_apps")) == 1


async def test_a_factor_that_its_owner_removed_is_not_asked_for(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Neither at log-in, nor before a change; a step that waits for it is over."""
    await enter(visitor, ALICE, frozen.at)
    async with product.browser() as waiting:
        await press_log_in(waiting, ALICE)
        frozen.advance(MINUTE)
        (app,) = product.rows("SELECT id FROM code_apps WHERE owner_id = ?", alice_id)
        here = f"{FACTORS}/edit?app={app['id']}"
        await natively(visitor, here, {"act": "remove", "code": code(frozen.at)})
        frozen.advance(MINUTE)
        page = (await natively(waiting, SECOND, {"code": code(frozen.at)})).page
        assert page.notice == "時間がたったため、はじめからやり直してください。"
        assert (await press_log_in(waiting, ALICE)).h1 == "マイページ"


async def test_a_code_is_in_no_parked_form(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """What is typed when the session has ended is kept but for codes and passwords."""
    page = await visit(alice, "/useridmg/profile/edit")
    here = page.action("次へ")
    frozen.advance(9 * HOUR)
    typed = {**page.fields(here), "code": "918273", "recovery_code": "01SECRETSECR"}
    await alice.post(here, data=typed)
    owner = await id_of(product, ALICE)
    (draft,) = product.rows("SELECT id, sealed FROM drafts")
    opened = product.services.vault.open("draft", draft["sealed"], bound_to=owner + draft["id"])
    assert "918273" not in str(opened)
    assert "SECRET" not in str(opened)


async def test_the_mails_about_factors_hold_no_code_and_no_secret(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """They say what happened, to whom, when."""
    page = await visit(alice, f"{FACTORS}/prove?for=app")
    proof = {"current_password": ALICE.payment_password}
    page = (await natively(alice, page.action("確認"), proof)).page
    typed = {"name": "電話", "code": code(frozen.at, secret_on(page))}
    await natively(alice, page.action("登録"), typed)
    await product.settle()
    key = next(value for name, value in page.rows().items() if name == "キー")
    for mail in product.post.mails:
        assert typed["code"] not in mail.body
        assert key not in mail.body
        assert key.replace(" ", "") not in mail.body
