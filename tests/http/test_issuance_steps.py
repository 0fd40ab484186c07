"""I4 → I6: what is typed from the mailed URL on, refused or kept; and URLs that are no good."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.issuing import (
    CHOSEN,
    COMPANY,
    EMAIL,
    PASSWORDS,
    PAYMENT_PASSWORD,
    PERSON,
    PROFILE,
    choose,
    fill_in,
    issue,
    mailed,
    prepared,
)
from tests.support.page import Page
from tests.support.press import Press, visit
from tests.support.product import Product
from web.clock import DAY, HOUR

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

I4, I5, I6 = (
    f"利用者ID発行 {step}" for step in ("利用者情報の入力", "希望パスワードの入力", "依頼の確認")
)
SPENT, REOPEN = "このURLは使用できません", "メールのURLをもう一度開いてください"
INIT = "/useridmg/issue/INIT"


def accounts(product: Product) -> int:
    """Count the accounts."""
    return len(product.rows("SELECT 1 FROM accounts"))


async def test_readers_of_the_mail_use_nothing_up(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Scanners that GET and HEAD the URL, follow it and press empty forms leave it alive."""
    link = await mailed(product, visitor)
    before = product.content()
    for number in range(10):
        async with product.browser(f"192.0.2.{number}") as reader:
            for method in ("GET", "HEAD"):
                answer = await reader.request(method, link)
                assert answer.status_code == 303
                assert (await reader.request(method, answer.headers["Location"])).is_success
    assert product.content() == before
    async with product.browser() as reader:
        page = await visit(reader, link)
        await reader.post(page.action("次へ"), data={})
    confirm = (await choose(visitor, (await fill_in(visitor, link)).page)).page
    assert (await issue(visitor, confirm)).page.status == 200


async def test_the_key_leaves_the_address_at_once(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """ASVS 14.2.1: a 303 to an address with the public id; the key in a cookie of its name."""
    link = await mailed(product, visitor)
    address, key = link.split("key=")
    answer = await visitor.get(f"{address}key={key.lower()}")
    leads, cookie = answer.headers["Location"], answer.headers["Set-Cookie"]
    public = leads.partition("link=")[2]
    assert leads == f"{PROFILE}?link={public}"
    assert cookie.startswith(f"issue-{public}={key};")
    assert f"Max-Age={DAY}" in cookie
    assert key not in (await visitor.get(leads)).text


@pytest.mark.parametrize(
    "key", ["", "0", "F" * 127, "F" * 128, "G" * 128, "F" * 129, "%00", "あ" * 128, "F" * 5000]
)
async def test_a_key_that_is_none_of_ours_is_gone(
    product: Product, visitor: httpx.AsyncClient, key: str
) -> None:
    """Unknown, mangled, cut off: 410, with reasons and a way on; no cookie, nothing written."""
    before = product.content()
    answer = await visitor.get(INIT, params={"key": key})
    page = Page(answer)
    assert (page.status, page.h1) == (410, SPENT)
    assert page.link("もう一度依頼する") == "/useridmg/issue/terms"
    assert "Set-Cookie" not in answer.headers
    assert product.content() == before


async def test_a_reset_key_opens_no_issue(product: Product, visitor: httpx.AsyncClient) -> None:
    """A URL is good for what it was mailed for, in both directions."""
    link = await mailed(product, visitor)
    reset = link.replace("/issue/", "/pwdInitPay/")
    assert (await visitor.get(reset)).status_code == 410


@pytest.mark.parametrize("late", [False, True], ids=["23:59:59", "24:00:00"])
async def test_a_url_lives_24_hours_from_the_request(
    product: Product, visitor: httpx.AsyncClient, press: Press, frozen: FrozenClock, late: bool
) -> None:
    """To the second, for opening it, for each form and for 確定."""
    link = await mailed(product, visitor)
    frozen.advance(DAY - HOUR)
    confirm = (await choose(visitor, (await fill_in(visitor, link)).page)).page
    frozen.advance(HOUR - 1 + late)
    async with product.browser() as other:  # a cookie given now would live for a second
        assert (await other.get(link)).status_code == (410 if late else 303)
    page = await visit(visitor, f"{PROFILE}?{confirm.address.partition('?')[2]}")
    assert page.h1 == (SPENT if late else I4)
    assert (await issue(visitor, confirm, press)).page.status == (410 if late else 200)
    assert accounts(product) == (3 if late else 4)


async def test_without_the_cookie_the_mail_has_to_be_opened_again(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Another browser with the address alone: 403, nothing shown, nothing written, no ID seen."""
    confirm = await prepared(product, visitor)
    query = confirm.address.partition("?")[2]
    before = product.content()
    steps = [f"/useridmg/issue/{step}?{query}" for step in ("profile", "passwords", "confirm", "complete")]  # fmt: skip
    async with product.browser() as stranger:
        for step in steps:
            page = await visit(stranger, step)
            assert (page.status, page.h1) == (403, REOPEN)
            assert EMAIL not in page.text
        for step in steps[:3]:
            assert (await press(stranger, step, {**COMPANY, **CHOSEN})).page.h1 == REOPEN
    assert product.content() == before


async def test_a_key_opens_its_own_issue_alone(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """One's own key in a cookie of another's name opens nothing, one's own included."""
    theirs = (await visit(visitor, await mailed(product, visitor))).address.partition("link=")[2]
    async with product.browser() as other:
        link = await mailed(product, other, "other@example.jp")
        other.cookies.set(f"issue-{theirs}", link.partition("key=")[2])
        page = await visit(other, f"{PROFILE}?link={theirs}")
        assert (page.status, page.h1) == (403, REOPEN)


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ({"kind": ""}, "kind", "「個人の方」、「法人の方」のどちらかを選んでください。"),
        ({"kind": "robot"}, "kind", "「個人の方」、「法人の方」のどちらかを選んでください。"),
        ({"corporate_kana": "新井"}, "corporate_kana", "漢字は使えません。"),
        ({"corporate_name": "あ" * 61}, "corporate_name", "60文字以内で入力してください。"),
        ({"corporate_name": "けいじ😀"}, "corporate_name", "絵文字を消してください。"),
        ({"representative": ""}, "representative", "代表者名を入力してください。"),
        ({**PERSON, "individual_name": " "}, "individual_name", "氏名を入力してください。"),
        ({"notice_email": "a@b"}, "notice_email", "「.」がありません。"),
        ({"notice_email": EMAIL}, "notice_email_again", "(確認用)が一致しません。"),
    ],
)
async def test_what_cannot_be_registered_is_said_at_the_field(
    product: Product,
    visitor: httpx.AsyncClient,
    press: Press,
    typed: dict[str, str],
    at: str,
    words: str,
) -> None:
    """422 at the field, everything typed is still there; mended, it goes on."""
    link = await mailed(product, visitor)
    page = (await fill_in(visitor, link, press, **typed)).page
    assert (page.status, page.h1) == (422, I4)
    assert words in page.error(at)
    given = {**COMPANY, **typed}
    if at != "kind":
        assert page.value(at) == given.get(at, "")
    assert all(
        page.value(name) for name, text in given.items() if text and name not in {"kind", at}
    )
    mended = {**page.fields(PROFILE), **COMPANY, "notice_email": "", "notice_email_again": ""}
    assert (await press(visitor, page.action("次へ"), mended)).page.h1 == I5


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ({"payment_password": ""}, "payment_password", "パスワードを入力してください。"),
        ({"bulk_password": "short"}, "bulk_password", "12文字以上128文字以内で入力してください"),
        ({"bulk_password": "a" * 129}, "bulk_password", "12文字以上128文字以内で入力してください"),
        ({"bulk_password_again": "x"}, "bulk_password_again", "(確認用)が一致しません。"),
        ({"payment_password": "password1234", "payment_password_again": "password1234"},
         "payment_password", "推測されやすいパスワードです。"),
        ({"bulk_password": EMAIL, "bulk_password_again": EMAIL},
         "bulk_password", "推測されやすいパスワードです。"),
    ],
)  # fmt: skip
async def test_a_password_that_may_not_be_set_is_refused_and_not_echoed(
    product: Product,
    visitor: httpx.AsyncClient,
    press: Press,
    typed: dict[str, str],
    at: str,
    words: str,
) -> None:
    """422 at the field with the reason; all four fields come back empty; nothing is kept."""
    page = (await fill_in(visitor, await mailed(product, visitor))).page
    before = product.content()
    page = (await choose(visitor, page, press, **typed)).page
    assert (page.status, page.h1) == (422, I5)
    assert words in page.error(at)
    assert ("安全のため、パスワードは再度入力してください。" in page.text) is all(typed.values())
    assert not any(page.value(name) for name in CHOSEN)
    assert PAYMENT_PASSWORD not in page.response.text
    assert product.content() == before
    assert (await choose(visitor, page, press)).page.h1 == I6


async def test_a_password_made_of_the_new_names_is_refused(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """zxcvbn is fed with what was typed a step before; the live check says the same."""
    link, name = await mailed(product, visitor), "Kirameki Zidousya Hanbai"
    page = (await fill_in(visitor, link, press, corporate_name=name)).page
    weak = "kirameki zidousya hanbai"
    full = "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in weak)
    for typed in (full,):
        twice = {"payment_password": typed, "payment_password_again": typed}
        assert "推測されやすい" in (await choose(visitor, page, press, **twice)).page.error("payment_password")  # fmt: skip
        check = f"{PASSWORDS}/check?{page.address.partition('?')[2]}"
        answer = await visitor.post(check, data={"payment_password": typed})
        assert "推測されやすい" in Page(answer).text


async def test_the_live_check_takes_one_password_alone(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """A password never travels with another field; without a key it is judged by itself."""
    page = (await fill_in(visitor, await mailed(product, visitor))).page
    check = f"{PASSWORDS}/check?{page.address.partition('?')[2]}"
    for name in ("payment_password", "bulk_password"):
        good = Page(await visitor.post(check, data={name: PAYMENT_PASSWORD}))
        assert "推測されやすい" not in good.text
        short = Page(await visitor.post(check, data={name: "x"}))
        assert "12文字以上" in short.text
    for wrong in ({}, CHOSEN, {"payment_password_again": "x"}, {"new_password": "x"}):
        assert (await visitor.post(check, data=wrong)).status_code == 400


async def test_what_was_typed_is_found_again_from_the_mail(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Another browser, hours later: the mailed URL opens the form as it was left."""
    link = await mailed(product, visitor)
    await fill_in(visitor, link, press, corporate_kana="新井")
    async with product.browser() as other:
        page = await visit(other, link)
        assert (page.value("corporate_kana"), page.status) == ("新井", 422)
        mended = {**page.fields(PROFILE), "corporate_kana": "アライ"}
        assert (await press(other, page.action("次へ"), mended)).page.h1 == I5
    assert (await visit(visitor, link)).value("corporate_name") == "新しい自動車　ＡＢＣ"


async def test_a_mended_line_does_not_cost_the_passwords(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Back from 確認 for the notice address: 次へ leads to 確認 again, and the passwords hold."""
    confirm = await prepared(product, visitor, press)
    page = await visit(visitor, confirm.link("戻る"))
    notice = {"notice_email": "n@example.jp", "notice_email_again": "n@example.jp"}
    again = (await press(visitor, page.action("次へ"), {**page.fields(PROFILE), **notice})).page
    assert again.h1 == I6
    assert again.rows()["申請状況通知用メールアドレス"] == "n@example.jp"
    await issue(visitor, again, press)
    login = {"user_id": "KNCA7002", "password": PAYMENT_PASSWORD}
    assert (await press(visitor, "/useridmg/login", login)).page.h1 == "マイページ"


async def test_what_was_typed_for_the_other_kind_is_kept(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Switching keeps both groups, over the passwords and back; a slip costs no password."""
    confirm = await prepared(product, visitor, press)
    page = await visit(visitor, confirm.link("戻る"))
    slip = {**page.fields(PROFILE), "individual_name": "新井 二", "representative": ""}
    page = (await press(visitor, page.action("次へ"), slip)).page
    assert page.error("representative") == "代表者名を入力してください。"
    mended = {**page.fields(PROFILE), "representative": "新井 一"}
    again = (await press(visitor, page.action("次へ"), mended)).page
    assert again.h1 == I6
    assert (await visit(visitor, again.link("戻る"))).value("individual_name") == "新井 二"


async def test_a_new_name_has_the_passwords_judged_again(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Chosen before the name, a password could be the name: so it is asked once more."""
    confirm = await prepared(product, visitor, press)
    page = await visit(visitor, confirm.link("戻る"))
    renamed = {**page.fields(PROFILE), "corporate_name": "別の自動車"}
    assert (await press(visitor, page.action("次へ"), renamed)).page.h1 == I5


async def test_no_step_can_be_left_out(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Passwords without 利用者情報, 確定 without either: back to the form with a word."""
    page = await visit(visitor, await mailed(product, visitor))
    query = page.address.partition("?")[2]
    for step in ("passwords", "confirm", "confirm&draft=" + "0" * 32):
        path, _, more = step.partition("&")
        address = f"/useridmg/issue/{path}?{query}{'&' + more if more else ''}"
        for found in (await visit(visitor, address), (await press(visitor, address, CHOSEN)).page):
            assert found.h1 == I4
            assert found.notice.startswith("確認する内容がありませんでした。")
    await fill_in(visitor, product.post.mails[0].link)
    draft = product.rows("SELECT id FROM drafts")[0]["id"]
    address = f"/useridmg/issue/confirm?{query}&draft={draft}"
    assert (await press(visitor, address, {})).page.h1 == I4
    done = await visit(visitor, f"/useridmg/issue/complete?{query}")
    assert (done.h1, accounts(product)) == (I4, 3)


async def test_the_draft_of_another_url_is_nobody_elses(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """A draft's id with a link of one's own: no data, no issue."""
    confirm = await prepared(product, visitor)
    draft = confirm.address.partition("draft=")[2]
    async with product.browser() as other:
        page = await visit(other, await mailed(product, other, "other@example.jp"))
        address = f"/useridmg/issue/confirm?{page.address.partition('?')[2]}&draft={draft}"
        for found in (await visit(other, address), (await press(other, address, {})).page):
            assert found.h1 == I4
            assert "新井" not in found.response.text
    assert accounts(product) == 3


async def test_after_two_hours_the_values_are_there_to_be_sent_again(
    product: Product, visitor: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """As everywhere: 確定 no longer works, nothing is lost, the passwords hold."""
    confirm = await prepared(product, visitor, press)
    frozen.advance(2 * HOUR)
    page = (await issue(visitor, confirm, press)).page
    assert page.h1 == I4
    assert page.notice.startswith("入力から時間がたったため")
    assert page.value("corporate_name") == "新しい自動車　ＡＢＣ"
    again = (await press(visitor, page.action("次へ"), page.fields(PROFILE))).page
    assert again.h1 == I6
    assert (await issue(visitor, again, press)).page.status == 200


async def test_passwords_are_in_the_draft_as_hashes_only(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Sealed, and inside the seal Argon2id; nothing else has a password in it."""
    await prepared(product, visitor)
    row = product.rows("SELECT * FROM drafts ORDER BY position DESC")[0]
    typed = product.services.vault.open(
        "draft", row["sealed"], bound_to=row["owner_id"] + row["id"]
    )
    held = {name: text for name, text in typed.items() if name.endswith("_hash")}
    assert set(held) == {"payment_hash", "bulk_hash"}
    assert all(text.startswith("$argon2id$") for text in held.values())
    assert not any(password in str(typed) for password in CHOSEN.values())
