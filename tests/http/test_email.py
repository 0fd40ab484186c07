"""A new 利用者管理用メールアドレス counts at once, but as unconfirmed until its owner has pressed 確認する."""

from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.http.test_activity import ACTIVITY, disowning
from tests.http.test_disown import disown
from tests.support.journeys import ask_payment, change_profile, commit, propose
from tests.support.people import ALICE, BOB, CHARLIE
from tests.support.post import PostOffice
from tests.support.press import Press, visit
from tests.support.product import Product, running
from web.clock import DAY, HOUR, MINUTE
from web.demo.personas import Persona

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEW = "new@example.jp"
MYPAGE = "/useridmg/mypage"
RESEND = "/useridmg/email/resend"
UNCONFIRMED = "利用者管理用メールアドレスがまだ確認されていません。"
CONFIRM, DONE = "利用者管理用メールアドレスの確認", "利用者管理用メールアドレスの確認 完了"
DEAD = "このURLは使用できません"


async def move(browser: httpx.AsyncClient, address: str, person: Persona = ALICE) -> None:
    """Change a person's 利用者管理用メールアドレス through the screens."""
    pressed = await propose(browser, admin_email=address, admin_email_again=address)
    done = await commit(browser, pressed.page, password=person.payment_password)
    assert done.page.h1 == "利用者情報変更 登録完了"


async def mailed(product: Product, address: str = NEW) -> str:
    """Give the newest メールアドレス確認用URL that came to an address."""
    await product.settle()
    return [
        mail for mail in product.post.mails if mail.to == address and "email/INIT" in mail.body
    ][-1].link


def arrived(product: Product, address: str) -> int:
    """Count the mails that came to an address."""
    return len([mail for mail in product.post.mails if mail.to == address])


async def test_a_new_address_is_confirmed_by_its_link_and_a_button(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient, press: Press
) -> None:
    """In another browser, without a log-in; My Page says what is missing until then."""
    assert UNCONFIRMED not in (await visit(alice, MYPAGE)).text
    await move(alice, NEW)
    assert UNCONFIRMED in (await visit(alice, MYPAGE)).text
    page = await visit(visitor, await mailed(product))
    assert (page.status, page.h1) == (200, CONFIRM)
    for _ in range(2):
        pressed = await press(visitor, page.action("確認する"), {})
        if pressed.answer.headers.get("HX-Redirect"):
            pressed_page = await visit(visitor, pressed.answer.headers["HX-Redirect"])
        else:
            pressed_page = pressed.page
        assert pressed_page.h1 == DONE
    assert UNCONFIRMED not in (await visit(alice, MYPAGE)).text
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'email.confirmed'")) == 1
    assert (await visit(visitor, await mailed(product))).h1 == DONE


async def test_opening_the_link_confirms_nothing(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Twenty scanners that follow it to the page change no row; a browser without the key sees nothing."""
    await move(alice, NEW)
    link = await mailed(product)
    before = product.content()
    for _ in range(20):
        async with product.browser() as scanner:
            page = await visit(scanner, link)
            assert page.h1 == CONFIRM
    assert product.content() == before
    async with product.browser() as stranger:
        assert (await visit(stranger, page.address)).status == 403
        answer = await stranger.post(page.action("確認する"))
        assert answer.status_code == 403
    assert product.content() == before


async def test_a_link_dies_with_the_next_one_with_another_address_and_after_a_week(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Also in the browser that has opened it already."""
    await move(alice, NEW)
    first = await mailed(product)
    opened = await visit(visitor, first)
    assert (await alice.post(RESEND)).status_code == 303
    second = await mailed(product)
    await move(alice, "other@example.jp")
    third = await mailed(product, "other@example.jp")
    assert len({first, second, third}) == 3
    for link in (first, second):
        page = await visit(visitor, link)
        assert (page.status, page.h1) == (410, DEAD)
    assert (await visitor.post(opened.action("確認する"))).status_code == 410
    frozen.advance(7 * DAY - 1)
    opened = await visit(visitor, third)
    assert opened.h1 == CONFIRM
    frozen.advance(1)
    assert (await visit(visitor, third)).h1 == DEAD
    assert product.rows("SELECT 1 FROM accounts WHERE address_confirmed = 0")


async def test_a_link_dies_with_what_the_owner_disowns(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """A thief's new address is not confirmed by him after 心当たりがない."""
    await move(alice, NEW)
    link = await mailed(product)
    event = disowning(await visit(alice, ACTIVITY))[0].get("href", "")
    await disown(alice, await visit(alice, event))
    page = await visit(visitor, link)
    assert (page.status, page.h1) == (410, DEAD)


async def test_the_link_is_mailed_again_three_times_an_hour(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """By the button on My Page; when nothing is to be confirmed it mails nothing."""
    assert "already-confirmed" in (await alice.post(RESEND)).headers["Location"]
    await move(alice, NEW)
    page = await visit(alice, MYPAGE)
    for _ in range(3):
        answer = await alice.post(page.action("確認用のメールを再送"))
        assert (await visit(alice, answer.headers["Location"])).notice.startswith(
            "確認用のメールを"
        )
    refused = await alice.post(RESEND)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(HOUR))
    await product.settle()
    assert arrived(product, NEW) == 1 + 3
    frozen.advance(HOUR)
    await log_in(alice, ALICE)
    assert (await alice.post(RESEND)).status_code == 303


async def test_strangers_cannot_use_up_the_mails_of_an_owner(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock
) -> None:
    """Charlie registers Alice's address and changes his profile sixty times; hers all arrive."""
    address = ALICE.account.profile.admin_email
    async with running(tmp_path, post, MYPAGE_ACTS_PER_HOUR="1000") as product:
        async with product.browser() as charlie, product.browser() as alice:
            await log_in(charlie, CHARLIE)
            await move(charlie, address, CHARLIE)
            for number in range(60):
                await change_profile(charlie, representative=f"茶理　{number}郎")
            await product.settle()
            assert arrived(product, address) == 10
            await ask_payment(alice, ALICE)
            await log_in(alice, ALICE)
            frozen.advance(MINUTE)
        async with product.browser("203.0.113.9") as elsewhere:
            await log_in(elsewhere, ALICE)
        await product.settle()
        assert arrived(product, address) == 10 + 2
        post.only("納付利用者パスワード初期化ご案内")
        post.only("新しい端末からのログインのご連絡")


async def test_who_knows_the_password_silences_no_warning_by_log_ins(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A mail for each new device, seventy of them; the reset and the old address are still told."""
    address = ALICE.account.profile.admin_email
    for number in range(72):
        async with product.browser(f"198.51.100.{number}") as thief:
            await log_in(thief, ALICE)
    await product.settle()
    assert arrived(product, address) == product.settings.mails_per_day
    await ask_payment(alice, ALICE)
    await product.settle()
    await move(alice, NEW)
    await product.settle()
    told = [mail.body for mail in product.post.mails if mail.to == address][-2:]
    assert "パスワード初期化用URLにアクセス" in told[0]
    assert "変更前のメールアドレスにも" in told[1]


async def test_all_accounts_share_ten_mails_a_day_to_an_address_that_none_has_confirmed(
    product: Product, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """With capitals and with plus signs, too; tomorrow there are ten more, and one that is confirmed has its own."""
    await move(bob, "victim@example.jp", BOB)
    await move(charlie, "Victim+shop@example.jp", CHARLIE)
    for number in range(9):
        await change_profile(bob, notice_email=f"b{number}@example.jp", notice_email_again=f"b{number}@example.jp")  # fmt: skip
        await change_profile(charlie, representative=f"茶理　{number}郎")
    await product.settle()
    to_victim = [mail for mail in product.post.mails if mail.to.lower().startswith("victim")]
    assert len(to_victim) == 10
    refused = product.rows("SELECT last_error FROM outbox WHERE dead_at IS NOT NULL")
    assert {row["last_error"] for row in refused} == {"10 a day, unconfirmed"}
    page = await visit(bob, await mailed(product, "victim@example.jp"))
    await bob.post(page.action("確認する"))
    await change_profile(bob, notice_email="b@example.jp", notice_email_again="b@example.jp")
    await product.settle()
    assert (
        arrived(product, "victim@example.jp")
        == len([mail for mail in to_victim if mail.to == "victim@example.jp"]) + 1
    )


async def test_an_old_address_that_was_confirmed_is_always_told(
    product: Product, alice: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    """Who takes an account over cannot silence that mail by using the shared number up first."""
    address = ALICE.account.profile.admin_email
    await move(charlie, address, CHARLIE)
    for number in range(6):
        await change_profile(charlie, representative=f"茶理　{number}郎")
    await move(alice, NEW)
    await product.settle()
    told = [mail for mail in product.post.mails if "変更前のメールアドレスにも" in mail.body]
    assert address in [mail.to for mail in told]


async def test_a_profile_is_changed_twenty_times_an_hour(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, press: Press
) -> None:
    """The next 確定 is a 429 that changes nothing; an hour later the same draft goes through."""
    for number in range(20):
        await change_profile(alice, representative=f"星野　{number}")
    confirm = (await propose(alice, representative="星野　海")).page
    await product.settle()
    before = product.content()
    refused = await press(alice, confirm.action("確定"), {})
    assert (refused.page.status, refused.page.h1) == (429, "操作の回数が多すぎます")
    assert refused.answer.headers["Retry-After"] == str(HOUR)
    assert product.content() == before
    assert len(product.post.mails) == 20
    frozen.advance(HOUR)
    await log_in(alice, ALICE)
    assert (await visit(alice, confirm.address)).status == 200
    assert (await commit(alice, confirm)).page.h1 == "利用者情報変更 登録完了"
