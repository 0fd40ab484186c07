"""The live checks: one field as it is left; a few bytes back, nothing looked up, nothing written."""

import re

import argon2
import httpx
import pytest
from starlette.routing import Route

from tests.support.forms import issue_passwords
from tests.support.html import elements
from tests.support.journeys import bulk_link, payment_link
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import HTMX, visit
from tests.support.product import Product
from web.routes import ROUTES
from web.store.credentials import CredentialKind

pytestmark = pytest.mark.anyio

PROFILE = "/useridmg/profile/check"
CHANGE = "/useridmg/password/check"
REQUEST = "/useridmg/pwdInitPay/request/check"
PAYMENT, BULK = "/useridmg/pwdInitPay/password/check", "/useridmg/pwdInitBulk/password/check"
LARGEST = 600  # bytes
CHECKED = re.compile(r"/passwords?/check$")
GOOD = "fuyu-no-kitakaze-88"
SHORT = "12文字以上128文字以内で入力してください(現在3文字です)。"
STRONG = "長さと推測されにくさは十分です"
GUESSED = "推測されやすいパスワードです。"


async def check(browser: httpx.AsyncClient, address: str, /, **typed: str) -> Page:
    """Send what htmx sends when a field is left."""
    answer = await browser.post(address, data=typed, headers=HTMX)
    assert answer.status_code == 200, answer.status_code
    assert len(answer.content) <= LARGEST, len(answer.content)
    return Page(answer)


def badges(page: Page) -> dict[str, str]:
    """Give each badge that is swapped, by the element it goes to."""
    partials = elements(page.root, "hx-partial")
    assert {each.get("hx-swap") for each in partials} == {"innerHTML"}
    return {each.get("hx-target", ""): "".join(each.itertext()).strip() for each in partials}


def verdict(page: Page) -> str:
    """Give the words for the place under the field."""
    spans = [each for each in page.root if each.tag == "span"]
    return "".join("".join(span.itertext()) for span in spans).strip()


@pytest.mark.parametrize(
    ("address", "name", "typed"),
    [
        (PROFILE, "corporate_kana", "ケイジ"),
        (PROFILE, "corporate_name", "㈱軽自髙﨑"),
        (PROFILE, "representative", "軽自　太郎"),
        (PROFILE, "individual_kana", "ケイジ　ハナコ"),
        (PROFILE, "individual_name", "軽自　花子"),
        (PROFILE, "admin_email", "a@example.jp"),
        (REQUEST, "user_id", "KNCA6288"),
        (REQUEST, "user_id", "KNCA9999"),
        (REQUEST, "admin_email", "nobody@example.jp"),
        (CHANGE, "new_password", GOOD),
        (PAYMENT, "new_password", GOOD),
        (BULK, "new_password", GOOD),
    ],
)
async def test_a_good_field_is_ok(
    alice: httpx.AsyncClient, address: str, name: str, typed: str
) -> None:
    """The badge turns OK; a new password hears that it is strong, else nothing stands below the field."""
    page = await check(alice, address, **{name: typed})
    assert verdict(page) == (STRONG if name == "new_password" else "")
    (target, badge), *others = badges(page).items()
    assert (target, others) == (f"#{name}-badge", [])
    assert badge.endswith("OK")


async def test_an_optional_field_keeps_its_badge(alice: httpx.AsyncClient) -> None:
    """任意 stays, filled or not (manual, chapter 3)."""
    for typed in ("", "a@example.jp"):
        told = badges(await check(alice, PROFILE, notice_email=typed))
        assert told == {"#notice_email-badge": "任意"}


@pytest.mark.parametrize(
    ("address", "name", "typed", "message"),
    [
        (PROFILE, "corporate_kana", "", "会社・団体名(フリガナ)を入力してください。"),
        (PROFILE, "corporate_name", "軽自😀", "「😀」"),
        (PROFILE, "representative", "軽" * 41, "40文字"),
        (PROFILE, "admin_email", "k-oss.example.jp", "「@」がありません。"),
        (PROFILE, "notice_email", "a@b@c.jp", "「@」が2つ以上あります。"),
        (REQUEST, "user_id", "", "納付利用者IDを入力してください。"),
        (REQUEST, "admin_email", "a@", "「@」の後ろがありません。"),
        (CHANGE, "new_password", "abc", SHORT),
        (CHANGE, "new_password", "password123456789", GUESSED),
        (PAYMENT, "new_password", "abc", SHORT),
        (BULK, "new_password", "abc", SHORT),
    ],
)
async def test_a_bad_field_is_told_how_to_mend_it(
    alice: httpx.AsyncClient, address: str, name: str, typed: str, message: str
) -> None:
    """The words of the form itself, and the badge shows no OK."""
    page = await check(alice, address, **{name: typed})
    assert message in verdict(page)
    assert "OK" not in badges(page)[f"#{name}-badge"]


@pytest.mark.parametrize(
    ("address", "name", "typed", "value"),
    [
        (PROFILE, "corporate_kana", "ｹｲｼﾞ", "ケイジ"),
        (PROFILE, "corporate_kana", "けいじ", "ケイジ"),
        (PROFILE, "representative", " 軽自  太郎 ", "軽自　太郎"),
        (PROFILE, "admin_email", "Ａ@ｅｘ．jp", "A@ex.jp"),
        (REQUEST, "user_id", "ｋｎｃａ６２８８", "KNCA6288"),
        (REQUEST, "admin_email", " a@Example.JP", "a@example.jp"),
    ],
)
async def test_what_was_converted_is_shown(
    alice: httpx.AsyncClient, address: str, name: str, typed: str, value: str
) -> None:
    """「…」として登録します, or what it is read as, under the field; and OK."""
    page = await check(alice, address, **{name: typed})
    assert f"「{value}」" in verdict(page)
    assert badges(page)[f"#{name}-badge"].endswith("OK")


@pytest.mark.parametrize("name", ["admin_email", "notice_email"])
async def test_a_pair_is_compared_as_registered(alice: httpx.AsyncClient, name: str) -> None:
    """The repetition is sent with the first; its badge alone is swapped; empty, it is not scolded."""
    again = f"{name}_again"
    same = await check(alice, PROFILE, **{name: "Ａ@ex.jp", again: "A@EX.jp"})
    assert list(badges(same)) == [f"#{again}-badge"]
    assert badges(same)[f"#{again}-badge"] == ("任意" if name == "notice_email" else "OK")
    other = await check(alice, PROFILE, **{name: "a@ex.jp", again: "b@ex.jp"})
    assert "一致しません。" in verdict(other)
    assert verdict(await check(alice, PROFILE, **{name: "a@ex.jp", again: ""})) == ""


async def test_no_live_check_compares_with_a_stored_password(
    product: Product, alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even behind a mailed URL: else whoever holds one could try hundreds of passwords there."""
    links = [await payment_link(product, alice, ALICE), await bulk_link(product, alice)]
    forms = [(await visit(alice, link)).address for link in links]
    asked = {each.replace("/password?", "/password/check?"): "new_password" for each in forms}
    issued = await issue_passwords(product, alice)
    asked |= {
        CHANGE: "new_password",
        issued.action.replace("/passwords", "/passwords/check"): "payment_password",
    }
    assert {each.partition("?")[0] for each in asked} == password_checks()

    def compare(*_: object) -> bool:
        raise AssertionError("a stored password was compared")

    monkeypatch.setattr(argon2.PasswordHasher, "verify", compare)
    for address, name in asked.items():
        for mine in (ALICE.payment_password, ALICE.bulk_password):
            page = await check(alice, address, **{name: mine})
            assert verdict(page) == STRONG, address
            assert mine not in page.response.text


def password_checks() -> set[str]:
    """List the addresses of all live checks that judge a new password."""
    paths = [each.path for each in ROUTES if isinstance(each, Route) and CHECKED.search(each.path)]
    return {path.replace("{kind:kind}", kind.path) for path in paths for kind in CredentialKind}


NO_CHECK: list[tuple[str, dict[str, str]]] = [
    (PROFILE, {}),
    (PROFILE, {"nothing": "x"}),
    (PROFILE, {"version": "1"}),
    (PROFILE, {"current_password": "x"}),
    (PROFILE, {"corporate_kana": "ケ", "corporate_name": "軽"}),
    (PROFILE, {"admin_email": "a@ex.jp", "notice_email_again": "a@ex.jp"}),
    (PROFILE, {"admin_email": "a", "admin_email_again": "a", "kind": "corporate"}),
    (REQUEST, {}),
    (REQUEST, {"user_id": "KNCA6288", "admin_email": "k-oss@example.jp"}),
    (REQUEST, {"user_id": "KNCA6288", "once": "0" * 32}),
    (REQUEST, {"password": "x"}),
]
for each in (CHANGE, PAYMENT, BULK):
    NO_CHECK += [
        (each, {}),
        (each, {"new_password_again": GOOD}),
        (each, {"current_password": GOOD}),
        (each, {"new_password": GOOD, "user_id": "KNCA6288"}),
        (each, {"new_password": GOOD, "new_password_again": GOOD}),
    ]


async def test_any_other_set_of_fields_is_a_400(product: Product, alice: httpx.AsyncClient) -> None:
    """No password travels with an ID, no form whole; what our pages do not send is not answered."""
    before = product.content()
    for address, typed in NO_CHECK:
        answer = await alice.post(address, data=typed, headers=HTMX)
        assert answer.status_code == 400, (address, typed)
        assert Page(answer).h1 == "送信された内容を読み取れませんでした"
    assert product.content() == before


async def test_a_check_writes_nothing(product: Product, alice: httpx.AsyncClient) -> None:
    """Good or bad, of a known ID or not: no row changes, no cookie is set, nobody is mailed."""
    before = product.content()
    for address, typed in (
        (PROFILE, {"corporate_kana": "ｹｲｼﾞ"}),
        (PROFILE, {"admin_email": "x"}),
        (REQUEST, {"user_id": "KNCA6288"}),
        (REQUEST, {"admin_email": "k-oss@example.jp"}),
        (CHANGE, {"new_password": GOOD}),
        (PAYMENT, {"new_password": ALICE.payment_password}),
    ):
        answer = await alice.post(address, data=typed, headers=HTMX)
        assert "Set-Cookie" not in answer.headers
    assert product.content() == before


async def test_a_check_without_a_session_lets_the_input_stand(
    product: Product, visitor: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """401 and no HX-Redirect: nobody is torn from a form; 次へ will say what happened and keep it."""
    await product.meddle("UPDATE sessions SET ended_at = 1")
    for browser in (visitor, alice):
        answer = await browser.post(PROFILE, data={"representative": "軽自"}, headers=HTMX)
        assert answer.status_code == 401
        assert not any(name.startswith("hx-") for name in answer.headers)
