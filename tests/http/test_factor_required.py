"""A second factor that everybody must have: announced before its day; a password alone registers none for its thief."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.http.test_factors import listed
from tests.support import codes
from tests.support.authenticator import Authenticator, wanted
from tests.support.codes import FACTORS, code, press_log_in, secret_on
from tests.support.office import at_work, id_of
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.post import Mail, PostOffice
from tests.support.press import Press, natively, visit
from tests.support.product import Product, running
from web import clock
from web.clock import DAY, MINUTE
from web.demo.personas import CLERK
from web.features.warnings import Lookout
from web.security import throttle
from web.services import Services
from web.steps.factor_mailed import MAILED_PER_HOUR
from web.steps.factor_pages import OTHERS_FIRST
from web.steps.second_form import WRONG_MAILED

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PROVE, MYPAGE = f"{FACTORS}/prove?for=app", "/useridmg/mypage"
PASSWORD = {"current_password": ALICE.payment_password}
OVER = "時間がたったため、はじめからやり直してください。"
CODE, ANNOUNCED = "確認コードのご連絡", "二段階の確認についてのお知らせ"
COMING = "から、ログインに二段階の確認が必要になります。"


@pytest.fixture
async def required(post: PostOffice, frozen: FrozenClock, tmp_path: Path) -> AsyncIterator[Product]:
    """Run the product where every 利用者 must have a second factor."""
    assert frozen.at
    async with running(tmp_path, post, MYPAGE_SECOND_FACTOR="all") as product:
        yield product


@pytest.fixture
async def newcomer(required: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Alice's password logged in, and nothing else."""
    async with required.browser() as browser:
        assert (await press_log_in(browser, ALICE)).h1 == "ログインの方法"
        yield browser


def mails(product: Product, subject: str) -> list[Mail]:
    """Give the mails under a subject."""
    return [mail for mail in product.post.mails if mail.subject.endswith(subject)]


async def mailed(product: Product) -> str:
    """Read the newest code out of the mailbox."""
    await product.settle()
    (found,) = re.findall(r"^[0-9]{8}$", mails(product, CODE)[-1].body, re.MULTILINE)
    return str(found)


async def start(browser: httpx.AsyncClient, press: Press = natively) -> Page:
    """Type the password, and see what comes."""
    page = await visit(browser, PROVE)
    return (await press(browser, page.action("確認"), PASSWORD)).page


async def test_the_first_app_asks_the_password_and_a_mailed_code(
    required: Product, newcomer: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Then the app is registered as everywhere, and the screens open."""
    page = await start(newcomer, press)
    assert page.h1 == "メールの確認"
    typed = {"mailed_code": await mailed(required)}
    page = (await press(newcomer, page.action("確認"), typed)).page
    assert page.h1 == "認証アプリの登録"
    given = {"name": "花子の電話", "code": code(frozen.at, secret_on(page))}
    page = (await press(newcomer, page.action("登録"), given)).page
    assert page.notice.startswith("認証アプリを登録しました。")
    assert (await visit(newcomer, MYPAGE)).h1 == "マイページ"


async def test_a_password_alone_registers_nothing_for_its_thief(
    required: Product, newcomer: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The value of the page that asks the mailed code opens none of the pages behind it."""
    page = await start(newcomer)
    step = page.address.partition("step=")[2].partition("&")[0]
    assert (await visit(newcomer, f"{FACTORS}/app?step={step}")).notice == OVER
    given = {"name": "電話", "code": code(frozen.at)}
    await natively(newcomer, f"{FACTORS}/app?step={step}", given)
    assert required.rows("SELECT 1 FROM code_apps") == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "メールの確認コードを入力してください。"),
        ("1234567", "確認コードは8桁の数字です。現在は7桁です。"),
        ("123456789", "確認コードは8桁の数字です。現在は9桁です。"),
        ("1234567a", "「a」は使えません。確認コードは数字で入力してください。"),
    ],
)
async def test_what_is_no_mailed_code_is_said_and_not_counted(
    required: Product, newcomer: httpx.AsyncClient, press: Press, typed: str, message: str
) -> None:
    """Nothing was tried."""
    page = await start(newcomer, press)
    page = (await press(newcomer, page.action("確認"), {"mailed_code": typed})).page
    assert (page.status, page.error("mailed_code")) == (422, message)
    assert required.rows("SELECT 1 FROM audit WHERE event = 'second.failed'") == []


async def test_a_mailed_code_may_be_typed_in_any_width_and_with_blanks(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """What people type is the code, not its spelling."""
    page = await start(newcomer)
    found = await mailed(required)
    wide = found.translate({ord("0") + n: ord("０") + n for n in range(10)})
    typed = {"mailed_code": f" {wide[:4]}　{wide[4:]}"}
    assert (await natively(newcomer, page.action("確認"), typed)).page.h1 == "認証アプリの登録"


async def test_mailed_codes_are_guessed_no_further_than_other_codes(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """The same counter, by whose account it is: a new mail does not begin it anew."""
    page = await start(newcomer)
    right = await mailed(required)
    wrong = {"mailed_code": f"{(int(right) + 1) % 10**8:08d}"}
    for _ in range(throttle.FREE_TRIES):
        again = (await natively(newcomer, page.action("確認"), wrong)).page
        assert (again.error("mailed_code"), again.value("mailed_code")) == (WRONG_MAILED, "")
    given = {"mailed_code": right}
    assert (await natively(newcomer, page.action("確認"), given)).page.status == 429
    later = await start(newcomer)
    given = {"mailed_code": await mailed(required)}
    assert (await natively(newcomer, later.action("確認"), given)).page.status == 429


async def test_a_right_mailed_code_forgets_the_wrong_ones(
    required: Product, newcomer: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Its owner has mistyped it four times; the first code of the new app is not counted after them."""
    page = await start(newcomer)
    right = await mailed(required)
    for _ in range(throttle.FREE_TRIES - 1):
        await natively(newcomer, page.action("確認"), {"mailed_code": "00000000"})
    assert required.rows("SELECT number FROM failures WHERE scope = 'second'") == [
        {"number": throttle.FREE_TRIES - 1}
    ]
    await natively(newcomer, page.action("確認"), {"mailed_code": right})
    assert required.rows("SELECT number FROM failures WHERE scope = 'second'") == []


async def test_a_mailed_code_is_in_the_trail_and_its_mail_ends_with_it(
    required: Product, newcomer: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Whose it is, and when it is worth nothing any more: a mail that waited longer is not sent."""
    account = await id_of(required, ALICE)
    await start(newcomer)
    asked = "SELECT account_id FROM audit WHERE event = 'factors.asked'"
    assert required.rows(asked) == [{"account_id": account}]
    kept = "SELECT account_id, expires_at FROM outbox WHERE once_key LIKE 'factor_code:%'"
    ends = frozen.at + 10 * MINUTE
    assert required.rows(kept) == [{"account_id": account, "expires_at": ends}]


async def test_a_mailed_code_that_is_pressed_again_leads_back(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """Its step is used up; the page was no fault, and offers to begin anew for the same."""
    page = await start(newcomer)
    assert page.status == 200
    typed = {"mailed_code": await mailed(required)}
    anew = await visit(newcomer, page.link("確認コードをもう一度送信する"))
    assert (anew.h1, anew.address) == ("ご本人の確認", PROVE)
    assert (await natively(newcomer, page.action("確認"), typed)).page.h1 == "認証アプリの登録"
    assert (await natively(newcomer, page.action("確認"), typed)).page.notice == OVER


async def test_who_is_shut_out_while_the_mailed_code_is_typed_registers_nothing(
    required: Product, newcomer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """停止 between the look at the log-in and the write."""
    page, write = await start(newcomer), Services.write
    assert (
        "利用者管理用メールアドレスに確認コードを送信します" in (await visit(newcomer, PROVE)).text
    )
    typed = {"mailed_code": await mailed(required)}

    async def overtaken(services: Services, *flow: Any, **more: Any) -> Any:
        await required.meddle("UPDATE accounts SET disabled_at = 1")
        return await write(services, *flow, **more)

    monkeypatch.setattr(Services, "write", overtaken)
    answer = await newcomer.post(page.action("確認"), data=typed)
    monkeypatch.undo()
    assert answer.headers["Location"].startswith("/useridmg/login")
    live = "SELECT purpose FROM second_steps WHERE used_at IS NULL"
    assert [row["purpose"][:6] for row in required.rows(live)] == ["mailed"]


@pytest.mark.parametrize("what", ["mailed", "app", "passkey", "codes"])
async def test_a_step_that_another_press_uses_up_meanwhile_leads_back(
    required: Product,
    newcomer: httpx.AsyncClient,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    """Between the look at it and the write, at every page of one."""
    if what == "codes":
        await codes.give_app(required, await id_of(required, ALICE))
        frozen.advance(MINUTE)
        page = await visit(newcomer, f"{FACTORS}/prove?for=codes")
        page = (await natively(newcomer, page.action("確認"), {"code": code(frozen.at)})).page
        typed = {"recovery_code": listed(page)[0]}
    else:
        kind = "passkey" if what == "passkey" else "app"
        page = await visit(newcomer, f"{FACTORS}/prove?for={kind}")
        page = (await natively(newcomer, page.action("確認"), PASSWORD)).page
        typed = {"mailed_code": await mailed(required)}
    if what in {"app", "passkey"}:
        page = (await natively(newcomer, page.action("確認"), typed)).page
        typed = {"name": "電話"}
        if what == "app":
            typed["code"] = code(frozen.at, secret_on(page))
        else:
            typed["credential"] = Authenticator().make(wanted(page))
    write = Services.write

    async def overtaken(services: Services, *flow: Any, **more: Any) -> Any:
        await required.meddle("UPDATE second_steps SET used_at = 1")
        return await write(services, *flow, **more)

    monkeypatch.setattr(Services, "write", overtaken)
    answer = await newcomer.post(page.address, data=typed)
    monkeypatch.undo()
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{FACTORS}?notice=second-over"
    assert required.rows("SELECT 1 FROM passkeys") == []


async def test_five_codes_are_mailed_within_an_hour(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """The number as docs/security.md has it: whoever knows the password fills no mailbox."""
    for _ in range(5):
        assert (await start(newcomer)).h1 == "メールの確認"
    assert (await start(newcomer)).status == 429
    await required.settle()
    assert len(mails(required, CODE)) == 5


async def test_a_mailed_code_is_good_once_for_one_session_and_ten_minutes(
    required: Product, newcomer: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Nor for the page of a mail before, nor for Alice's other browser."""
    first = await start(newcomer)
    old = {"mailed_code": await mailed(required)}
    page = await start(newcomer)
    answer = (await natively(newcomer, page.action("確認"), old)).page
    assert answer.error("mailed_code") == WRONG_MAILED
    async with required.browser() as other:
        await press_log_in(other, ALICE)
        assert (await natively(other, first.action("確認"), old)).page.notice == OVER
    given = {"mailed_code": await mailed(required)}
    assert (await natively(newcomer, page.action("確認"), given)).page.h1 == "認証アプリの登録"
    assert (await natively(newcomer, page.action("確認"), given)).page.notice == OVER
    frozen.advance(10 * MINUTE)
    assert (await natively(newcomer, first.action("確認"), old)).page.notice == OVER


async def test_without_the_password_no_code_is_mailed(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """A stolen session fills nobody's mailbox; with it five times an hour."""
    page = await visit(newcomer, PROVE)
    await natively(newcomer, page.action("確認"), {"current_password": "not it"})
    await required.settle()
    assert mails(required, CODE) == []
    for _ in range(MAILED_PER_HOUR):
        assert (await start(newcomer)).h1 == "メールの確認"
    assert (await start(newcomer)).status == 429
    await required.settle()
    assert len(mails(required, CODE)) == MAILED_PER_HOUR


async def test_the_page_of_the_mailed_code_writes_nothing_when_it_is_reloaded(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """And the code is in no row: it is made from the key and the step."""
    page = await start(newcomer)
    found = await mailed(required)
    before = required.content()
    assert (await visit(newcomer, page.address)).h1 == "メールの確認"
    assert required.content() == before
    assert not any(found in line for line in before)


async def test_a_second_app_asks_no_mail(required: Product, frozen: FrozenClock) -> None:
    """Who has a factor proves it by that."""
    await codes.give_app(required, await id_of(required, ALICE))
    async with required.browser() as browser:
        await codes.enter(browser, ALICE, frozen.at)
        frozen.advance(MINUTE)
        page = await visit(browser, PROVE)
        page = (await natively(browser, page.action("確認"), {"code": code(frozen.at)})).page
        assert page.h1 == "認証アプリの登録"


@pytest.mark.parametrize("paper", [False, True], ids=["code", "paper"])
async def test_the_last_factor_stays_where_one_is_required(
    required: Product, frozen: FrozenClock, paper: bool
) -> None:
    """Said at the field that is there: who came by a 予備コード is asked for no code."""
    account = await id_of(required, ALICE)
    await codes.give_app(required, account)
    await codes.give_paper(required, account)
    (app,) = required.rows("SELECT id FROM code_apps")
    async with required.browser() as browser:
        if paper:
            await press_log_in(browser, ALICE)
            given = {"recovery_code": f"01{codes.PAPER[0]}"}
            await natively(browser, f"{codes.SECOND}?codes=1", given)
        else:
            await codes.enter(browser, ALICE, frozen.at)
        frozen.advance(MINUTE)
        typed = {"act": "remove", "code": code(frozen.at)}
        page = (await natively(browser, f"{FACTORS}/edit?app={app['id']}", typed)).page
        assert page.status == 422
        assert page.error("name" if paper else "code") == OTHERS_FIRST
    assert len(required.rows("SELECT id FROM code_apps")) == 1


async def test_two_tabs_at_once_leave_one_factor(required: Product, frozen: FrozenClock) -> None:
    """Each removes the other one, at the same moment: one of them has to stay."""
    account = await id_of(required, ALICE)
    for name in ("甲", "乙"):
        await codes.give_app(required, account, name=name)
    found = required.rows("SELECT id FROM code_apps")
    async with required.browser() as browser:
        await codes.enter(browser, ALICE, frozen.at)
        frozen.advance(MINUTE)
        presses = [
            browser.post(
                f"{FACTORS}/edit?app={app['id']}",
                data={"act": "remove", "code": code(frozen.at + 30 * number)},
            )
            for number, app in enumerate(found)
        ]
        answers = await asyncio.gather(*presses)
    assert sorted("again=1" in answer.headers["Location"] for answer in answers) == [False, True]
    assert len(required.rows("SELECT 1 FROM code_apps")) == 1


async def test_where_it_is_optional_the_password_is_enough(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """As before: nobody gets a mail for what nobody must have."""
    assert (await start(alice)).h1 == "認証アプリの登録"
    await product.settle()
    assert mails(product, CODE) == []


def _from(at: int) -> dict[str, str]:
    day = clock.in_tokyo(at).date().isoformat()
    return {"MYPAGE_SECOND_FACTOR_FROM": day, "MYPAGE_OFFICE_SECOND_FACTOR": "required"}


async def test_the_day_is_announced_on_my_page_at_log_in_and_in_the_office(
    post: PostOffice, frozen: FrozenClock, tmp_path: Path
) -> None:
    """Until it comes, to those whom it concerns and who have none; the mailed code is asked already."""
    environ = _from(frozen.at + 40 * DAY)
    begins = clock.day_at(frozen.at + 40 * DAY)
    said = f"{begins}{COMING}"
    async with (
        running(tmp_path, post, MYPAGE_SECOND_FACTOR="corporate", **environ) as product,
        product.browser() as company,
        product.browser() as person,
        at_work(product, CLERK) as office,
    ):
        assert f"{said}法人の方が対象です。" in (await visit(company, "/useridmg/login")).text
        assert said in (await visit(office, "/office/login")).text
        assert said in (await visit(office, "/office/")).text
        await log_in(company, ALICE)
        assert said in (await visit(company, MYPAGE)).text
        await log_in(person, BOB)
        assert said not in (await visit(person, MYPAGE)).text
        assert (await start(company)).h1 == "メールの確認"
        await codes.give_app(product, await id_of(product, ALICE))
        assert said not in (await visit(company, MYPAGE)).text
        frozen.advance(40 * DAY)
        assert said not in (await visit(person, "/useridmg/login")).text


async def test_the_day_is_mailed_thirty_days_and_a_week_before(
    post: PostOffice, frozen: FrozenClock, tmp_path: Path
) -> None:
    """Once each, to companies without a factor, however often the server starts."""
    start_at, environ = frozen.at, _from(frozen.at + 40 * DAY)
    begins = clock.parse_iso(f"{environ['MYPAGE_SECOND_FACTOR_FROM']}T00:00:00+09:00")
    async with running(tmp_path, post, MYPAGE_SECOND_FACTOR="corporate", **environ) as product:
        counts = []
        for at in (
            start_at,
            begins - 30 * DAY - 1,
            begins - 30 * DAY,
            begins - 7 * DAY,
            begins - 1,
            begins,
        ):
            frozen.at = at
            for _ in range(2):
                lookout = Lookout(product.services)
                for _ in range(3):
                    await lookout.look()
                    await product.settle()
            counts.append(
                len([each for each in mails(product, ANNOUNCED) if each.to == "k-oss@example.jp"])
            )
        assert counts == [0, 0, 1, 2, 2, 2]
        assert not [each for each in mails(product, ANNOUNCED) if each.to == "hanako@example.jp"]
        mail = mails(product, ANNOUNCED)[0]
        assert clock.day_at(begins) in mail.body
        assert "useridmg" not in mail.body


async def test_who_has_a_factor_is_not_told_to_register_one(
    post: PostOffice, frozen: FrozenClock, tmp_path: Path
) -> None:
    """Nor somebody who is shut out."""
    environ = _from(frozen.at + 20 * DAY)
    async with running(tmp_path, post, MYPAGE_SECOND_FACTOR="all", **environ) as product:
        await codes.give_app(product, await id_of(product, ALICE))
        await product.disable(BOB)
        lookout = Lookout(product.services)
        for _ in range(3):
            await lookout.look()
            await product.settle()
        told = {mail.to for mail in mails(product, ANNOUNCED)}
        assert told
        assert not told & {"k-oss@example.jp", "hanako@example.jp"}
