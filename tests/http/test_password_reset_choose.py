"""B4 → B5 and R4 → R5 希望パスワードの入力: what is taken, what is refused, what a reset ends."""

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.journeys import BETTER, GOOD, bulk_link, choose, payment_link, twice
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import HTMX, Press, Pressed, visit
from tests.support.product import Product
from web.clock import DAY
from web.security import throttle
from web.security.throttle import ID_TRIES, Attempt
from web.store.standings import Standing

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN, MYPAGE = "/useridmg/login", "/useridmg/mypage"
NOT_DONE = "登録はまだ行われていません。最初の画面から操作してください。"
USED = "現在のパスワードや、最近使ったパスワードは使えません。別のパスワードにしてください。"
GUESSED = "推測されやすいパスワードです。"
UNEQUAL = "ご希望のパスワードと(確認用)が一致しません。同じものをもう一度入力してください。"


async def log_in_with(browser: httpx.AsyncClient, password: str) -> httpx.Response:
    """Try to log in as Alice."""
    return await browser.post(LOGIN, data={"user_id": "KNCA6288", "password": password})


async def opened(product: Product, browser: httpx.AsyncClient, kind: str) -> Page:
    """Ask, and open the mailed URL of a kind; for bulk the browser is logged in as Alice."""
    if kind == "payment":
        return await visit(browser, await payment_link(product, browser, ALICE))
    return await visit(browser, await bulk_link(product, browser))


def passwords(product: Product) -> dict[str, str]:
    """Give Alice's stored passwords."""
    sql = """SELECT credentials.kind, password_hash FROM credentials
               JOIN accounts ON id = account_id WHERE payment_user_id = 'KNCA6288'"""
    return {row["kind"]: row["password_hash"] for row in product.rows(sql)}


async def test_the_payment_password_is_set(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Chapter 6: 登録完了 to the letter; the new password logs in, the old does not."""
    before = passwords(product)
    done = (await choose(visitor, await opened(product, visitor, "payment"), GOOD, press)).page
    assert done.h1 == "納付利用者パスワード初期化 登録完了"
    assert "納付利用者IDのパスワード初期化が完了しました。" in done.text
    assert "パスワード初期化完了のご連絡メールが数分以内に送信されます。" in done.text
    assert "メールが届かない場合、お手数ですが、お問い合わせ先にご連絡ください。" in done.text
    assert done.link("終了") == "/"
    assert (await log_in_with(visitor, GOOD)).headers["Location"] == MYPAGE
    assert (await log_in_with(visitor, ALICE.payment_password)).headers["Location"] != MYPAGE
    after = passwords(product)
    assert [kind for kind in after if after[kind] != before[kind]] == ["payment"]
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'reset.used'")) == 1


async def test_the_bulk_password_is_set(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """Chapter 4: 登録完了 to the letter; log-in and the payment password stay as they were."""
    before = passwords(product)
    done = (await choose(alice, await opened(product, alice, "bulk"), GOOD, press)).page
    assert done.h1 == "一括利用者パスワード初期化 登録完了"
    assert "一括利用者IDのパスワード初期化が完了しました。" in done.text
    assert "パスワード初期化完了のご連絡メールが数分以内に送信されます。" in done.text
    assert done.link("終了") == "/"
    after = passwords(product)
    assert [kind for kind in after if after[kind] != before[kind]] == ["bulk"]
    assert await product.holds(ALICE, "bulk", GOOD)
    assert (await log_in_with(alice, ALICE.payment_password)).headers["Location"] == MYPAGE


async def test_a_bulk_link_needs_no_session(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient, press: Press
) -> None:
    """The mail may be read on another device, where nobody is logged in."""
    form = await visit(visitor, await bulk_link(product, alice))
    done = (await choose(visitor, form, GOOD, press)).page
    assert done.h1 == "一括利用者パスワード初期化 登録完了"


async def test_a_payment_reset_ends_every_session(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient, press: Press
) -> None:
    """Whoever got in with the old password is out, on every device; others stay in."""
    async with product.browser() as second, product.browser() as third:
        await log_in(second, ALICE)
        await choose(third, await opened(product, third, "payment"), GOOD, press)
        for browser in (alice, second):
            assert (await browser.get(MYPAGE)).status_code == 303
    assert (await bob.get(MYPAGE)).status_code == 200


async def test_a_bulk_reset_ends_no_session(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """My Page has nothing to do with that password."""
    async with product.browser() as second:
        await log_in(second, ALICE)
        await choose(alice, await opened(product, alice, "bulk"), GOOD, press)
        for browser in (alice, second):
            assert (await browser.get(MYPAGE)).status_code == 200


@pytest.mark.parametrize("kind", ["payment", "bulk"])
async def test_a_payment_reset_opens_a_locked_id(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient, kind: str
) -> None:
    """After a hundred wrong passwords from everywhere only it helps; a bulk reset does not."""
    for number in range(ID_TRIES):
        attempt = Attempt(product.services.vault, "KNCA6288", f"198.51.100.{number}", "")
        await product.services.database.write(throttle.failed, attempt, Standing({}))
    assert (await log_in_with(visitor, ALICE.payment_password)).status_code == 429
    browser = visitor if kind == "payment" else alice
    await choose(browser, await opened(product, browser, kind), GOOD)
    password = GOOD if kind == "payment" else ALICE.payment_password
    answer = await log_in_with(visitor, password)
    assert answer.status_code == (303 if kind == "payment" else 429)


async def test_a_reset_password_lives_sixty_days_again(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """An expired password need not be known to get past it (chapter 5)."""
    frozen.advance(75 * DAY)
    await choose(visitor, await opened(product, visitor, "payment"), GOOD)
    frozen.advance(60 * DAY - 1)
    assert (await log_in_with(visitor, GOOD)).headers["Location"] == MYPAGE
    frozen.advance(1)
    assert (await log_in_with(visitor, GOOD)).headers["Location"].startswith("/useridmg/password/")


@pytest.mark.parametrize("kind", ["payment", "bulk"])
async def test_what_is_refused_leaves_the_link_alive(
    product: Product, alice: httpx.AsyncClient, press: Press, kind: str
) -> None:
    """ASVS 6.2: empty, short, long, guessable, in use, unequal: 422 at the field, no password back."""
    form = await opened(product, alice, kind)
    before = product.content()
    current = ALICE.payment_password if kind == "payment" else ALICE.bulk_password
    too_long = "Qz7!" + "kaze-Xp4-" * 14
    for new, again, name, message in (
        ("", "", "new_password", "ご希望のパスワードを入力してください。"),
        ("kaze-no-umi", "kaze-no-umi", "new_password", "12文字以上128文字以内で入力"),
        (too_long, too_long, "new_password", "12文字以上128文字以内で入力"),
        ("password123456789", "password123456789", "new_password", GUESSED),
        ("KICA6288KNCA6288", "KICA6288KNCA6288", "new_password", GUESSED),
        (current, current, "new_password", USED),
        (GOOD, BETTER, "new_password_again", UNEQUAL),
        (GOOD, "", "new_password_again", "ご希望のパスワード (確認用)を入力してください。"),
    ):
        typed = {"new_password": new, "new_password_again": again}
        page = (await press(alice, form.address, typed)).page
        assert (page.status, page.h1) == (422, form.h1)
        assert page.error(name).startswith(message), (new, page.summary)
        assert len(page.summary) == 1
        assert not new or new not in page.response.text
        assert [page.value(each) for each in typed] == ["", ""]
    assert product.content() == before
    assert (await choose(alice, form, GOOD, press)).page.h1.endswith("登録完了")


async def test_what_one_form_was_refused_for_is_not_said_of_the_other(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Two mailed URLs open in one browser: the error comes back to the form that was pressed."""
    payment = await opened(product, alice, "payment")
    bulk = await opened(product, alice, "bulk")
    both = [(await alice.post(form.address, data=twice("short"))) for form in (bulk, payment)]
    shown = [await visit(alice, answer.headers["Location"]) for answer in both]
    assert [len(page.summary) for page in shown] == [0, 1]


async def test_the_key_of_one_url_opens_no_other(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A browser that holds a key under the wrong name is asked to open the mail again."""
    first = await opened(product, alice, "payment")
    assert alice.cookies.pop(f"reset-{first.address.partition('link=')[2]}", "") != ""
    second = await opened(product, alice, "payment")
    key = alice.cookies[f"reset-{second.address.partition('link=')[2]}"]
    alice.cookies.set(f"reset-{first.address.partition('link=')[2]}", key)
    assert (await visit(alice, first.address)).status == 403
    assert (await visit(alice, second.address)).status == 200


async def test_the_last_three_do_not_come_back(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Resets count among the passwords used before; the fourth before is free again."""
    chain = [GOOD, BETTER, "kani-to-saru-no-kaki", "usagi-to-kame-no-oka"]
    for new in chain:
        frozen.advance(3600)
        pressed = await choose(visitor, await opened(product, visitor, "payment"), new)
        assert pressed.page.status == 200
    frozen.advance(3600)
    form = await opened(product, visitor, "payment")
    for used in reversed(chain):
        assert (await choose(visitor, form, used)).page.error("new_password") == USED
    assert (await choose(visitor, form, ALICE.payment_password)).page.status == 200


async def test_missing_and_unknown_fields_break_nothing(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """A POST without fields is an empty form; another's ID sent along is ignored."""
    form = await opened(product, visitor, "payment")
    empty = (await press(visitor, form.address, {})).page
    assert (empty.status, len(empty.summary)) == (422, 1)
    before = product.rows("SELECT * FROM credentials WHERE kind = 'bulk'")
    extra = {"username": "KNCA6289", "user_id": "KNCA6289", "kind": "bulk"}
    assert (await press(visitor, form.address, {**twice(GOOD), **extra})).page.status == 200
    assert product.rows("SELECT * FROM credentials WHERE kind = 'bulk'") == before
    assert (await log_in_with(visitor, GOOD)).headers["Location"] == MYPAGE


@pytest.mark.parametrize("kind", ["payment", "bulk"])
async def test_complete_opened_directly_leads_back_with_a_word(
    product: Product, alice: httpx.AsyncClient, kind: str
) -> None:
    """With a live link to its form, else to the page about opening the mail; nothing is written."""
    form = await opened(product, alice, kind)
    before = product.content()
    page = await visit(alice, form.address.replace("/password?", "/complete?"))
    assert (page.h1, page.notice) == (form.h1, NOT_DONE)
    base = form.address.partition("/password?")[0]
    for receipt in ("", "?link=" + "0" * 32, "?link=%00"):
        page = await visit(alice, f"{base}/complete{receipt}")
        assert (page.h1, page.notice) == ("メールのURLをもう一度開いてください", NOT_DONE)
    assert product.content() == before


async def test_complete_can_be_reloaded(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """A plain page: no second write, no second mail, the same words, also in one piece for htmx."""
    done: Pressed = await choose(visitor, await opened(product, visitor, "payment"), GOOD, press)
    await product.settle()
    before = product.content()
    texts = {(await visit(visitor, done.page.address)).text for _ in range(3)}
    piece = await visitor.get(done.page.address, headers=HTMX)
    await product.settle()
    assert len(texts) == 1
    assert Page(piece).h1 == done.page.h1
    assert product.content() == before
    product.post.only("納付利用者パスワード初期化完了のご連絡")
