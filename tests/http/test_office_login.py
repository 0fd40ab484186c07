"""担当者ログイン: a door of its own, with its own cookie, that opens nothing else."""

import asyncio
from collections.abc import Awaitable, Callable

import argon2
import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.alike import as_if_known, face
from tests.support.html import elements, words
from tests.support.journeys import twice
from tests.support.office import LOGIN, at_work, bounce, enter, hand_in, hire, id_of, picked
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, natively, visit
from tests.support.product import CHEAP, Product
from web import clock
from web.demo.personas import ADMIN, CLERK, OFFICERS, READER, Officer
from web.office import staff
from web.security.passwords import Passwords
from web.store.staff import Role

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DESK, MYPAGE = "/office/", "/useridmg/mypage"
NEW = "atarashii-ashita-ga-kuru"
INVALID = "担当者IDまたはパスワードが違います。ご確認のうえ、もう一度入力してください。"
Try = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


async def test_a_member_of_staff_logs_in_and_out(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The page says whose side it is, who is in and what they may do; the cookie dies at 終了."""
    await hire(product, CLERK)
    page = await visit(visitor, DESK)
    assert (page.h1, page.address) == ("担当者ログイン", f"{LOGIN}?notice=login")
    typed = {"staff_name": " ＭＡＤＯＧＵＣＨＩ ", "password": CLERK.password}
    page = (await natively(visitor, LOGIN, typed)).page
    assert page.h1 == "担当者画面"
    assert "担当者：madoguchi（窓口）" in page.text
    assert page.title == "担当者画面｜軽自動車OSS 担当者画面"
    cookie = visitor.cookies["office"]
    page = (await natively(visitor, page.action("終了"), {})).page
    assert (page.h1, page.notice) == ("担当者ログイン", "ログアウトしました。")
    visitor.cookies.set("office", cookie)
    assert (await visit(visitor, DESK)).h1 == "担当者ログイン"


@pytest.mark.usefixtures("once")
async def test_a_log_in_that_fails_never_says_why(
    product: Product, visitor: httpx.AsyncClient, statements: list[str]
) -> None:
    """Unknown, wrong, shut out: the same page, for the same statements, and the name stays."""
    shut_out = Officer("madoguch2", Role.READER, READER.password)  # as long as the others
    for officer in (shut_out, CLERK):
        await hire(product, officer)
    services = product.services
    await services.write(staff.disable, shut_out.name)
    pages, costs = [], []
    for officer, password in (
        (Officer("madoguch1", Role.READER, "x"), "nobody has this one"),
        (CLERK, "not the right one at all"),
        (shut_out, shut_out.password),
    ):
        statements.clear()
        answer = await enter(visitor, officer, password)
        costs.append([*statements])
        page = await visit(visitor, answer.headers["Location"])
        assert (page.status, page.error("staff_name")) == (422, INVALID)
        assert page.value("staff_name") == officer.name
        pages.append(face(page.response, officer.name))
    assert pages[0] == pages[1] == pages[2]
    nobody, *others = costs
    assert len(nobody) > 4
    assert others == [as_if_known(nobody)] * 2


async def test_what_was_tried_is_written_down_without_what_was_typed(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Somebody who types the password into the name field finds it in no log."""
    await hire(product, CLERK)
    await enter(visitor, Officer(CLERK.password, Role.CLERK, ""), "x")
    await enter(visitor, CLERK, "wrong wrong wrong")
    await enter(visitor, CLERK)
    found = product.rows("SELECT event, detail FROM audit WHERE event LIKE 'office.login.%'")
    assert [(row["event"], row["detail"]) for row in found] == [
        ("office.login.failed", '{"who": "madoguchi"}'),
        ("office.login.done", '{"who": "madoguchi"}'),
    ]


async def test_guessing_is_slowed_down_and_a_new_password_opens_the_lock(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The same throttle as at マイページログイン, with counters of its own."""
    await hire(product, CLERK)
    for _ in range(5):
        await enter(visitor, CLERK, "wrong wrong wrong")
    answer = await enter(visitor, CLERK)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "パスワード初期化" not in Page(answer).text
    frozen.advance(1)
    assert (await enter(visitor, CLERK)).headers["Location"] == DESK


async def test_guesses_sent_at_once_are_slowed_down_like_others(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Thirty passwords in one breath: five are judged, the others wait for their turn."""
    await hire(product, CLERK)
    answers = await asyncio.gather(
        *(enter(visitor, CLERK, f"wrong wrong wrong {number}") for number in range(30))
    )
    assert sorted(answer.status_code for answer in answers) == [303] * 5 + [429] * 25
    failed = product.rows("SELECT seq FROM audit WHERE event = 'office.login.failed'")
    assert len(failed) == 5


async def test_a_locked_name_is_opened_by_a_new_password(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A hundred failures in a row, as for a 納付利用者ID; here the operator sets a password."""
    await hire(product, CLERK)
    for _ in range(100):
        await enter(visitor, CLERK, "wrong wrong wrong")
        frozen.advance(301)
    page = Page(await enter(visitor, CLERK))
    assert (page.status, "運用者に" in page.text) == (429, True)
    services = product.services
    hashed = await services.passwords.hash(NEW)
    await services.write(staff.set_password, CLERK.name, hashed)
    answer = await enter(visitor, CLERK, NEW)
    assert answer.headers["Location"] == DESK


async def test_an_id_of_a_user_is_not_throttled_by_the_office(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """A 担当者ID that reads like a 納付利用者ID has counters of its own."""
    for _ in range(6):
        await enter(visitor, Officer("knca6288", Role.READER, ""), "wrong wrong wrong")
    await log_in(visitor, ALICE)


async def test_each_cookie_opens_its_own_side_alone(
    product: Product, alice: httpx.AsyncClient, clerk: httpx.AsyncClient
) -> None:
    """Whatever name the cookie is given."""
    assert (await alice.get(DESK)).headers["Location"].startswith(LOGIN)
    assert (await clerk.get(MYPAGE)).headers["Location"].startswith("/useridmg/login")
    async with product.browser() as browser:
        browser.cookies.set("office", alice.cookies["session"])
        assert (await browser.get(DESK)).headers["Location"].startswith(LOGIN)
        browser.cookies.set("session", clerk.cookies["office"])
        assert (await browser.get(MYPAGE)).headers["Location"].startswith("/useridmg/login")


async def test_one_browser_can_be_on_both_sides(product: Product, alice: httpx.AsyncClient) -> None:
    """Who tests both has two log-ins; leaving one leaves the other."""
    await hire(product, CLERK)
    await enter(alice, CLERK)
    assert (await visit(alice, DESK)).h1 == "担当者画面"
    page = await visit(alice, MYPAGE)
    assert (page.h1, "madoguchi" in page.text) == ("マイページ", False)
    await alice.post("/office/leave")
    assert (await visit(alice, MYPAGE)).h1 == "マイページ"


@pytest.mark.parametrize("seconds", [30 * clock.MINUTE, 8 * clock.HOUR])
async def test_a_log_in_ends_by_itself(
    clerk: httpx.AsyncClient, frozen: FrozenClock, seconds: int
) -> None:
    """30 minutes without a request; 8 hours whatever happens."""
    end = frozen.at + seconds
    while frozen.at + 1700 < end and seconds > clock.HOUR:
        frozen.advance(1700)
        assert (await clerk.get(DESK)).status_code == 200
    frozen.at = end - 1
    assert (await clerk.get("/office/session")).json() == {"seconds": 1}
    frozen.advance(1)
    assert (await clerk.get("/office/session")).status_code == 401
    assert (await clerk.get(DESK)).headers["Location"] == f"{LOGIN}?notice=office-ended"


async def test_somebody_shut_out_is_out_at_once(product: Product, clerk: httpx.AsyncClient) -> None:
    """A dismissal does not wait for the end of a session."""
    services = product.services
    await services.write(staff.disable, CLERK.name)
    assert (await clerk.get(DESK)).headers["Location"].startswith(LOGIN)


ALLOWED = {
    "look": {Role.READER, Role.CLERK, Role.ADMIN},
    "act": {Role.CLERK, Role.ADMIN},
    "shut": {Role.ADMIN},
}


@pytest.mark.parametrize("officer", OFFICERS, ids=lambda officer: officer.role)
async def test_the_matrix_of_roles(product: Product, officer: Officer) -> None:
    """Every route of the office, by what it does; who may not is told 403 and changes nothing else."""
    product.post.answer = lambda _: "550 no such user"
    form, account_id = await hand_in(product, ALICE), await id_of(product, BOB)
    mail = await bounce(product)
    account, act = f"/office/accounts/{account_id}", f"/office/accounts/{account_id}/act"
    async with at_work(product, officer) as browser:
        tries: list[tuple[str, Try]] = [
            *(("look", _get(path)) for path in (
                DESK, "/office/forms", f"/office/forms/{form.id}", "/office/accounts", account,
                "/office/mails", "/office/audit", "/office/session", "/office/password",
            )),
            ("look", _post("/office/accounts", sought="KNCA")),
            ("look", _post("/office/session/stay")),
            ("act", _get(picked(form, "receive"))),
            ("act", _post(act, act="unlock", reason="電話で確認")),
            ("act", _post(act, act="end-sessions", reason="電話で確認")),
            ("act", _post(f"/office/mails/{mail}/resend")),
            ("act", _post(picked(form, "receive"))),
            ("shut", _post(act, act="disable", reason="電話で確認")),
            ("shut", _post(act, act="enable", reason="電話で確認")),
            ("shut", _get(f"{account}/retire")),
            ("shut", _post(f"{account}/retire", typed_id="KNCA6289", reason="電話で確認")),
        ]  # fmt: skip
        for what, attempt in tries:
            await product.settle()
            before = product.content()
            answer = await attempt(browser)
            if officer.role in ALLOWED[what]:
                assert answer.status_code in {200, 303, 409}, answer.url
            else:
                assert answer.status_code == 403, answer.url
                assert Page(answer).h1 == "この操作の権限がありません"
                assert unaudited(product.content()) == unaudited(before)


def unaudited(content: list[str]) -> list[str]:
    """Leave the trail out, which tells of the refusal."""
    return [line for line in content if not line.startswith("('audit")]


def _get(path: str) -> Try:
    return lambda browser: browser.get(path)


def _post(path: str, **data: str) -> Try:
    return lambda browser: browser.post(path, data=data)


async def test_htmx_is_told_where_to_log_in(visitor: httpx.AsyncClient) -> None:
    """401 with HX-Redirect, as everywhere."""
    answer = await visitor.post("/office/accounts", data={"sought": "x"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, f"{LOGIN}?notice=login")


async def test_another_page_of_the_office_is_a_404_that_leads_back(
    admin: httpx.AsyncClient,
) -> None:
    """Nobody's account, nobody's form, nobody's mail."""
    for path in ("/office/accounts/0", "/office/forms/0", "/office/nothing"):
        page = Page(await admin.get(path))
        assert page.status == 404
        assert page.link("担当者画面へ戻る") == DESK
    act = {"act": "unlock", "reason": "x"}
    assert (await admin.post("/office/accounts/0/act", data=act)).status_code == 404
    assert (await admin.post("/office/mails/0/resend")).status_code == 404


def test_the_roles_stand_in_order() -> None:
    """Each may do what those before may, and no more."""
    assert [[role.may(needed) for needed in Role] for role in Role] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    assert [officer.role for officer in OFFICERS] == [READER.role, CLERK.role, ADMIN.role]


async def test_the_menu_shows_where_one_is(product: Product, reader: httpx.AsyncClient) -> None:
    """The list itself, or the part of the 担当者画面 that a page belongs to; nothing at the desk."""
    account = await id_of(product, ALICE)
    for path, marked in (
        (DESK, []),
        ("/office/audit?event=login.failed", [("page", "操作履歴")]),
        ("/office/accounts", [("page", "利用者")]),
        (f"/office/accounts/{account}", [("true", "利用者")]),
    ):
        page = await visit(reader, path)
        menu = [
            each for each in elements(page.root, "nav") if each.get("aria-label") == "担当者画面"
        ]
        links = [link for each in menu for link in elements(each, "a")]
        shown = [(str(link.get("aria-current")), words(link)) for link in links]
        assert [each for each in shown if each[0] != "None"] == marked


@pytest.mark.parametrize("overtaken_by", ["set-password", "disable", "change"])
async def test_a_password_that_was_judged_before_a_change_opens_nothing(
    product: Product,
    visitor: httpx.AsyncClient,
    clerk: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    overtaken_by: str,
) -> None:
    """The change ends every log-in; one that was waiting for its hash must not come after it."""
    verify = Passwords.verify
    hashed = await product.services.passwords.hash(NEW)

    async def overtaken(passwords: Passwords, stored: str, typed: str) -> bool:
        verdict = await verify(passwords, stored, typed)
        monkeypatch.setattr(Passwords, "verify", verify)
        if overtaken_by == "set-password":
            await product.services.write(staff.set_password, CLERK.name, hashed)
        elif overtaken_by == "disable":
            await product.services.write(staff.disable, CLERK.name)
        else:
            new = {"current_password": CLERK.password, **twice(NEW)}
            await asyncio.create_task(clerk.post("/office/password", data=new))
        return verdict

    monkeypatch.setattr(Passwords, "verify", overtaken)
    answer = await enter(visitor, CLERK)
    assert answer.headers["Location"].startswith(LOGIN)
    assert product.rows("SELECT 1 FROM audit WHERE event = 'office.login.done'")[1:] == []
    assert (await visit(visitor, DESK)).h1 == "担当者ログイン"


async def test_an_old_hash_is_renewed_at_log_in(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """A hash made with other parameters is made again, and the password still works."""
    await hire(product, CLERK)
    old = argon2.PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(CLERK.password)
    await product.meddle("UPDATE staff SET password_hash = :old", old=old)
    for _ in range(2):
        assert (await enter(visitor, CLERK)).headers["Location"] == DESK
        now = product.rows("SELECT password_hash FROM staff")[0]["password_hash"]
        assert argon2.extract_parameters(now) == CHEAP


async def test_twenty_log_ins_at_once_all_get_in_while_the_hash_is_renewed(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Whichever renews it first; the others find the new hash."""
    await hire(product, CLERK)
    old = argon2.PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(CLERK.password)
    await product.meddle("UPDATE staff SET password_hash = :old", old=old)
    answers = await asyncio.gather(*(enter(visitor, CLERK) for _ in range(20)))
    assert {answer.headers["Location"] for answer in answers} == {DESK}
