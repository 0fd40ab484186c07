"""停止中: the right password tells why nobody gets in, a wrong one tells nothing; the owner hears by mail."""

import httpx
import pytest

from tests.support.journeys import CHANGE
from tests.support.people import ALICE, CHARLIE
from tests.support.press import Press
from tests.support.product import Product
from web.features.login.form import INVALID
from web.office.accounts import flow
from web.office.support import accounts as support

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOGIN = "/useridmg/login"
ID = ALICE.account.payment_user_id
TOLD = "この納付利用者IDは、現在、利用を停止しています。お問い合わせ先（電話：050-3364-0800）までご連絡ください。"
BY = support.Act("担当", "届出による")


def typed(password: str) -> dict[str, dict[str, str]]:
    """Fill in both forms that ask for the password."""
    new = {"new_password": "fuyu-no-kitakaze-88", "new_password_again": "fuyu-no-kitakaze-88"}
    return {
        LOGIN: {"user_id": ID, "password": password},
        CHANGE: {"user_id": ID, "current_password": password, **new},
    }


@pytest.mark.parametrize("form", [LOGIN, CHANGE])
async def test_the_right_password_of_a_shut_id_is_told(
    product: Product, visitor: httpx.AsyncClient, press: Press, form: str
) -> None:
    """L1 and C1: why, and whom to ask; nobody is logged in and nothing changes."""
    await product.disable(ALICE)
    page = (await press(visitor, form, typed(ALICE.payment_password)[form])).page
    assert (page.status, page.error("user_id"), page.summary) == (422, TOLD, [TOLD])
    assert "session" not in visitor.cookies
    assert await product.holds(ALICE, "payment", ALICE.payment_password)
    page = (await press(visitor, form, typed("not-the-password")[form])).page
    assert page.status == 422
    assert "停止" not in page.error("user_id")


async def test_somebody_who_guesses_learns_nothing_of_a_shut_id(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The same words as for an ID that nobody has; tries are counted, the right one too."""
    await product.disable(ALICE)
    for password in ("wrong", "wrong", ALICE.payment_password, "wrong"):
        await visitor.post(LOGIN, data=typed(password)[LOGIN])
    answer = await visitor.post(LOGIN, data=typed("wrong")[LOGIN], headers={"HX-Request": "true"})
    assert INVALID in answer.text
    assert "停止" not in answer.text.partition("<h1")[0]
    refused = await visitor.post(LOGIN, data=typed(ALICE.payment_password)[LOGIN])
    assert refused.status_code == 429


async def test_the_owner_is_mailed_of_both(product: Product) -> None:
    """停止 and 再開, each once; doing it again mails nothing."""
    for act, done, again in (
        (support.disable, "利用停止のご連絡", "停止日時"),
        (support.enable, "利用再開のご連絡", "再開日時"),
    ):
        assert await product.services.write(act, BY, ID)
        assert not await product.services.write(act, BY, ID)
        await product.settle()
        mail = product.post.mails[-1]
        assert mail.subject == f"【軽自動車OSS】{done}"
        assert mail.to == ALICE.account.profile.admin_email
        for words in (ID, ALICE.account.bulk_user_id, again):
            assert words in mail.body
        assert BY.reason not in mail.body
    assert len(product.post.mails) == 2


async def test_a_retired_id_is_mailed_once(product: Product) -> None:
    """廃止 says it all; no 停止 beside it."""
    assert await product.services.write(flow.retire, BY, CHARLIE.account.payment_user_id)
    await product.settle()
    (mail,) = product.post.mails
    assert mail.subject == "【軽自動車OSS】利用者ID廃止のご連絡"
