"""ログインの確認: a right password alone logs nobody in who has a second factor."""

import asyncio

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support import codes
from tests.support.codes import FACTORS, SECOND, code, enter, press_log_in
from tests.support.office import id_of
from tests.support.people import ALICE, BOB
from tests.support.press import Press, natively, visit
from tests.support.product import Product
from web.clock import DAY, MINUTE
from web.security import second_throttle, throttle
from web.steps.second_form import USED, WRONG

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN, MYPAGE = "/useridmg/login", "/useridmg/mypage"
OVER = "時間がたったため、はじめからやり直してください。"
PAPER = "01-ABCD-EFGH-JKMN"


@pytest.fixture
async def alice_id(product: Product) -> str:
    """Give Alice an app and two 予備コード; give the id of her account."""
    found = await id_of(product, ALICE)
    await codes.give_app(product, found)
    await codes.give_paper(product, found)
    return found


@pytest.fixture
async def asked(product: Product, alice_id: str, visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """Give a browser in which Alice's right password was typed, and nothing else."""
    assert alice_id
    assert (await press_log_in(visitor, ALICE)).h1 == "ログインの確認"
    return visitor


def events(product: Product, event: str) -> int:
    """Count the events of a kind."""
    return len(product.rows("SELECT 1 FROM audit WHERE event = ?", event))


def told(product: Product) -> list[str]:
    """Give the mails about the second factor."""
    subject = "【軽自動車OSS】ログインの方法についてのご連絡"
    return [mail.body for mail in product.post.mails if mail.subject == subject]


async def test_a_right_password_alone_opens_nothing(
    product: Product, asked: httpx.AsyncClient
) -> None:
    """No session, no device: the next screen asks who it is."""
    assert "session" not in asked.cookies
    assert "device" not in asked.cookies
    assert (await visit(asked, MYPAGE)).h1 == "マイページログイン"
    assert events(product, "login.done") == 0


async def test_the_page_that_asks_a_code_is_of_its_browser_for_ten_minutes(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """It is no fault yet; what was refused is one, and shown again."""
    await codes.give_app(product, await id_of(product, ALICE))
    given = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    answer = await visitor.post("/useridmg/login", data=given)
    (cookie,) = [
        each for each in answer.headers.get_list("Set-Cookie") if each.startswith("second-login=")
    ]
    assert "Max-Age=600;" in f"{cookie};"
    assert "HttpOnly" in cookie
    for address in (SECOND, f"{SECOND}?codes=1"):
        page = await visit(visitor, address)
        assert (page.status, page.h1) == (200, "ログインの確認")
        assert page.action("確認") == address
    page = await visit(visitor, SECOND)
    assert page.link("予備コードを使う") == f"{SECOND}?codes=1"
    assert (await press(visitor, SECOND, {"code": "000000"})).page.status == 422


async def test_password_and_code_log_in(
    product: Product, asked: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """操作履歴 says by which app somebody came."""
    page = (await press(asked, SECOND, {"code": code(frozen.at)})).page
    assert page.h1 == "マイページ"
    history = (await visit(asked, "/useridmg/activity")).text
    assert "確認の方法：認証アプリ" in history
    assert "認証アプリの名前：花子のスマートフォン" in history
    assert product.rows("SELECT method FROM sessions") == [{"method": "app"}]


async def test_who_knows_the_password_alone_pushes_no_owner_out(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Of twenty steps the oldest goes: right passwords without a second factor become rarer, too."""
    async with product.browser("203.0.113.66") as thief:
        told = []
        for _ in range(30):
            typed = {"user_id": "KNCA6288", "password": ALICE.payment_password}
            told.append((await thief.post(LOGIN, data=typed)).status_code)
    assert told == [303] * throttle.FREE_TRIES + [429] * (30 - throttle.FREE_TRIES)
    assert (await natively(asked, SECOND, {"code": code(frozen.at)})).page.h1 == "マイページ"


async def test_an_owner_s_own_device_begins_as_often_as_it_likes(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """What it began and did not finish is held against nobody."""
    assert (await natively(asked, SECOND, {"code": code(frozen.at)})).page.h1 == "マイページ"
    for _ in range(2 * throttle.FREE_TRIES):
        assert (await press_log_in(asked, ALICE)).h1 == "ログインの確認"
    async with product.browser() as new:
        assert (await press_log_in(new, ALICE)).h1 == "ログインの確認"


@pytest.mark.parametrize("typed", ["１２３４５６", "123 456", " 123-456　"])
async def test_a_code_may_be_typed_in_any_width_and_with_blanks(
    asked: httpx.AsyncClient, frozen: FrozenClock, typed: str
) -> None:
    """What people type is the code, not its spelling."""
    spelled = code(frozen.at)
    wide = spelled.translate({ord("0") + n: ord("０") + n for n in range(10)})
    given = {"１２３４５６": wide, "123 456": f"{spelled[:3]} {spelled[3:]}"}
    page = (
        await natively(asked, SECOND, {"code": given.get(typed, f" {spelled[:3]}-{spelled[3:]}　")})
    ).page
    assert page.h1 == "マイページ"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "確認コードを入力してください。"),
        ("12345", "確認コードは6桁の数字です。現在は5桁です。"),
        ("1234567", "確認コードは6桁の数字です。現在は7桁です。"),
        ("12345a", "「a」は使えません。確認コードは数字で入力してください。"),
        ("9" * 500, "長すぎます。400文字以内で入力してください。現在は500文字です。"),
    ],
)
async def test_what_is_no_code_is_not_counted(
    product: Product, asked: httpx.AsyncClient, press: Press, typed: str, message: str
) -> None:
    """It says what is missing; nothing was tried."""
    page = (await press(asked, SECOND, {"code": typed})).page
    assert (page.status, page.error("code")) == (422, message)
    assert events(product, "second.failed") == 0


@pytest.mark.parametrize(
    ("off", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
async def test_the_step_before_and_the_one_after_count(
    asked: httpx.AsyncClient, frozen: FrozenClock, off: int, fits: bool
) -> None:
    """Clocks of telephones differ by half a minute, not by more."""
    page = (await natively(asked, SECOND, {"code": code(frozen.at + 30 * off)})).page
    assert (page.h1 == "マイページ") == fits
    assert fits or page.error("code") == WRONG


async def test_a_code_is_good_once(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Whoever looked over a shoulder comes too late, also within the half minute."""
    assert (await natively(asked, SECOND, {"code": code(frozen.at)})).page.h1 == "マイページ"
    async with product.browser() as other:
        page = await enter(other, ALICE, frozen.at)
        assert page.error("code") == USED
        page = (await natively(other, SECOND, {"code": code(frozen.at - 30)})).page
        assert page.error("code") == USED  # older than one that was used
        page = (await natively(other, SECOND, {"code": code(frozen.at + 30)})).page
        assert page.h1 == "マイページ"


async def test_a_clock_set_back_accepts_no_old_code(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The newest step used is stored: the server's clock alone decides nothing."""
    assert (await natively(asked, SECOND, {"code": code(frozen.at)})).page.h1 == "マイページ"
    frozen.advance(-DAY)
    async with product.browser() as other:
        page = await enter(other, ALICE, frozen.at)
        assert page.error("code") == USED


async def test_forty_presses_of_one_code_are_one_log_in(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The code and the session are one transaction."""
    given = {"code": code(frozen.at)}
    await asyncio.gather(*(asked.post(SECOND, data=given) for _ in range(40)))
    assert len(product.rows("SELECT 1 FROM sessions")) == 1
    assert events(product, "login.done") == 1


async def test_two_right_codes_at_once_on_one_step_are_one_log_in(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """That of this half minute and that of the next: the step is used up by one of them."""
    codes_now = [code(frozen.at), code(frozen.at + 30)] * 10
    await asyncio.gather(*(asked.post(SECOND, data={"code": each}) for each in codes_now))
    assert len(product.rows("SELECT 1 FROM sessions")) == 1


async def test_forty_presses_of_one_recovery_code_are_one_log_in(
    product: Product, asked: httpx.AsyncClient
) -> None:
    """It is used up by one statement that succeeds once."""
    given = {"recovery_code": PAPER}
    await asyncio.gather(*(asked.post(f"{SECOND}?codes=1", data=given) for _ in range(40)))
    assert len(product.rows("SELECT 1 FROM sessions")) == 1
    assert events(product, "codes.used") == 1


async def test_one_recovery_code_at_two_doors_at_once_opens_one(
    product: Product, asked: httpx.AsyncClient
) -> None:
    """Two log-ins that wait for it, in two browsers: the code is used up by one of them."""
    async with product.browser() as other:
        await press_log_in(other, ALICE)
        given = {"recovery_code": PAPER}
        await asyncio.gather(
            *(browser.post(f"{SECOND}?codes=1", data=given) for browser in (asked, other))
        )
    assert len(product.rows("SELECT 1 FROM sessions")) == 1


async def test_a_recovery_code_logs_in_once_and_is_mailed(
    product: Product, asked: httpx.AsyncClient, press: Press
) -> None:
    """In small letters, without hyphens, with O for 0: as people copy it from paper."""
    page = await visit(asked, SECOND)
    page = await visit(asked, page.link("予備コードを使う"))
    page = (await press(asked, page.action("確認"), {"recovery_code": "01abcd efgh jkmn"})).page
    assert page.h1 == "マイページ"
    await product.settle()
    assert "予備コードが使われました。残りは1個です。" in told(product)[-1]
    async with product.browser() as other:
        await press_log_in(other, ALICE)
        page = (await natively(other, f"{SECOND}?codes=1", {"recovery_code": PAPER})).page
        assert page.error("recovery_code").startswith("この予備コードは使えません。")


async def test_wrong_codes_are_delayed_and_then_closed_whatever_passwords_follow(
    product: Product, asked: httpx.AsyncClient, alice_id: str, frozen: FrozenClock
) -> None:
    """Each right password would else allow new guesses; a reset does not open it, the office does."""
    for _ in range(throttle.FREE_TRIES):
        assert (await natively(asked, SECOND, {"code": code(frozen.at + DAY)})).page.status == 422
    assert (await natively(asked, SECOND, {"code": code(frozen.at)})).page.status == 429
    frozen.advance(MINUTE)
    async with product.browser() as other:  # the failures are Alice's, not the browser's
        await press_log_in(other, ALICE)
        await natively(other, SECOND, {"code": code(frozen.at + DAY)})
        assert (await natively(other, SECOND, {"code": code(frozen.at)})).page.status == 429
    await product.meddle("UPDATE failures SET number = 100 WHERE scope = 'second'")
    frozen.advance(DAY)
    await press_log_in(asked, ALICE)
    page = (await natively(asked, SECOND, {"code": code(frozen.at)})).page
    assert page.h1 == "確認コードを入力できません"
    assert "お問い合わせ先までご連絡ください" in page.text
    await product.services.write(second_throttle.passed, product.services.vault, alice_id)
    assert (await natively(asked, SECOND, {"code": code(frozen.at)})).page.h1 == "マイページ"


async def test_failures_of_the_password_stay_counted_until_the_code_is_right(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A right password with a wrong code forgets nothing."""
    assert alice_id
    for _ in range(3):
        await visitor.post(LOGIN, data={"user_id": "KNCA6288", "password": "not the password"})
    await press_log_in(visitor, ALICE)
    await natively(visitor, SECOND, {"code": code(frozen.at + DAY)})
    counted = "SELECT number FROM failures WHERE scope = 'id'"
    assert product.rows(counted) == [{"number": 3}]
    await natively(visitor, SECOND, {"code": code(frozen.at)})
    assert product.rows(counted) == []


async def test_after_five_wrong_codes_the_owner_is_mailed(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Whoever types them knows the password."""
    for _ in range(second_throttle.TOLD):
        await natively(asked, SECOND, {"code": code(frozen.at + DAY)})
    await product.settle()
    assert sum("違うコードが5回続けて入力されました" in text for text in told(product)) == 1


async def test_a_step_lives_ten_minutes_and_says_that_it_is_over(
    asked: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Then both factors are asked again."""
    frozen.advance(10 * MINUTE)
    page = (await press(asked, SECOND, {"code": code(frozen.at)})).page
    assert (page.h1, page.notice) == ("マイページログイン", OVER)


async def test_a_finished_step_is_dead(asked: httpx.AsyncClient, frozen: FrozenClock) -> None:
    """Back to it, and a new code: it logs nobody in a second time."""
    await natively(asked, SECOND, {"code": code(frozen.at)})
    await natively(asked, "/useridmg/leave", {})
    assert (await visit(asked, SECOND)).h1 == "マイページログイン"
    frozen.advance(MINUTE)
    page = (await natively(asked, SECOND, {"code": code(frozen.at)})).page
    assert (page.h1, page.notice) == ("マイページログイン", OVER)
    assert (await visit(asked, MYPAGE)).h1 == "マイページログイン"


async def test_other_requests_do_not_end_a_pending_step(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Help, a reload, the log-in form in a second tab; nor does somebody else who knows the password."""
    for address in (SECOND, "/help/faq", LOGIN, SECOND, "/"):
        await visit(asked, address)
    async with product.browser() as other:
        assert (await press_log_in(other, ALICE)).h1 == "ログインの確認"
    assert (await natively(asked, SECOND, {"code": code(frozen.at)})).page.h1 == "マイページ"


async def test_a_step_of_one_person_never_serves_another(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Bob's code does not finish Alice's log-in, nor does Alice's cookie open the office."""
    step = asked.cookies["second-login"]
    await codes.give_app(product, await id_of(product, BOB), name="別の")
    await product.meddle(
        "UPDATE code_apps SET last_step = 1099511627776 WHERE name = '花子のスマートフォン'"
    )
    assert (await natively(asked, SECOND, {"code": code(frozen.at)})).page.error("code") == USED
    asked.cookies.set("second-office_login", step)
    page = (await natively(asked, "/office/login/second", {"code": code(frozen.at)})).page
    assert (page.h1, page.notice) == ("担当者ログイン", OVER)


async def test_a_password_changed_meanwhile_ends_the_step(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Whoever knows only the old password gets no session after that."""
    await product.meddle("UPDATE credentials SET password_changed_at = 1 WHERE kind = 'payment'")
    page = (await natively(asked, SECOND, {"code": code(frozen.at)})).page
    assert (page.h1, page.notice) == ("マイページログイン", OVER)
    assert product.rows("SELECT 1 FROM sessions") == []


async def test_an_account_shut_meanwhile_stays_shut(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The office acts between password and code."""
    await product.disable(ALICE)
    page = (await natively(asked, SECOND, {"code": code(frozen.at)})).page
    assert page.h1 == "マイページログイン"
    assert product.rows("SELECT 1 FROM sessions") == []


async def test_a_removed_factor_is_not_asked_for(
    product: Product, alice_id: str, visitor: httpx.AsyncClient
) -> None:
    """The next log-in is as for everybody who has none."""
    await product.meddle("DELETE FROM code_apps WHERE owner_id = :id", id=alice_id)
    assert (await press_log_in(visitor, ALICE)).h1 == "マイページ"


async def test_nobody_learns_from_a_wrong_password_who_has_a_second_factor(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, statements: list[str]
) -> None:
    """The same page for the same statements, with an app and without."""
    assert alice_id
    seen = []
    for person in (BOB, ALICE, BOB):  # the first event of a process reads where the trail ends
        statements.clear()
        given = {"user_id": person.account.payment_user_id, "password": "not the password"}
        page = (await natively(visitor, LOGIN, given)).page
        seen.append((page.text.replace("KNCA6289", "KNCA6288"), len(statements)))
    assert seen[1] == seen[2]


async def test_codes_are_in_no_log_no_page_and_no_stash(
    product: Product, asked: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Neither typed ones nor secrets: a refused form comes back empty, an error page without them."""
    typed = code(frozen.at + DAY)
    for _ in range(throttle.FREE_TRIES):
        page = (await natively(asked, SECOND, {"code": typed})).page
        assert page.value("code") == ""
    page = (await natively(asked, SECOND, {"code": typed})).page
    assert page.status == 429
    assert typed not in page.response.text
    assert not any(typed in line for line in product.secrets.lines)


async def test_a_log_in_by_a_code_takes_no_session_over(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Whoever has planted a cookie, or kept one, holds nothing after it; nor does a made-up step."""
    assert alice_id
    await enter(visitor, ALICE, frozen.at)
    planted = visitor.cookies["session"]
    frozen.advance(MINUTE)
    assert (await enter(visitor, ALICE, frozen.at)).h1 == "マイページ"
    assert visitor.cookies["session"] != planted
    async with product.browser() as thief:
        thief.cookies.set("session", planted)
        assert (await visit(thief, MYPAGE)).h1 == "マイページログイン"
        thief.cookies.set("second-login", "a" * 43)
        frozen.advance(MINUTE)
        page = (await natively(thief, SECOND, {"code": code(frozen.at)})).page
        assert (page.h1, page.notice) == ("マイページログイン", OVER)


async def test_without_a_factor_nothing_is_new(product: Product, alice: httpx.AsyncClient) -> None:
    """The six procedures are as they were: My Page has one link more."""
    assert (await visit(alice, MYPAGE)).link("ログインの方法") == FACTORS
    async with product.browser() as other:
        await log_in(other, ALICE)
    assert product.rows("SELECT 1 FROM second_steps") == []
