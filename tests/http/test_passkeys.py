"""Passkeys: registered, used without ID and password, after a password, and before what needs the owner."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.conftest import log_in as log_in_by_password
from tests.support.authenticator import Authenticator, b64, raw, wanted
from tests.support.codes import SECOND, press_log_in
from tests.support.office import id_of
from tests.support.passkeys import LOGIN, log_in, posts_to, register, start
from tests.support.people import ALICE
from tests.support.press import Press, natively, visit
from tests.support.product import Product
from web.clock import DAY
from web.security import pace, second_throttle
from web.steps.passkey_new import PRESS

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MYPAGE = "/useridmg/mypage"


@pytest.fixture
async def device(alice: httpx.AsyncClient) -> Authenticator:
    """Give the device with Alice's passkey."""
    return await register(alice, ALICE.payment_password)


async def test_a_passkey_logs_in_without_id_and_password(
    product: Product, device: Authenticator, visitor: httpx.AsyncClient, press: Press
) -> None:
    """操作履歴 says by which one; the session says how."""
    page = await log_in(visitor, device, press)
    assert page.h1 == "マイページ"
    history = (await visit(visitor, "/useridmg/activity")).text
    assert "確認の方法：パスキー" in history
    assert "パスキーの名前：花子のスマートフォン" in history
    methods = product.rows("SELECT method FROM sessions ORDER BY created_at, method")
    assert methods == [{"method": "passkey"}, {"method": "password"}]


async def test_a_log_in_by_passkey_takes_no_session_over(
    product: Product, device: Authenticator, visitor: httpx.AsyncClient
) -> None:
    """Whoever has planted a cookie, or kept one, holds nothing after it."""
    await log_in(visitor, device)
    planted = visitor.cookies["session"]
    assert (await log_in(visitor, device)).h1 == "マイページ"
    assert visitor.cookies["session"] != planted
    async with product.browser() as thief:
        thief.cookies.set("session", planted)
        assert (await visit(thief, MYPAGE)).h1 == "マイページログイン"


async def test_a_right_password_asks_for_the_passkey(
    device: Authenticator, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Only then it is said which ones there are; there is no field for a code that nobody has."""
    page = await press_log_in(visitor, ALICE)
    assert page.h1 == "ログインの確認"
    asked = wanted(page)
    assert len(asked["allow"]) == 1
    assert asked["allow"][0]["transports"] == ["hybrid", "internal"]
    assert "確認コード" not in page.text
    page = (await press(visitor, SECOND, {"credential": device.use(asked)})).page
    assert page.h1 == "マイページ"


async def test_the_life_of_the_password_does_not_touch_a_log_in_by_passkey(
    device: Authenticator, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """My Page says that the password is over."""
    frozen.advance(61 * DAY)
    page = await log_in(visitor, device)
    assert page.h1 == "マイページ"
    assert "納付利用者パスワードの有効期限が切れています。" in page.text


async def test_a_new_app_asks_for_the_passkey_that_is_there(
    alice: httpx.AsyncClient, device: Authenticator, press: Press
) -> None:
    """Every act on factors asks for the owner anew; no password will do."""
    page = await visit(alice, (await visit(alice, "/useridmg/factors")).link("認証アプリを登録"))
    refused = (
        await press(alice, posts_to(page), {"current_password": ALICE.payment_password})
    ).page
    assert refused.error("credential") == "「パスキーで確認」を押してください。"
    page = (await press(alice, posts_to(refused), {"credential": device.use(wanted(refused))})).page
    assert page.h1 == "認証アプリの登録"


async def test_what_nobody_has_registered_is_refused_calmly(
    visitor: httpx.AsyncClient, product: Product, press: Press
) -> None:
    """What was typed into the ID field stays; the password does not."""
    page = await log_in(visitor, Authenticator(), press, user_id="KNCA6288", password="geheim")
    assert page.status == 422
    assert page.error("credential") == (
        "このパスキーではログインできませんでした。納付利用者IDとパスワードでログインしてください。"
    )
    assert 'value="KNCA6288"' in page.response.text
    assert "geheim" not in page.response.text
    assert "session" not in visitor.cookies
    assert product.rows("SELECT 1 FROM sessions") == []


async def test_on_another_address_of_this_machine_no_passkey_is_shown(product: Product) -> None:
    """127.0.0.1 is no domain: a browser would refuse it; all else works there."""
    async with product.browser() as browser:
        browser.base_url = httpx.URL("http://127.0.0.1:8000")
        page = await visit(browser, "/useridmg/login")
        assert page.h1 == "マイページログイン"
        assert "パスキー" not in page.text
        assert "webauthn" not in page.response.text
        await log_in_by_password(browser, ALICE)
        page = await visit(browser, "/useridmg/factors")
        assert "パスキーを登録" not in page.text
        prove = await natively(browser, "/useridmg/factors/prove?for=passkey", {})
        assert prove.page.notice == "このアドレスでは、パスキーを登録できません。"


async def test_the_requests_say_what_the_script_reads(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """static/passkeys.js knows these names: for a new passkey, of anybody at log-in, and of whose password was right."""
    always = {"seconds": 600, "renew": "/useridmg/passkey/renew"}
    asked = wanted(await start(alice, {"current_password": ALICE.payment_password}))
    challenge, handle = asked.pop("challenge"), asked["user"].pop("id")
    assert len(raw(challenge)) > 64
    assert len(raw(handle)) == 32
    assert asked == {
        **always,
        "rp": {"id": "localhost", "name": "軽自動車OSS"},
        "user": {"name": "KNCA6288"},
        "algorithms": [-7, -257],
        "known": [],
    }
    asked = wanted(await visit(visitor, LOGIN))
    assert asked.pop("challenge") != challenge
    assert asked == {**always, "rpId": "localhost", "allow": []}
    phone = await register(alice, ALICE.payment_password)
    described = [{"id": b64(phone.id), "transports": ["hybrid", "internal"]}]
    asked = wanted(await press_log_in(visitor, ALICE))
    asked.pop("challenge")
    assert asked == {**always, "rpId": "localhost", "allow": described}


async def test_a_log_in_by_passkey_forgets_the_wrong_codes(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """Of its owner: who has the passkey is who mistyped."""
    account = await id_of(product, ALICE)
    phone = await register(alice, ALICE.payment_password)
    services = product.services
    for _ in range(3):
        await services.write(second_throttle.failed, services.vault, account)
    assert (await log_in(visitor, phone)).h1 == "マイページ"
    assert product.rows("SELECT 1 FROM failures WHERE scope = 'second'") == []


async def test_a_refused_passkey_is_answered_on_a_beat(
    alice: httpx.AsyncClient, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time does not tell whose it is; a right one does not wait."""
    phone = await register(alice, ALICE.payment_password)
    held: list[float] = []
    monkeypatch.setattr(pace, "hold", held.append)
    assert (await log_in(visitor, Authenticator())).status == 422
    assert len(held) == 1
    assert (await log_in(visitor, phone)).h1 == "マイページ"
    assert len(held) == 1


async def test_without_an_answer_nothing_is_registered(alice: httpx.AsyncClient) -> None:
    """The page was no fault; the message says what to press. Pressed again it is over."""
    page = await start(alice, {"current_password": ALICE.payment_password})
    assert page.status == 200
    again = (await natively(alice, posts_to(page), {"name": "電話", "credential": ""})).page
    assert (again.status, again.error("credential")) == (422, PRESS)
    typed = {"name": "電話", "credential": Authenticator().make(wanted(again))}
    assert (await natively(alice, posts_to(again), typed)).page.notice.startswith("パスキーを登録")
    over = (await natively(alice, posts_to(again), typed)).page
    assert over.notice == "時間がたったため、はじめからやり直してください。"


async def test_an_answer_without_a_handle_is_a_second_factor_and_no_log_in(
    alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """Keys that store nothing give none: whose it is, the password has said, or nobody has."""
    phone = await register(alice, ALICE.payment_password)
    phone.user = b""
    assert (await log_in(visitor, phone)).status == 422
    page = await press_log_in(visitor, ALICE)
    given = {"credential": phone.use(wanted(page))}
    assert (await natively(visitor, posts_to(page), given)).page.h1 == "マイページ"
