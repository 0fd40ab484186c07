"""L1 マイページログイン: what it shows, whom it lets in, and what it gives away (nothing)."""

import argon2
import httpx
import pytest

from tests.conftest import log_in
from tests.support.alike import face
from tests.support.people import ALICE, BOB, CHARLIE
from tests.support.press import HTMX, Press, visit
from tests.support.product import CHEAP, Product, settle_in
from web.demo.personas import EXPIRED, Persona
from web.features.issuance.form import NewAccount

pytestmark = pytest.mark.anyio

LOGIN = "/useridmg/login"
INVALID = (
    "納付利用者IDまたは納付利用者パスワードが違います。"
    "大文字・小文字や全角・半角をご確認のうえ、もう一度入力してください。"
)


def typed(user_id: str, password: str) -> dict[str, str]:
    """Fill the form."""
    return {"user_id": user_id, "password": password}


def right(person: Persona) -> dict[str, str]:
    """Fill the form as the person would."""
    return typed(person.account.payment_user_id, person.payment_password)


async def test_the_screen_is_that_of_the_manual(visitor: httpx.AsyncClient) -> None:
    """Chapter 2: heading, sentence, two fields, two links, two buttons."""
    page = await visit(visitor, LOGIN)
    assert page.h1 == "マイページログイン"
    sentence = "納付利用者IDと納付利用者パスワードを入力し、「ログイン」ボタンを押してください。"
    assert sentence in page.text
    assert (page.badge("user_id"), page.badge("password")) == ("必須", "必須")
    assert page.action("ログイン") == LOGIN
    assert page.link("パスワード変更") == "/useridmg/password/change"
    assert page.link("パスワード初期化") == "/useridmg/pwdInitPay/request"
    assert page.link("終了") == "/"
    assert "パスワード表示" in page.text


@pytest.mark.parametrize("person", [ALICE, BOB], ids=["company", "individual"])
async def test_the_right_password_leads_to_my_page(
    visitor: httpx.AsyncClient, press: Press, person: Persona
) -> None:
    """A company and a person get in, and My Page names the IDs of the pair."""
    page = (await press(visitor, LOGIN, right(person))).page
    assert page.h1 == "マイページ"
    assert page.table()["納付利用者ID"] == person.account.payment_user_id
    assert page.table()["一括利用者ID"] == person.account.bulk_user_id


@pytest.mark.parametrize("spelling", ["knca6288", " KNCA6288 ", "ＫＮＣＡ６２８８", "　ｋｎca6288"])
async def test_the_id_may_be_typed_in_any_width_and_case(
    visitor: httpx.AsyncClient, press: Press, spelling: str
) -> None:
    """Trimmed, half-width, upper-cased, then looked up."""
    page = (await press(visitor, LOGIN, typed(spelling, ALICE.payment_password))).page
    assert page.h1 == "マイページ"


async def test_one_password_in_two_unicode_spellings_is_one(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """が as one and as two code points logs in: OpaqueString at set and at verify."""
    account = NewAccount("KNCA7002", "KICA7002", CHARLIE.account.profile)
    composed, decomposed = "かがみのなかのみどり", "かか\u3099みのなかのみと\u3099り"
    await settle_in(product, Persona(account, composed, "yuki-no-asa-7002", 0, ""))
    answer = await visitor.post(LOGIN, data=typed("KNCA7002", decomposed))
    assert answer.headers["Location"] == "/useridmg/mypage"


async def test_an_empty_form_names_both_fields(visitor: httpx.AsyncClient, press: Press) -> None:
    """422 at the fields, and in the summary the same words."""
    page = (await press(visitor, LOGIN, typed("", ""))).page
    assert page.status == 422
    assert page.error("user_id") == "納付利用者IDを入力してください。"
    assert page.error("password") == "納付利用者パスワードを入力してください。"
    assert page.summary == [page.error("user_id"), page.error("password")]


async def test_only_what_is_empty_is_named(visitor: httpx.AsyncClient, press: Press) -> None:
    """A password without an ID is not called empty, and is not shown again."""
    page = (await press(visitor, LOGIN, typed("", "midori-no-kaze"))).page
    assert page.summary == ["納付利用者IDを入力してください。"]
    assert "midori-no-kaze" not in page.response.text
    assert page.value("password") == ""


@pytest.mark.parametrize("name", ["user_id", "password"])
async def test_more_than_1024_bytes_are_refused_at_their_field(
    visitor: httpx.AsyncClient, press: Press, name: str
) -> None:
    """The limit is exact: 1,024 bytes are looked up, 1,025 are called too long."""
    for length, message in ((1024, ""), (1025, "長すぎます。")):
        page = (await press(visitor, LOGIN, {**right(ALICE), name: "A" * length})).page
        assert page.status == 422
        assert page.error(name).startswith(message), length
        assert (page.error("user_id") == INVALID) == (not message), length


@pytest.mark.parametrize("bad", [b"user_id=\xff&password=a", b"user_id=a&password=%ff"])
async def test_bytes_that_are_not_utf8_are_a_400(
    product: Product, visitor: httpx.AsyncClient, bad: bytes
) -> None:
    """No browser sends them; they are neither hashed nor counted."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await visitor.post(LOGIN, content=bad, headers=headers)
    assert answer.status_code == 400
    assert not product.rows("SELECT 1 FROM audit WHERE event = 'login.failed'")


async def test_what_can_be_seen_to_be_wrong_is_not_counted(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Empty and over-long attempts leave no failed log-in behind, real ones do."""
    for attempt in (typed("", ""), typed("KNCA6288", ""), typed("A" * 1025, "b")):
        await visitor.post(LOGIN, data=attempt)
    assert not product.rows("SELECT 1 FROM audit WHERE event = 'login.failed'")
    assert not product.rows("SELECT 1 FROM failures")
    await visitor.post(LOGIN, data=typed("KNCA6288", "wrong"))
    await visitor.post(LOGIN, data=typed("KNCA9999", "wrong"))
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'login.failed'")) == 1
    assert len(product.rows("SELECT 1 FROM failures WHERE scope = 'unknown'")) == 1


async def test_every_reason_to_refuse_looks_the_same(product: Product) -> None:
    """Unknown, wrong, disabled and wrong, expired and wrong: the same bytes, status, headers and cookies."""
    await settle_in(product, EXPIRED)
    await product.disable(CHARLIE)
    attempts = {
        "unknown": typed("KNCA9999", "not-the-password"),
        "wrong": typed("KNCA6288", "not-the-password"),
        "disabled": typed("KNCA7001", "not-the-password"),
        "expired": typed("KNCA6290", "not-the-password"),
    }
    faces = {}
    for reason, attempt in attempts.items():
        user_id = attempt["user_id"]
        async with product.browser() as browser:
            posted = await browser.post(LOGIN, data=attempt)
            shown = await browser.get(posted.headers["Location"])
            swapped = await browser.post(LOGIN, data=attempt, headers=HTMX)
        assert (posted.status_code, shown.status_code, swapped.status_code) == (303, 422, 422)
        faces[reason] = [face(each, user_id) for each in (posted, shown, swapped)]
    for reason in attempts:
        assert faces[reason] == faces["unknown"], reason


async def test_a_refusal_keeps_the_id_and_empties_the_password(
    visitor: httpx.AsyncClient, press: Press
) -> None:
    """One message for both fields, the ID as typed, no password anywhere in the answer."""
    page = (await press(visitor, LOGIN, typed(" knca6288", "not-the-password"))).page
    assert page.summary == [INVALID]
    assert page.error("user_id") == INVALID
    assert page.value("user_id") == " knca6288"
    assert page.value("password") == ""
    assert "not-the-password" not in page.response.text


async def test_a_refusal_is_gone_when_the_form_is_opened_again(visitor: httpx.AsyncClient) -> None:
    """The verdict belongs to one attempt: a fresh visit shows a fresh form."""
    await visitor.post(LOGIN, data=typed("KNCA6288", "wrong"))
    page = await visit(visitor, LOGIN)
    assert (page.status, page.summary, page.value("user_id")) == (200, [], "")


async def test_an_old_hash_is_renewed_at_log_in(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """A hash made with other parameters is made again, and the password still works."""
    find = "SELECT password_hash FROM credentials WHERE kind = 'payment' AND account_id = ?"
    owner = product.rows("SELECT id FROM accounts WHERE payment_user_id = 'KNCA6288'")[0]["id"]
    old = argon2.PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    hashed = old.hash(ALICE.payment_password)
    await product.meddle(
        "UPDATE credentials SET password_hash = :hashed WHERE kind = 'payment' AND account_id = :owner",
        hashed=hashed,
        owner=owner,
    )
    await log_in(visitor, ALICE)
    now = product.rows(find, owner)[0]["password_hash"]
    assert argon2.extract_parameters(now) == CHEAP
    await log_in(visitor, ALICE)
