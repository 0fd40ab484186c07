"""The key of a mailed URL as people bring it: with something behind it, broken over lines, or cut short."""

import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from tests.support.issuing import mailed
from tests.support.journeys import bulk_link, change_profile, payment_link
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.product import Product
from web.fields.width import to_full_width
from web.http.mailed_key import mailed_key

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

BEHIND = ["。", "．", ">", "＞", " ", "　", "\n", "\r\n", ")", "）", "」", "】", "、", ",", ".", ";", '"', "'",
          ">。", " です。", "。よろしく", "&gt;", "%3E", "*", "\u200b", "\u00a0", "</a>", "]("]  # fmt: skip
MANGLED = "URLが途中で切れているか、余分な文字が入っています。"


async def links(product: Product, browser: httpx.AsyncClient) -> list[str]:
    """Give a URL of every kind that is mailed."""
    found = [await payment_link(product, browser, ALICE), await bulk_link(product, browser)]
    found.append(await mailed(product, browser))
    await change_profile(browser, admin_email="new@example.jp", admin_email_again="new@example.jp")
    await product.settle()
    bodies = [mail.body for mail in product.post.mails if "email/INIT" in mail.body]
    return [*found, re.findall(r"http\S+email/INIT\S+", bodies[-1])[0]]


async def test_what_stands_around_a_key_does_not_matter(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A sentence's end, brackets of a mail program, blanks, a line break in the middle."""
    for link in (await links(product, alice))[2:]:  # the profile's change ended the first two
        address, key = link.split("key=")
        for behind in BEHIND:
            answer = await alice.get(address, params={"key": key + behind})
            assert answer.status_code == 303, (address, behind)
        for otherwise in (to_full_width(key), f"3D{key}", f"＝{key}", to_full_width(key.lower())):
            answer = await alice.get(address, params={"key": otherwise})
            assert answer.status_code == 303, (address, otherwise)
        for between in (" ", "\r\n", "=\r\n", "\r\n> ", "\u00ad"):
            answer = await alice.get(address, params={"key": key[:70] + between + key[70:]})
            assert answer.status_code == 303, (address, between)
        page = await visit(alice, f"{link}。")
        assert page.status == 200


async def test_a_reset_opens_with_a_full_stop_behind_it(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """パスワード初期化, where most people copy."""
    link = await payment_link(product, visitor, ALICE)
    for behind in BEHIND:
        address, key = link.split("key=")
        answer = await visitor.get(address, params={"key": key + behind})
        assert answer.status_code == 303, behind
        form = await visit(visitor, answer.headers["Location"])
        assert form.h1 == "納付利用者パスワード初期化 希望パスワードの入力"


@pytest.mark.parametrize("mangle", [
    lambda _: "",
    lambda key: key[:1],
    lambda key: key[:64],
    lambda key: key[:-1],
    lambda key: key[1:],
    lambda key: f"{key}0",
    lambda key: f"{key}abc",
    lambda key: f"{key[:-1]}G",
    lambda key: f"{key[:60]}。{key[60:]}",
    lambda key: f"{key}{key}",
    lambda _: "あ" * 128,
    lambda _: "A" * 5000,
])  # fmt: skip
@pytest.mark.parametrize("path", ["pwdInitPay", "pwdInitBulk", "issue", "email"])
async def test_a_key_that_is_not_whole_is_told_as_such(
    visitor: httpx.AsyncClient, path: str, mangle: object
) -> None:
    """410, how to copy it, the way to a new mail; nothing is given away, for nothing was looked up."""
    key = mangle("0123456789ABCDEF" * 8)  # type: ignore[operator]
    page = Page(await visitor.get(f"/useridmg/{path}/INIT", params={"key": key}))
    assert (page.status, page.h1) == (410, "このURLは使用できません")
    assert MANGLED in page.text
    assert "はじめから終わりまで選んでコピーし" in page.text
    assert "有効期間が過ぎた" not in page.text


async def test_a_whole_key_that_is_dead_is_not_called_mangled(visitor: httpx.AsyncClient) -> None:
    """Then the reasons are others."""
    for path in ("pwdInitPay", "pwdInitBulk", "issue", "email"):
        page = Page(await visitor.get(f"/useridmg/{path}/INIT", params={"key": "0" * 128}))
        assert page.status == 410
        assert MANGLED not in page.text
        assert "有効期間が過ぎた" in page.text


def asked(key: str) -> Request:
    """Make a request with a key as it is after the server has decoded it."""
    query = str(httpx.QueryParams({"key": key})).encode()
    return Request({"type": "http", "query_string": query, "headers": []})


@given(
    st.from_regex("[0-9A-F]{128}", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
def test_whatever_stands_behind_a_key_is_no_other_key(key: str, behind: str) -> None:
    """It is read as this key, or not at all; lower case is the same key."""
    assert mailed_key(asked(key)) == mailed_key(asked(key.lower())) == key
    assert mailed_key(asked(key + behind)) in {key, ""}
    assert mailed_key(asked(f"{key} {behind}")) in {key, ""}
    if not re.match(r"\s*[0-9A-Za-z]", behind):
        assert mailed_key(asked(f"{key}。{behind}")) == key


@given(st.from_regex("[0-9A-F]{0,127}", fullmatch=True))
def test_no_part_of_a_key_is_a_key(key: str) -> None:
    """Cut anywhere."""
    assert mailed_key(asked(key)) == ""
