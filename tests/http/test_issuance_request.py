"""I1 → I3: what is asked for a 利用者ID, how often, and what the answer does not tell."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.alike import face
from tests.support.issuing import EMAIL, GUIDE, TERMS, agree, ask
from tests.support.page import Page
from tests.support.people import ALICE, CHARLIE
from tests.support.post import PostOffice
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product, running
from web.clock import DAY, HOUR

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ADDRESS = "/useridmg/issue/address"
CHECK = "/useridmg/issue/address/check"
TAKEN = "利用者ID発行 依頼受付"
UNTICKED = "利用規約をお読みになり、「利用規約に同意する」にチェックを入れてください。"


def requests(product: Product) -> int:
    """Count the requests that were written down."""
    return len(product.rows("SELECT 1 FROM issuances"))


@pytest.mark.parametrize("agreed", ["", "no", "yes "])
async def test_nobody_goes_on_without_a_tick(
    product: Product, visitor: httpx.AsyncClient, press: Press, agreed: str
) -> None:
    """422 at the tick, in words that say what to do; nothing is written."""
    before = product.content()
    page = (await press(visitor, TERMS, {"agreed": agreed})).page
    assert (page.status, page.summary, page.error("agreed")) == (422, [UNTICKED], UNTICKED)
    assert product.content() == before


@pytest.mark.parametrize(
    ("email", "again", "at", "words"),
    [
        ("", "", "email", "メールアドレスを入力してください。"),
        ("だれか", "だれか", "email", "全角文字「だ」が含まれています。"),
        ("a@b", "a@b", "email", "「@」の後ろに「.」がありません。"),
        ("a@example.jp,b@example.jp", "", "email", "メールアドレスは1つだけ入力してください。"),
        ("a\r\nBcc: b@example.jp", "", "email", "1行で入力してください。"),
        (EMAIL, "", "email_again", "メールアドレス(確認用)を入力してください。"),
        (EMAIL, "x" + EMAIL, "email_again", "(確認用)が一致しません。"),
        ("a" * 300 + "@example.jp", "", "email", "254文字以内で入力してください。"),
    ],
)
async def test_what_cannot_be_an_address_is_said_at_the_field(
    product: Product,
    visitor: httpx.AsyncClient,
    press: Press,
    email: str,
    again: str,
    at: str,
    words: str,
) -> None:
    """422, what was typed is kept, nothing is written; mended, the same form goes through."""
    page = await agree(visitor, press)
    before = product.content()
    action, typed = page.action("発行依頼"), {"email": email, "email_again": again}
    page = (await press(visitor, action, typed)).page
    assert page.status == 422
    assert words in page.error(at)
    if "\n" not in email and len(email) < 250:
        assert (page.value("email"), page.value("email_again")) == (email, again)
    assert product.content() == before
    mended = {"email": EMAIL, "email_again": EMAIL}
    assert (await press(visitor, page.action("発行依頼"), mended)).page.h1 == TAKEN


async def test_nothing_tells_whether_an_address_is_known(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """ASVS 6.3.8: known, unknown, known twice, disabled, over the limit: the same bytes."""
    await product.disable(CHARLIE)
    await product.meddle("UPDATE accounts SET admin_email = 'twice@example.jp' WHERE kind = 'individual'")  # fmt: skip
    await product.meddle("UPDATE accounts SET admin_email = 'close@example.jp' WHERE disabled_at > 0")  # fmt: skip
    alice = ALICE.account.profile.admin_email
    visitor.headers["Accept-Encoding"] = "identity"  # the ids in a page are compressed unalike
    seen = set()
    for email in [alice, "twice@example.jp", "close@example.jp", "nobod@example.jp", *[alice] * 3]:
        answers = []
        for headers in ({}, HTMX):
            action, typed = (await agree(visitor)).action("発行依頼"), {"email": email}
            typed["email_again"] = email
            answer = await visitor.post(action, data=typed, headers=headers)
            address = answer.headers.get("Location") or answer.headers["HX-Push-Url"]
            ids = [pair.partition("=")[2] for pair in address.partition("?")[2].split("&")]
            for each in (answer, await visitor.get(address)):
                text = repr(face(each, email))
                for known in ids:
                    text = text.replace(known, "<id>")
                answers.append(text)
        seen.add(tuple(answers))
        await product.settle()
    assert len(seen) == 1
    assert {mail.to for mail in product.post.mails} >= {alice, "nobod@example.jp"}
    assert len([mail for mail in product.post.mails if mail.to == alice]) == 3


async def test_the_address_is_limited_in_silence(
    product: Product, visitor: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """3 an hour and 10 a day are mailed; over that the same page, no mail, an audit row."""
    for _ in range(4):
        assert (await ask(visitor, EMAIL, press)).page.h1 == TAKEN
        await product.settle()
    assert len(product.post.mails) == 3
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'issuance.too_many'")) == 1
    await ask(visitor, "other@example.jp", press)
    await product.settle()
    assert len(product.post.mails) == 4
    for _ in range(3):
        frozen.advance(HOUR)
        for _ in range(4):
            await ask(visitor, EMAIL, press)
            await product.settle()
    assert len([mail for mail in product.post.mails if mail.to == EMAIL]) == 10
    frozen.advance(DAY)
    await ask(visitor, EMAIL, press)
    await product.settle()
    assert len([mail for mail in product.post.mails if mail.to == EMAIL]) == 11


async def test_plus_signs_make_no_new_address(product: Product, visitor: httpx.AsyncClient) -> None:
    """Else one mailbox got as many mails as somebody can think of tags, and its owner's own was refused."""
    for number in range(6):
        await ask(visitor, EMAIL.replace("@", f"+{number}@").capitalize())
        await product.settle()
    assert len(product.post.mails) == 3
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'issuance.too_many'")) == 3


async def test_a_network_that_asks_too_often_is_told(
    post: PostOffice, frozen: FrozenClock, tmp_path: Path
) -> None:
    """429 with Retry-After for that network alone, by the setting; resets count with it."""
    async with (
        running(tmp_path, post, MYPAGE_REQUESTS_PER_NETWORK="2") as product,
        product.browser("192.0.2.7") as browser,
        product.browser() as other,
    ):
        for number in range(2):
            assert (await ask(browser, f"a{number}@example.jp")).page.h1 == TAKEN
        await product.settle()
        before = product.content()
        page = (await ask(browser, "a3@example.jp")).page
        assert (page.status, page.h1) == (429, "操作の回数が多すぎます")
        assert int(page.response.headers["Retry-After"]) == HOUR
        assert product.content() == before
        reset = {"user_id": "KNCA6288", "admin_email": "k-oss@example.jp"}
        answer = await browser.post("/useridmg/pwdInitPay/request", data=reset)
        assert answer.status_code == 429
        assert (await ask(other, "a4@example.jp")).page.h1 == TAKEN
        frozen.advance(HOUR)
        assert (await ask(browser, "a3@example.jp")).page.h1 == TAKEN


async def test_twenty_presses_at_once_are_one_request(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Native and htmx mixed: every press ends on the same 依頼受付; one mail."""
    action = (await agree(visitor)).action("発行依頼")
    typed = {"email": EMAIL, "email_again": EMAIL}
    answers = await asyncio.gather(
        *(visitor.post(action, data=typed, headers=HTMX if n % 2 else {}) for n in range(20))
    )
    leads = {each.headers.get("Location") or each.headers.get("HX-Push-Url") for each in answers}
    assert len(leads) == 1
    await product.settle()
    assert (requests(product), len(product.post.mails)) == (1, 1)
    assert (await visit(visitor, str(leads.pop()))).h1 == TAKEN


async def test_a_mistyped_address_is_mended_from_the_page_that_shows_it(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """依頼受付 names the address; its link leads back, and the second address is a new request."""
    page = (await ask(visitor, "shinkl@example.jp")).page
    back = await visit(visitor, page.link("メールアドレスを誤って入力した場合"))
    assert back.h1 == "利用者ID発行 メールアドレスの入力"
    typed = {"email": EMAIL, "email_again": EMAIL}
    answer = await visitor.post(back.action("発行依頼"), data=typed)
    shown = await visit(visitor, answer.headers["Location"])
    assert shown.rows()["送信先メールアドレス"] == EMAIL
    await product.settle()
    assert [mail.to for mail in product.post.mails] == ["shinkl@example.jp", EMAIL]


@pytest.mark.parametrize("receipt", ["", "?receipt=", "?receipt=" + "0" * 32, "?receipt=%00"])
async def test_requested_opened_directly_leads_back_with_a_word(
    product: Product, visitor: httpx.AsyncClient, receipt: str
) -> None:
    """依頼受付 without a request would be a lie; nothing is written."""
    before = product.content()
    page = await visit(visitor, f"/useridmg/issue/requested{receipt}")
    assert page.h1 == "利用者ID発行 利用規約の同意"
    assert page.notice == "登録はまだ行われていません。最初の画面から操作してください。"
    assert product.content() == before


async def test_the_live_check_judges_the_address_alone(visitor: httpx.AsyncClient) -> None:
    """One typing or both; an empty second is not scolded; any other set of fields is a 400."""
    good = Page(await visitor.post(CHECK, data={"email": "ＡＢＣ@Example.jp"}))
    assert good.text.startswith("「ABC@example.jp」として登録します")
    typed = {"email": EMAIL, "email_again": ""}
    assert "一致しません" not in Page(await visitor.post(CHECK, data=typed)).text
    typed["email_again"] = "x@example.jp"
    assert "一致しません" in Page(await visitor.post(CHECK, data=typed)).text
    for wrong in ({}, {"email_again": EMAIL}, {"agreed": "yes"}, {**typed, "x": "1"}):
        assert (await visitor.post(CHECK, data=wrong)).status_code == 400


async def test_the_mail_says_until_when_and_hides_the_address_at_rest(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """依頼日時 and 24時間 are in the mail; the database holds neither address nor key in clear.

    But for the mail itself, which has to know where it goes until it is sent.
    """
    await ask(visitor, EMAIL)
    waiting = "\n".join(each for each in product.content() if not each.startswith("('outbox'"))
    await product.settle()
    mail = product.post.only(GUIDE)
    assert "有効期間は依頼日時から24時間です。" in mail.body
    dump = "\n".join(product.content())
    assert EMAIL not in waiting + dump
    assert mail.link.partition("key=")[2].lower() not in dump.lower()
