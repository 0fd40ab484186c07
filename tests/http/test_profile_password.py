"""A new 利用者管理用メールアドレス needs the current password at 確定 (decision 12)."""

import httpx
import pytest

from tests.support.journeys import commit, propose
from tests.support.people import ALICE
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEW = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
ASKED = "現在の納付利用者パスワードを入力してください。"
FIELD = "current_password"


def address(product: Product) -> str:
    """Give the address that is registered for Alice."""
    found = product.rows("SELECT admin_email FROM accounts WHERE payment_user_id = 'KNCA6288'")
    return str(found[0]["admin_email"])


async def test_the_password_is_asked_for_a_new_admin_address(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """確認 says why it asks; with the right password the address is changed."""
    confirm = (await propose(alice, press, **NEW)).page
    assert ASKED in confirm.text
    done = (await commit(alice, confirm, press)).page
    assert done.h1 == "利用者情報変更 登録完了"
    assert address(product) == "new@example.jp"


async def test_the_password_is_not_asked_for_anything_else(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """Names and the notice address go without it, whatever is sent along."""
    typed = {"representative": "星野　海", "notice_email": "a@example.jp"}
    confirm = (await propose(alice, press, **typed, notice_email_again="a@example.jp")).page
    assert ASKED not in confirm.text
    done = (await press(alice, confirm.action("確定"), {FIELD: "whatever"})).page
    assert done.h1 == "利用者情報変更 登録完了"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "現在のパスワードを入力してください。"),
        ("not-the-password", "現在のパスワードが違います。"),
    ],
)
async def test_without_the_password_nothing_is_changed(
    product: Product, alice: httpx.AsyncClient, press: Press, typed: str, message: str
) -> None:
    """422 at the field, the password empty again, the draft still there for the next try."""
    confirm = (await propose(alice, press, **NEW)).page
    page = (await commit(alice, confirm, press, password=typed)).page
    assert (page.status, page.h1) == (422, "利用者情報変更 依頼の確認")
    assert page.error(FIELD).startswith(message)
    assert page.value(FIELD) == ""
    assert not typed or typed not in page.response.text
    assert page.rows()["利用者管理用メールアドレス"] == "new@example.jp"
    assert address(product) == "k-oss@example.jp"
    assert not product.rows("SELECT 1 FROM outbox")
    assert (await commit(alice, page, press)).page.h1 == "利用者情報変更 登録完了"


async def test_a_missing_field_is_an_empty_one(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """A POST that leaves the password out is no way round it."""
    confirm = (await propose(alice, press, **NEW)).page
    page = (await press(alice, confirm.action("確定"), {})).page
    assert page.error(FIELD) == "現在のパスワードを入力してください。"
    assert address(product) == "k-oss@example.jp"


async def test_the_bulk_password_will_not_do(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """It is the payment password that logs in, and that is asked for."""
    confirm = (await propose(alice, press, **NEW)).page
    page = (await commit(alice, confirm, press, password=ALICE.bulk_password)).page
    assert page.error(FIELD).startswith("現在のパスワードが違います。")


async def test_pressing_again_needs_no_second_proof(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """What is done is done: every further press finds the receipt, one change, one mail each."""
    confirm = (await propose(alice, press, **NEW)).page
    for _ in range(3):
        assert (await commit(alice, confirm, press)).page.h1 == "利用者情報変更 登録完了"
    assert len(product.rows("SELECT 1 FROM outbox")) == 2
    assert len(product.rows("SELECT 1 FROM receipts")) == 1


async def test_guessing_here_is_throttled_like_log_in(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A stolen session is no way to try passwords: soon a 429 with Retry-After answers."""
    confirm = (await propose(alice, **NEW)).page
    action = confirm.action("確定")
    answers = [
        await alice.post(action, data={FIELD: f"guess {n}"}, headers=HTMX) for n in range(40)
    ]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert address(product) == "k-oss@example.jp"


async def test_the_verdict_is_not_shown_on_another_draft(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The word that a password was wrong belongs to the confirm page it was typed on."""
    first = (await propose(alice, **NEW)).page
    second = (await propose(alice, **NEW)).page
    refused = await commit(alice, first, password="not-the-password")
    assert refused.page.status == 422
    assert (await visit(alice, f"{second.address}&again=1")).status == 200
