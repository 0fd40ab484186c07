"""What waits between 入力 and 確定 is the account's own, sealed, and gone after its time."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.engines import engine_of
from tests.support.journeys import EDIT, bulk_link, change_profile, commit, payment_link, propose
from tests.support.people import ALICE
from tests.support.post import Mail
from tests.support.press import Press, visit
from tests.support.product import Product
from web import background
from web.clock import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SECRET_NAME = "まだだれにも言わない名前"


def raw(product: Product) -> bytes:
    """Give every byte of the database, the write-ahead log included."""
    return engine_of(product.settings).raw(product.settings)


async def test_another_account_reaches_no_draft(
    product: Product, alice: httpx.AsyncClient, charlie: httpx.AsyncClient, press: Press
) -> None:
    """Charlie with Alice's addresses sees her values nowhere and confirms nothing."""
    confirm = (await propose(alice, press, corporate_name=SECRET_NAME)).page
    for page in (
        await visit(charlie, confirm.address),
        (await press(charlie, confirm.action("確定"), {})).page,
        await visit(charlie, confirm.link("戻る")),
    ):
        assert SECRET_NAME not in page.response.text
    assert not product.rows("SELECT 1 FROM receipts")


async def test_another_account_reaches_no_receipt(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient
) -> None:
    """Alice's 登録完了 is not Charlie's, and he does not learn its 受付番号."""
    done = await change_profile(alice, corporate_name=SECRET_NAME)
    page = await visit(charlie, done.address)
    assert page.h1 == "利用者情報変更 依頼の入力"
    assert "受付番号" not in page.text


async def test_another_account_does_not_write_into_a_run(
    product: Product, alice: httpx.AsyncClient, charlie: httpx.AsyncClient, press: Press
) -> None:
    """A form of Alice's, sent after Charlie logged in, changes neither of them."""
    form = await visit(alice, EDIT)
    data = {**form.fields(EDIT), "corporate_name": SECRET_NAME}
    before = product.rows("SELECT * FROM accounts")
    page = (await press(charlie, form.action("次へ"), data)).page
    assert page.status == 403
    assert (await visit(alice, form.address)).value("corporate_name") == "軽自行政書士事務所"
    assert product.rows("SELECT * FROM accounts") == before


async def test_drafts_are_sealed(product: Product, alice: httpx.AsyncClient, press: Press) -> None:
    """No byte of the database shows what was typed, with or without errors, until 確定."""
    typed = {"corporate_name": SECRET_NAME, "admin_email": "hush@example.jp"}
    await propose(alice, press, **typed, admin_email_again="other@example.jp")
    confirm = (await propose(alice, press, **typed, admin_email_again="hush@example.jp")).page
    dump = raw(product)
    assert SECRET_NAME.encode() not in dump
    assert b"hush@example.jp" not in dump
    assert len(product.rows("SELECT 1 FROM drafts")) == 2
    await commit(alice, confirm, press)
    assert SECRET_NAME.encode() in raw(product)


async def test_refused_forms_do_not_pile_up(product: Product, alice: httpx.AsyncClient) -> None:
    """At most five unchecked drafts per account are kept, the newest ones."""
    for number in range(7):
        await propose(alice, representative="", corporate_name=f"名前{number}")
    assert len(product.rows("SELECT 1 FROM drafts")) == 5


async def test_a_draft_is_gone_after_a_day(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The upkeep removes it once 24 hours have passed, not before."""
    await propose(alice, representative="星野　海")
    frozen.advance(DAY)
    await background.upkeep(product.services)
    assert product.rows("SELECT 1 FROM drafts")
    frozen.advance(1)
    await background.upkeep(product.services)
    assert not product.rows("SELECT 1 FROM drafts")


def mailed_to(product: Product) -> dict[str, Mail]:
    """Give the mails by address."""
    return {mail.to: mail for mail in product.post.mails}


async def test_a_change_is_mailed_to_the_admin_address(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """One mail: subject, 受付番号, the changed items by name, no value."""
    await change_profile(alice, corporate_name=SECRET_NAME, notice_email="a@example.jp",
                         notice_email_again="a@example.jp")  # fmt: skip
    await product.settle()
    mail = product.post.only("利用者情報変更登録完了のご連絡")
    assert mail.subject == "【軽自動車OSS】利用者情報変更登録完了のご連絡"
    assert mail.recipients == ["k-oss@example.jp"]
    assert "・会社・団体名\n・申請状況通知用メールアドレス\n" in mail.body
    assert product.rows("SELECT number FROM receipts")[0]["number"] in mail.body
    assert "KNCA6288" in mail.body
    assert SECRET_NAME not in mail.body
    assert "a@example.jp" not in mail.body


async def test_a_new_admin_address_is_told_to_the_old_one_too(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Two mails; the old address learns that it is the old one, and neither names the other."""
    await change_profile(alice, admin_email="new@example.jp", admin_email_again="new@example.jp")
    await product.settle()
    mails = mailed_to(product)
    assert set(mails) == {"new@example.jp", "k-oss@example.jp"}
    old = mails["k-oss@example.jp"].body
    assert "変更前のメールアドレスにもお知らせしています。" in old
    assert "変更前のメールアドレスにもお知らせ" not in mails["new@example.jp"].body
    assert "お心当たりがない場合は" in old
    assert "@example.jp" not in old + mails["new@example.jp"].body


async def test_a_new_admin_address_ends_the_live_links(
    product: Product, alice: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    """Both mailed URLs are dead from then on; without such a change they live."""
    links = [await payment_link(product, visitor, ALICE), await bulk_link(product, alice)]
    await change_profile(alice, representative="星野　海")
    assert [(await visitor.get(link)).status_code for link in links] == [303, 303]
    await change_profile(alice, admin_email="new@example.jp", admin_email_again="new@example.jp")
    assert [(await visitor.get(link)).status_code for link in links] == [410, 410]
