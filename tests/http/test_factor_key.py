"""登録キー: the first second factor of a 担当者 who must have one; the password alone registers none for its thief."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support import codes
from tests.support.authenticator import Authenticator, wanted
from tests.support.codes import code, secret_on
from tests.support.office import at_work, hire
from tests.support.page import Page
from tests.support.passkeys import posts_to
from tests.support.post import PostOffice
from tests.support.press import Press, natively, visit
from tests.support.product import Product, running
from web import clock
from web.clock import DAY, MINUTE
from web.demo.personas import ADMIN, CLERK
from web.office import factor_key, staff
from web.security import throttle

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

FACTORS = "/office/factors"
PROVE = f"{FACTORS}/prove?for=app"
ENTER = {"password": CLERK.password}
PASSWORD = {"current_password": CLERK.password}


@pytest.fixture
async def required(post: PostOffice, frozen: FrozenClock, tmp_path: Path) -> AsyncIterator[Product]:
    """Run the product where every 担当者 must have a second factor."""
    assert frozen.at
    async with running(tmp_path, post, MYPAGE_OFFICE_SECOND_FACTOR="required") as product:
        yield product


@pytest.fixture
async def newcomer(required: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which a 担当者 of some days ago logged in by password, and nothing else."""
    async with at_work(required, CLERK) as browser:
        await required.meddle(
            "UPDATE staff SET created_at = created_at - :life", life=factor_key.LIFE
        )
        yield browser


async def test_who_has_just_been_made_a_member_of_staff_needs_none(
    required: Product, frozen: FrozenClock
) -> None:
    """The commands of an installation are enough; whoever waits three days has to ask."""
    async with at_work(required, CLERK) as browser:
        assert (await prove(browser)).h1 == "認証アプリの登録"
        frozen.advance(factor_key.LIFE - MINUTE)
        await natively(browser, "/office/login", {"staff_name": CLERK.name, **ENTER})
        assert (await prove(browser)).h1 == "認証アプリの登録"
        frozen.advance(MINUTE)
        assert (await prove(browser)).error("factor_key") == "登録キーを入力してください。"


async def made(product: Product, name: str = CLERK.name) -> str:
    """Make a key, as the operator does."""
    return await product.services.write(factor_key.make, name)


async def prove(browser: httpx.AsyncClient, press: Press = natively, **typed: str) -> Page:
    """Type the password, and more, before an app is registered."""
    page = await visit(browser, PROVE)
    return (await press(browser, page.action("確認"), {**PASSWORD, **typed})).page


async def test_the_first_app_of_the_office_asks_the_password_and_a_key(
    required: Product, newcomer: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """It may be typed as people copy it; the first factor ends it, and is asked for from then on."""
    key = await made(required)
    assert (await visit(newcomer, "/office/accounts")).h1 == "ログインの方法"
    page = await prove(newcomer, press, factor_key=f" {key.lower().replace('-', ' ')}　")
    assert page.h1 == "認証アプリの登録"
    secret = secret_on(page)
    typed = {"name": "窓口の電話", "code": code(frozen.at, secret)}
    page = (await press(newcomer, page.action("登録"), typed)).page
    assert page.notice.startswith("認証アプリを登録しました。")
    assert (await visit(newcomer, "/office/accounts")).h1 == "利用者"
    frozen.advance(MINUTE)
    page = await prove(newcomer, press, factor_key=key)
    assert page.error("code") == "確認コードを入力してください。"
    assert "登録キー" not in page.text


async def test_the_first_passkey_of_the_office_asks_for_it_too(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """Whatever is registered first."""
    page = await visit(newcomer, f"{FACTORS}/prove?for=passkey")
    refused = (await natively(newcomer, page.action("確認"), PASSWORD)).page
    assert refused.error("factor_key") == "登録キーを入力してください。"
    typed = {**PASSWORD, "factor_key": await made(required)}
    page = (await natively(newcomer, page.action("確認"), typed)).page
    given = {"name": "窓口の電話", "credential": Authenticator().make(wanted(page))}
    page = (await natively(newcomer, posts_to(page), given)).page
    assert page.notice.startswith("パスキーを登録しました。")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "登録キーを入力してください。"),
        ("K7QM2-XDP9R-TB4HW", "登録キーは、英数字20文字です。受け取ったとおりに入力してください。"),
        ("K7QM2-XDP9R-TB4HW-0Z5N!", "登録キーは、英数字20文字です。受け取ったとおりに入力してください。"),
    ],
    ids=["none", "too short", "another sign"],
)  # fmt: skip
async def test_what_is_no_key_is_said_and_not_counted(
    required: Product, newcomer: httpx.AsyncClient, press: Press, typed: str, message: str
) -> None:
    """Nothing was tried."""
    page = await prove(newcomer, press, factor_key=typed)
    assert (page.status, page.error("factor_key")) == (422, message)
    assert required.rows("SELECT 1 FROM audit WHERE event = 'office.second.failed'") == []


async def test_a_password_alone_registers_nothing_for_its_thief_in_the_office(
    required: Product, newcomer: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Nor does a key that is made up, somebody else's, an older one, or one of three days ago; each is counted."""
    await hire(required, ADMIN)
    others, older = await made(required, ADMIN.name), await made(required)
    newest = await made(required)
    for wrong in ("0" * 20, others, older):
        page = await prove(newcomer, press, factor_key=wrong)
        assert (page.status, page.error("factor_key")) == (422, factor_key.WRONG)
        assert page.value("factor_key") == ""
    failed = required.rows("SELECT detail FROM audit WHERE event = 'office.second.failed'")
    assert [CLERK.name in row["detail"] for row in failed] == [True] * 3
    frozen.advance(3 * DAY)
    async with required.browser() as later:
        given = {"staff_name": CLERK.name, "password": CLERK.password}
        await natively(later, "/office/login", given)
        page = await prove(later, press, factor_key=newest)
        assert page.error("factor_key") == factor_key.WRONG
    assert required.rows("SELECT 1 FROM code_apps") == []


async def test_keys_are_guessed_no_further_than_codes(
    required: Product, newcomer: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The counter of the codes; a new key does not open it, the right one does, when its time has come."""
    for _ in range(throttle.FREE_TRIES):
        await prove(newcomer, factor_key="0" * 20)
    key = await made(required)
    assert (await prove(newcomer, factor_key=key)).status == 429
    assert required.rows("SELECT number FROM failures WHERE scope = 'second'") == [{"number": 5}]
    frozen.advance(MINUTE)
    assert (await prove(newcomer, factor_key=key)).h1 == "認証アプリの登録"
    assert required.rows("SELECT number FROM failures WHERE scope = 'second'") == []


async def test_a_key_alone_registers_nothing(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """The password is asked all the same, and a wrong one is not the key's fault."""
    key = await made(required)
    page = await prove(newcomer, current_password="not it", factor_key=key)
    assert page.error("current_password").startswith("現在のパスワードが違います。")
    page = await prove(newcomer, current_password="", factor_key=key)
    assert page.error("current_password") == "現在のパスワードを入力してください。"
    assert (await prove(newcomer, factor_key=key)).h1 == "認証アプリの登録"


async def test_the_key_is_asked_before_its_day_too(
    post: PostOffice, frozen: FrozenClock, tmp_path: Path
) -> None:
    """Thieves have read the announcement as well."""
    day = clock.in_tokyo(frozen.at + 2 * DAY).date().isoformat()
    environ = {"MYPAGE_OFFICE_SECOND_FACTOR": "required", "MYPAGE_SECOND_FACTOR_FROM": day}
    async with running(tmp_path, post, **environ) as product, at_work(product, CLERK) as browser:
        await product.meddle("UPDATE staff SET created_at = 0")
        assert (await visit(browser, "/office/accounts")).h1 == "利用者"
        assert (await prove(browser)).error("factor_key") == "登録キーを入力してください。"


async def test_who_has_a_factor_gets_no_key_and_who_lost_it_a_new_one(
    required: Product, newcomer: httpx.AsyncClient
) -> None:
    """Taking the factors away ends the key, too."""
    assert newcomer.cookies
    (clerk,) = required.rows("SELECT id FROM staff")
    await codes.give_app(required, clerk["id"])
    with pytest.raises(factor_key.HasFactor):
        await made(required)
    services = required.services
    await services.write(staff.clear_factors, CLERK.name, "社員証で確認")
    old = await made(required)
    await services.write(staff.clear_factors, CLERK.name, "社員証で確認")
    async with required.browser() as browser:
        given = {"staff_name": CLERK.name, "password": CLERK.password}
        await natively(browser, "/office/login", given)
        assert (await prove(browser, factor_key=old)).error("factor_key") == factor_key.WRONG
        key = await made(required)
        assert (await prove(browser, factor_key=key)).h1 == "認証アプリの登録"


async def test_the_last_factor_of_a_member_of_staff_stays(
    required: Product, frozen: FrozenClock
) -> None:
    """Where one is required, as with 利用者."""
    async with at_work(required, CLERK) as browser:
        (row,) = required.rows("SELECT id FROM staff WHERE name = ?", CLERK.name)
        await codes.give_app(required, row["id"])
        (app,) = required.rows("SELECT id FROM code_apps")
        typed = {"act": "remove", "code": codes.code(frozen.at)}
        page = (await natively(browser, f"/office/factors/edit?app={app['id']}", typed)).page
    assert page.error("code") == "ほかの方法を登録してから削除してください。"
    assert len(required.rows("SELECT id FROM code_apps")) == 1


async def test_where_it_is_off_the_office_registers_none(
    post: PostOffice, frozen: FrozenClock, tmp_path: Path
) -> None:
    """The page says so."""
    async with (
        running(tmp_path, post, MYPAGE_OFFICE_SECOND_FACTOR="off") as product,
        at_work(product, CLERK) as browser,
    ):
        page = await visit(browser, "/office/factors/prove?for=app")
        assert page.notice == "現在は、新たに登録できません。"
