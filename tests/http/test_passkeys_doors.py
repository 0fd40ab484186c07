"""What a passkey opens where a second factor is asked for, and what opens nothing without it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support import codes, debits
from tests.support.authenticator import Authenticator, asks, wanted
from tests.support.codes import SECOND, code, press_log_in
from tests.support.html import elements, words
from tests.support.journeys import GOOD, choose, payment_link, propose, twice
from tests.support.office import at_work, id_of, look
from tests.support.page import Page
from tests.support.passkeys import LOGIN, log_in, posts_to, register, start
from tests.support.people import ALICE, BOB
from tests.support.post import PostOffice
from tests.support.press import Press, natively, visit
from tests.support.product import Product, running
from web import background
from web.clock import DAY, MINUTE
from web.demo.personas import ADMIN, CLERK
from web.security.challenges import LIFE
from web.steps import second_factor

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

FACTORS, CHANGE, DATA = "/useridmg/factors", "/useridmg/password/change", "/useridmg/activity/data"
NEW = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
PRESS = "「パスキーで確認」を押してください。"


@pytest.fixture
async def phone(product: Product) -> Authenticator:
    """Give the device with Alice's passkey."""
    async with product.browser() as browser:
        await press_log_in(browser, ALICE)
        return await register(browser, ALICE.payment_password)


@pytest.fixture
async def alice(product: Product, phone: Authenticator) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Alice is logged in by the passkey."""
    async with product.browser() as browser:
        assert (await log_in(browser, phone)).h1 == "マイページ"
        yield browser


async def answer(
    browser: httpx.AsyncClient,
    phone: Authenticator,
    page: Page,
    press: Press = natively,
    **typed: str,
) -> Page:
    """Answer a page that asks for a passkey."""
    given = {**typed, "credential": phone.use(wanted(page))}
    return (await press(browser, posts_to(page), given)).page


async def test_a_change_of_the_password_asks_for_the_passkey(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient, press: Press
) -> None:
    """A password alone changes no password."""
    form = await visit(visitor, CHANGE)
    typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(GOOD)}
    page = (await press(visitor, CHANGE, {**form.fields(CHANGE), **typed})).page
    assert page.h1 == "ログインの確認"
    assert await product.holds(ALICE, "payment", ALICE.payment_password)
    page = await answer(visitor, phone, page, press)
    assert page.h1 == "パスワード変更結果通知"
    assert await product.holds(ALICE, "payment", GOOD)


async def test_a_reset_asks_for_the_passkey_and_removes_none(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient, press: Press
) -> None:
    """A mailbox alone sees no form; a page that stays open longer than its challenge asks again."""
    page = await visit(visitor, await payment_link(product, visitor, ALICE))
    assert page.h1 == "ログインの確認"
    page = await answer(visitor, phone, page, press)
    assert page.h1 == "納付利用者パスワード初期化 希望パスワードの入力"
    assert (await choose(visitor, page, GOOD, press)).page.h1.endswith("登録完了")
    assert "session" not in visitor.cookies
    given = {"user_id": "KNCA6288", "password": GOOD}
    assert (await natively(visitor, LOGIN, given)).page.h1 == "ログインの確認"


async def test_a_new_address_needs_the_passkey(
    product: Product, phone: Authenticator, alice: httpx.AsyncClient, press: Press
) -> None:
    """No password will do; a second press finds what the first has done."""
    confirm = (await propose(alice, press, **NEW)).page
    refused = (
        await press(alice, posts_to(confirm), {"current_password": ALICE.payment_password})
    ).page
    assert (refused.status, refused.error("credential")) == (422, PRESS)
    given = {"credential": phone.use(wanted(refused))}
    for _ in range(2):
        done = (await press(alice, posts_to(refused), given)).page
        assert done.h1 == "利用者情報変更 登録完了"
    assert len(product.rows("SELECT 1 FROM receipts WHERE flow = 'profile'")) == 1


async def test_a_bank_account_needs_the_passkey(
    product: Product, phone: Authenticator, alice: httpx.AsyncClient, press: Press
) -> None:
    """No 届出書 without it."""
    confirm = (await debits.propose(alice, press)).page
    refused = (await press(alice, posts_to(confirm), {})).page
    assert (refused.status, refused.error("credential")) == (422, PRESS)
    assert debits.forms(product) == []
    await answer(alice, phone, refused, press)
    assert len(debits.forms(product)) == 1


async def test_own_data_need_the_passkey_and_tell_of_it(
    phone: Authenticator, alice: httpx.AsyncClient
) -> None:
    """Its name, and where it works; no key."""
    page = await visit(alice, DATA)
    got = await alice.post(DATA, data={"credential": phone.use(wanted(page))})
    (kept,) = got.json()["パスキー"]
    assert kept["名前"] == "花子のスマートフォン"
    assert kept["使えるサイト"] == "localhost"
    assert kept["同期"] == "同期される"
    assert "パスキー" in [each["確認の方法"] for each in got.json()["ログイン"]]


async def test_what_an_act_refuses_gives_the_answer_back(
    phone: Authenticator, alice: httpx.AsyncClient
) -> None:
    """Nothing was done with it."""
    page = await visit(alice, f"{FACTORS}/prove?for=app")
    given = {"credential": phone.use(wanted(page))}
    assert (await natively(alice, posts_to(page), given)).page.h1 == "認証アプリの登録"
    late = (await natively(alice, posts_to(page), given)).page
    assert late.error("credential").startswith("時間がたったか、すでに使われたため")


async def test_a_passkey_gets_another_name_and_goes(
    product: Product, phone: Authenticator, alice: httpx.AsyncClient, press: Press
) -> None:
    """Each with its event; the owner is mailed of the removal, and that nothing is left."""
    page = await visit(
        alice, (await visit(alice, FACTORS)).link("花子のスマートフォンの名前の変更・削除")
    )
    assert "パスワードだけでログインできるようになります。" in page.text
    page = await answer(alice, phone, page, press, act="rename", name="太郎のパソコン")
    assert page.notice == "名前を変更しました。"
    page = await visit(alice, page.link("太郎のパソコンの名前の変更・削除"))
    page = await answer(alice, phone, page, press, act="remove", name="")
    assert page.notice == "パスキーを削除しました。"
    await product.settle()
    said = product.post.mails[-1].body
    assert "パスキー「太郎のパソコン」を削除しました。二段階の確認はなくなり、" in said
    events = [
        row["event"] for row in product.rows("SELECT event FROM audit WHERE event LIKE 'passkey.%'")
    ]
    assert events == ["passkey.added", "passkey.renamed", "passkey.removed"]


async def test_nobody_registers_an_eleventh_passkey(
    product: Product, phone: Authenticator, alice: httpx.AsyncClient
) -> None:
    """A thief with a session must not fill the list."""
    for number in range(9):
        await product.meddle(
            """INSERT INTO passkeys SELECT id || :n, owner_id, :credential, public_key, rp_id, name,
                   transports, aaguid, counter, synced, backed_up, created_at, used_at
                 FROM passkeys WHERE length(id) = 32""",
            n=str(number),
            credential=b"%d" % number,
        )
    page = await visit(alice, f"{FACTORS}/prove?for=passkey")
    page = await answer(alice, phone, page)
    page = (
        await natively(
            alice, posts_to(page), {"name": "x", "credential": Authenticator().make(wanted(page))}
        )
    ).page
    assert page.notice.startswith("登録できるパスキーの数を超えています。")
    assert len(product.rows("SELECT 1 FROM passkeys")) == 10


async def test_a_second_passkey_asks_for_the_first_and_the_browser_knows_it(
    phone: Authenticator, alice: httpx.AsyncClient, press: Press
) -> None:
    """A device that has one is not asked for another; several people have theirs."""
    page = await visit(alice, f"{FACTORS}/prove?for=passkey")
    page = await answer(alice, phone, page, press)
    asked = wanted(page)
    assert [each["id"] for each in asked["known"]] == [
        wanted(await visit(alice, DATA))["allow"][0]["id"]
    ]
    other = Authenticator()
    typed = {"name": "太郎のパソコン", "credential": other.make(asked)}
    page = (await press(alice, posts_to(page), typed)).page
    assert "花子のスマートフォン" in page.text
    assert "太郎のパソコン" in page.text
    assert other.user == phone.user


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "名前を入力してください。"),
        ("あ" * 41, "40文字以内で入力してください。現在は41文字です。"),
    ],
    ids=["none", "too long"],
)
async def test_a_name_that_will_not_do_is_said(
    product: Product, visitor: httpx.AsyncClient, press: Press, name: str, message: str
) -> None:
    """Nothing is registered; the next press registers."""
    await press_log_in(visitor, ALICE)
    page = await start(visitor, {"current_password": ALICE.payment_password}, press)
    typed = {"name": name, "credential": Authenticator().make(wanted(page))}
    page = (await press(visitor, posts_to(page), typed)).page
    assert (page.status, page.error("name")) == (422, message)
    assert product.rows("SELECT 1 FROM passkeys") == []
    typed = {"name": "電話", "credential": Authenticator().make(wanted(page))}
    assert (await press(visitor, posts_to(page), typed)).page.notice.startswith(
        "パスキーを登録しました。"
    )


async def test_a_passkey_is_registered_once_and_by_its_own_step(
    product: Product, visitor: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """What was made for one step, or for log-in, is none for another; a known one is not taken over."""
    await press_log_in(visitor, ALICE)
    proof = {"current_password": ALICE.payment_password}
    first, second = [await start(visitor, proof) for _ in "ab"]
    device = Authenticator()
    typed = {"name": "電話", "credential": device.make(wanted(first))}
    page = (await natively(visitor, posts_to(second), typed)).page
    assert (
        page.error("credential")
        == "時間がたったため、登録できませんでした。もう一度「登録」を押してください。"
    )
    page = (await natively(visitor, posts_to(first), typed)).page
    assert page.notice.startswith("パスキーを登録しました。")
    late = (await natively(visitor, posts_to(first), typed)).page
    assert late.notice == "時間がたったため、はじめからやり直してください。"
    others = await start(bob, {"current_password": BOB.payment_password})
    typed = {"name": "電話", "credential": device.make(wanted(others))}
    page = (await natively(bob, posts_to(others), typed)).page
    assert page.error("credential") == "このパスキーは、すでに登録されています。"
    assert len(product.rows("SELECT 1 FROM passkeys")) == 1


async def test_what_is_missing_is_said_where_it_is_shown(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """Who has no app has no field for its code; the name that was typed stays."""
    page = await visit(
        alice, (await visit(alice, FACTORS)).link("花子のスマートフォンの名前の変更・削除")
    )
    page = (await press(alice, posts_to(page), {"act": "rename", "name": "太郎のパソコン"})).page
    assert (page.status, page.error("credential")) == (422, PRESS)
    assert page.value("name") == "太郎のパソコン"


async def test_who_has_only_a_passkey_comes_in_by_a_recovery_code(
    product: Product, phone: Authenticator, alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """A lost telephone; for ten minutes a new passkey is registered and the lost one removed."""
    page = await answer(alice, phone, await visit(alice, f"{FACTORS}/prove?for=codes"))
    kept = [words(each) for each in elements(page.root, "code")]
    page = (await natively(alice, page.action("登録"), {"recovery_code": kept[0]})).page
    page = await visit(visitor, (await press_log_in(visitor, ALICE)).link("予備コードを使う"))
    assert not asks(page)
    page = (await natively(visitor, page.action("確認"), {"recovery_code": kept[1]})).page
    assert page.h1 == "マイページ"
    page = await visit(visitor, f"{FACTORS}/prove?for=passkey")
    page = (await natively(visitor, page.action("確認"), {})).page
    typed = {"name": "新しい電話", "credential": Authenticator().make(wanted(page))}
    page = (await natively(visitor, posts_to(page), typed)).page
    page = await visit(visitor, page.link("花子のスマートフォンの名前の変更・削除"))
    page = (await natively(visitor, page.action("削除"), {"act": "remove"})).page
    assert page.notice == "パスキーを削除しました。"


async def test_an_app_and_a_passkey_are_both_offered_and_either_will_do(
    product: Product, phone: Authenticator, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Wrong codes close the codes; a passkey opens them again."""
    await codes.give_app(product, await id_of(product, ALICE))
    page = await press_log_in(visitor, ALICE)
    assert "確認コード" in page.text
    assert asks(page)
    for _ in range(5):
        page = (await natively(visitor, SECOND, {"code": code(frozen.at + DAY)})).page
    assert product.rows("SELECT number FROM failures WHERE scope = 'second'") == [{"number": 5}]
    page = await answer(visitor, phone, await visit(visitor, SECOND))
    assert page.h1 == "マイページ"
    assert product.rows("SELECT number FROM failures WHERE scope = 'second'") == []


async def test_a_finished_step_takes_no_passkey(
    phone: Authenticator, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Nor does an old one; both say so."""
    page = await press_log_in(visitor, ALICE)
    asked, here = wanted(page), posts_to(page)
    await natively(visitor, here, {"credential": phone.use(asked)})
    late = (await natively(visitor, here, {"credential": phone.use(asked)})).page
    assert "時間がたったため、はじめからやり直してください。" in late.text
    visitor.cookies.clear()
    page = await press_log_in(visitor, ALICE)
    asked = wanted(page)
    frozen.advance(10 * MINUTE)
    late = (await natively(visitor, here, {"credential": phone.use(asked)})).page
    assert late.notice == "時間がたったため、はじめからやり直してください。"


async def test_a_member_of_staff_logs_in_and_acts_by_a_passkey(
    product: Product, press: Press
) -> None:
    """Without name and password; anew for 停止 and for 廃止, where the reason typed stays."""
    account = f"/office/accounts/{await id_of(product, ALICE)}"
    async with at_work(product, ADMIN) as browser:
        phone = await register(browser, ADMIN.password, press, at="/office/factors")
    async with product.browser() as office:
        page = await answer(office, phone, await visit(office, "/office/login"), press)
        assert page.h1 == "担当者画面"
        assert product.rows("SELECT method FROM staff_sessions WHERE method <> 'password'") == [
            {"method": "passkey"}
        ]
        page = await look(office, account)
        typed = {"act": "disable", "reason": "本人の依頼"}
        page = (await natively(office, page.action("実行"), typed)).page
        assert (page.status, page.error("credential")) == (422, PRESS)
        assert page.value("reason") == "本人の依頼"
        page = await answer(office, phone, page, natively, **typed)
        assert "利用を停止しました" in page.notice
        page = await look(office, f"{account}/retire")
        typed = {"typed_id": "KNCA6288", "reason": "本人の依頼"}
        page = await answer(office, Authenticator(), page, natively, **typed)
        assert page.error("credential").startswith("このパスキーでは確認できませんでした。")
        page = (await natively(office, page.action("廃止する"), typed)).page
        assert (page.status, page.error("credential")) == (422, PRESS)
        assert page.value("reason") == "本人の依頼"
        page = await answer(office, phone, page, natively, **typed)
        assert "利用者IDを廃止し" in page.notice
    (done,) = product.rows(
        "SELECT detail FROM audit WHERE event = 'office.login.done' AND detail LIKE '%passkey%'"
    )
    assert "花子のスマートフォン" in done["detail"]


async def test_an_address_in_the_office_needs_the_passkey_of_the_one_who_proposes(
    product: Product,
) -> None:
    """The address stands in the form again."""
    async with at_work(product, ADMIN) as office:
        phone = await register(office, ADMIN.password, at="/office/factors")
        here = f"/office/accounts/{await id_of(product, ALICE)}/address"
        page = await look(office, here)
        typed = {"act": "propose", "admin_email": "neu@example.jp", "reason": "免許証を見た"}
        page = (await natively(office, here, typed)).page
        assert page.error("credential") == PRESS
        assert page.value("admin_email") == "neu@example.jp"
        await answer(office, phone, page, natively, **typed)
        assert len(product.rows("SELECT 1 FROM address_changes")) == 1


@pytest.mark.usefixtures("phone")
async def test_the_office_sees_how_many_there_are_and_all_can_be_taken_away(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """For an owner who has lost everything; then the password alone logs in."""
    account_id = await id_of(product, ALICE)
    async with at_work(product, CLERK) as office:
        page = await look(office, f"/office/accounts/{account_id}")
        assert "パスキー1件、認証アプリ0件、予備コード残り0個" in page.text
    assert (await press_log_in(visitor, ALICE)).h1 == "ログインの確認"
    assert await product.services.write(second_factor.clear, account_id) == 1
    assert (await press_log_in(visitor, ALICE)).h1 == "マイページ"


async def test_who_is_shut_out_of_the_office_comes_in_by_no_passkey(product: Product) -> None:
    """The page is that of a passkey that nobody has."""
    async with at_work(product, CLERK) as browser:
        phone = await register(browser, CLERK.password, at="/office/factors")
    await product.meddle("UPDATE staff SET disabled_at = 1")
    async with product.browser() as office:
        page = await answer(office, phone, await visit(office, "/office/login"))
        assert page.status == 422
        assert "このパスキーではログインできませんでした。" in page.error("credential")


@pytest.mark.usefixtures("frozen")
async def test_a_required_second_factor_may_be_a_passkey(tmp_path: Path, post: PostOffice) -> None:
    """And the last one may not go."""
    async with (
        running(tmp_path, post, MYPAGE_SECOND_FACTOR="all") as product,
        product.browser() as alice,
    ):
        await press_log_in(alice, ALICE)
        page = await visit(alice, "/useridmg/profile/edit")
        assert page.notice.startswith("二段階の確認が必要です。")
        page = await visit(alice, f"{FACTORS}/prove?for=passkey")
        proof = {"current_password": ALICE.payment_password}
        page = (await natively(alice, page.action("確認"), proof)).page
        await product.settle()
        typed = {"mailed_code": product.post.mails[-1].body.split("\n")[3]}
        page = (await natively(alice, page.action("確認"), typed)).page
        phone = Authenticator()
        made = {"name": "花子のスマートフォン", "credential": phone.make(wanted(page))}
        await natively(alice, posts_to(page), made)
        assert (await visit(alice, "/useridmg/mypage")).h1 == "マイページ"
        page = await visit(
            alice, (await visit(alice, FACTORS)).link("花子のスマートフォンの名前の変更・削除")
        )
        page = await answer(alice, phone, page, act="remove")
        assert page.error("credential") == "ほかの方法を登録してから削除してください。"


@pytest.mark.usefixtures("alice")
async def test_spent_challenges_go_when_their_time_is_over(
    product: Product, frozen: FrozenClock
) -> None:
    """By then their challenge is too old anyway."""
    assert len(product.rows("SELECT 1 FROM spent_challenges")) == 1
    frozen.advance(LIFE + 1)
    await background.upkeep(product.services)
    assert product.rows("SELECT 1 FROM spent_challenges") == []


async def test_what_looks_after_passkeys_is_told_where(visitor: httpx.AsyncClient) -> None:
    """The addresses that password managers look for."""
    told = (await visitor.get("/.well-known/passkey-endpoints")).json()
    assert set(told.values()) == {"http://localhost:8000/useridmg/factors"}
