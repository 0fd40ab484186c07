"""C1 → C2 パスワード変更, without a session: what it takes, what it refuses, what it ends."""

from itertools import pairwise

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.alike import face
from tests.support.journeys import BETTER, CHANGE, GOOD, bulk_link, payment_link
from tests.support.people import ALICE, BOB, CHARLIE
from tests.support.press import HTMX, Press, Pressed, visit
from tests.support.product import Product
from web.clock import mail_style

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN, MYPAGE = "/useridmg/login", "/useridmg/mypage"
DONE = "パスワード変更結果通知"
INVALID = (
    "納付利用者IDまたは現在のパスワードが違います。"
    "大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"
)
RIGHT = {
    "user_id": "KNCA6288",
    "current_password": ALICE.payment_password,
    "new_password": GOOD,
    "new_password_again": GOOD,
}


async def change(browser: httpx.AsyncClient, press: Press, **typed: str) -> Pressed:
    """Go through C1 as Alice with some fields typed otherwise."""
    page = await visit(browser, CHANGE)
    return await press(browser, CHANGE, {**page.fields(CHANGE), **RIGHT, **typed})


def hashes(product: Product) -> list[dict[str, str]]:
    """Give all stored passwords."""
    return product.rows("SELECT kind, password_hash FROM credentials ORDER BY account_id, kind")


async def test_the_screen_is_that_of_the_manual(visitor: httpx.AsyncClient) -> None:
    """Chapter 5: heading, sentence, four fields, 変更; the rule stands there before typing."""
    page = await visit(visitor, (await visit(visitor, LOGIN)).link("パスワード変更"))
    assert page.h1 == "パスワード変更"
    assert "パスワードを変更してください。" in page.text
    for label in ("納付利用者ID", "現在のパスワード", "新しいパスワード(確認用)", "パスワード表示"):
        assert label in page.text
    assert page.action("変更") == CHANGE
    assert "12文字以上128文字以内。" in page.text


async def test_the_password_is_changed(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """C2 to the letter and back to log-in, where the new password works and the old does not."""
    done = (await change(visitor, press)).page
    assert done.h1 == DONE
    assert "納付利用者パスワードは正常に変更されました。" in done.text
    assert "パスワード変更完了のご連絡メールが数分以内に送信されます。" in done.text
    assert done.link("ログインへ戻る") == LOGIN
    new = {"user_id": "KNCA6288", "password": GOOD}
    assert (await visitor.post(LOGIN, data=new)).headers["Location"] == MYPAGE
    old = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    assert (await visitor.post(LOGIN, data=old)).headers["Location"] != MYPAGE
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'password.changed'")) == 1


async def test_only_this_password_is_changed(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """The bulk password and everybody else's stay."""
    before = hashes(product)
    await change(visitor, press)
    changed = [now for was, now in zip(before, hashes(product), strict=True) if was != now]
    assert [row["kind"] for row in changed] == ["payment"]


async def test_an_empty_form_names_every_field(visitor: httpx.AsyncClient, press: Press) -> None:
    """The first new password is scolded, not its repetition."""
    page = (await change(visitor, press, **dict.fromkeys(RIGHT, ""))).page
    assert page.status == 422
    assert page.summary == [
        "納付利用者IDを入力してください。",
        "現在のパスワードを入力してください。",
        "新しいパスワードを入力してください。",
    ]


async def test_a_refusal_keeps_the_id_and_empties_the_passwords(
    visitor: httpx.AsyncClient, press: Press
) -> None:
    """No password, right or wrong, comes back in any answer."""
    page = (await change(visitor, press, user_id="knca6288", new_password_again="other")).page
    assert page.status == 422
    assert page.value("user_id") == "knca6288"
    for name in ("current_password", "new_password", "new_password_again"):
        assert page.value(name) == ""
    for password in (ALICE.payment_password, GOOD):
        assert password not in page.response.text


async def test_every_reason_to_refuse_looks_the_same(product: Product) -> None:
    """Unknown ID, wrong password, and that of a disabled account: the same bytes, as at log-in."""
    await product.disable(CHARLIE)
    wrong = {"current_password": "not-the-password"}
    faces = []
    for user_id, typed in (("KNCA9999", wrong), ("KNCA6288", wrong), ("KNCA7001", wrong)):
        data = {**RIGHT, "once": "0" * 32, **typed, "user_id": user_id}
        async with product.browser() as browser:
            posted = await browser.post(CHANGE, data=data)
            shown = await browser.get(posted.headers["Location"])
            swapped = await browser.post(CHANGE, data=data, headers=HTMX)
        assert (posted.status_code, shown.status_code, swapped.status_code) == (303, 422, 422)
        assert INVALID in shown.text
        faces.append([face(each, user_id) for each in (posted, shown, swapped)])
    assert faces[0] == faces[1] == faces[2]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("kaze-no-umi1", ""),
        ("kaze-no-umi", "12文字以上128文字以内で入力してください(現在11文字です)。"),
        (
            "か\u3099ぜのうみにそらのくも",
            "12文字以上128文字以内で入力してください(現在11文字です)。",
        ),
        ("かぜのうみにゆうやけ小焼", ""),
        ("あ" * 20, "推測されやすいパスワードです。"),
        ("Qz7!" + "kaze-Xp4-" * 14, "12文字以上128文字以内で入力してください(現在130文字です)。"),
        ("password123456789", "推測されやすいパスワードです。"),
        ("KNCA6288KNCA6288", "推測されやすいパスワードです。"),
        ("kicakicakica6288", "推測されやすいパスワードです。"),
        ("k-oss@example.jp", "推測されやすいパスワードです。"),
        ("keijidosha2026", "推測されやすいパスワードです。"),
        ("kaze\tno-umi-to-sora", "改行やタブなど、目に見えない文字はパスワードに使えません。"),
        ("a" * 1025, "長すぎます。"),
    ],
    ids=lambda value: value[:12],
)
async def test_a_new_password_is_long_enough_and_hard_to_guess(
    product: Product, visitor: httpx.AsyncClient, press: Press, new: str, message: str
) -> None:
    """Length after preparation, no composition rule, nothing guessable; the reason is told."""
    before = hashes(product)
    page = (await change(visitor, press, new_password=new, new_password_again=new)).page
    assert page.error("new_password").startswith(message) if message else page.h1 == DONE
    assert (hashes(product) == before) == bool(message)


async def test_the_repetition_must_be_the_same(visitor: httpx.AsyncClient, press: Press) -> None:
    """One message, at the repetition, that says how to mend it."""
    page = (await change(visitor, press, new_password_again=BETTER)).page
    message = "新しいパスワードと(確認用)が一致しません。同じものをもう一度入力してください。"
    assert page.summary == [message]
    assert page.error("new_password_again") == message


async def test_the_current_and_the_last_three_do_not_come_back(
    visitor: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """After four changes the first password is free again, the four after it are not."""
    chain = [ALICE.payment_password, GOOD, BETTER, "kani-to-saru-no-kaki", "usagi-to-kame-no-oka"]
    for old, new in pairwise(chain):
        frozen.advance(1)
        typed = {"current_password": old, "new_password": new, "new_password_again": new}
        assert (await change(visitor, press, **typed)).page.h1 == DONE
    for again in reversed(chain):
        typed = {"current_password": chain[-1], "new_password": again, "new_password_again": again}
        page = (await change(visitor, press, **typed)).page
        free = again == chain[0]
        assert (page.h1 == DONE) == free, again
        assert free or page.error("new_password").startswith("現在のパスワードや、最近使った")


async def test_a_change_ends_all_sessions_of_the_account(
    product: Product, alice: httpx.AsyncClient, bob: httpx.AsyncClient, press: Press
) -> None:
    """Whoever knew the old password is out, on every device; others stay in."""
    async with product.browser() as second, product.browser() as third:
        await log_in(second, ALICE)
        await change(third, press)
        for browser in (alice, second):
            assert (await browser.get(MYPAGE)).status_code == 303
    assert (await bob.get(MYPAGE)).status_code == 200


async def test_a_change_ends_the_live_payment_link(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient, press: Press
) -> None:
    """The mailed URL of the payment password is dead; the bulk password's lives."""
    payment = await payment_link(product, visitor, ALICE)
    bulk = await bulk_link(product, alice)
    await change(visitor, press)
    assert (await visitor.get(payment)).status_code == 410
    assert (await visitor.get(bulk)).status_code == 303


async def test_a_change_is_mailed(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock, press: Press
) -> None:
    """To the 利用者管理用 address alone: ID, time, what to do if it was not you; no password."""
    await change(visitor, press)
    await product.settle()
    mail = product.post.only("納付利用者パスワード変更完了のご連絡")
    assert mail.subject == "【軽自動車OSS】納付利用者パスワード変更完了のご連絡"
    assert mail.recipients == ["k-oss@example.jp"]
    for text in ("KNCA6288", mail_style(frozen.at), "お心当たりがない場合は"):
        assert text in mail.body
    assert GOOD not in mail.body
    assert ALICE.payment_password not in mail.body


async def test_changed_opened_directly_leads_back_with_a_word(visitor: httpx.AsyncClient) -> None:
    """パスワード変更結果通知 without a change would be a lie."""
    for receipt in ("", "?receipt=" + "0" * 32):
        page = await visit(visitor, f"/useridmg/password/changed{receipt}")
        assert page.h1 == "パスワード変更"
        assert page.notice == "登録はまだ行われていません。最初の画面から操作してください。"


async def test_bob_cannot_be_changed_with_alices_password(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """ID and current password belong together."""
    page = (await change(visitor, press, user_id=BOB.account.payment_user_id)).page
    assert page.summary == [INVALID]
    assert not product.rows("SELECT 1 FROM audit WHERE event = 'password.changed'")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"current_password": "wrong-but-long-enough"}, True),
        ({"new_password_again": f"{GOOD}x"}, True),
        ({"new_password_again": ""}, False),
        (dict.fromkeys(RIGHT, ""), False),
    ],
)
async def test_passwords_are_asked_again_unless_one_was_left_empty(
    visitor: httpx.AsyncClient, press: Press, typed: dict[str, str], *, said: bool
) -> None:
    """Who left a field empty reads that; who filled all reads why they are empty now."""
    page = (await change(visitor, press, **typed)).page
    assert page.status == 422
    assert ("安全のため、パスワードは再度入力してください。" in page.text) is said
