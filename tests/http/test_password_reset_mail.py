"""The mails of パスワード初期化, as they arrive by SMTP, and what stays of them in the outbox."""

import re

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.journeys import (
    ASK_BULK,
    ASK_PAYMENT,
    GOOD,
    ask_bulk,
    ask_payment,
    bulk_link,
    choose,
    payment_link,
)
from tests.support.people import ALICE
from tests.support.post import Mail
from tests.support.press import visit
from tests.support.product import BASE_URL, Product
from web.database import Tx
from web.store.topics import Topic

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ASKED = {ASK_PAYMENT: "payment", ASK_BULK: "bulk"}
LABELS = {"payment": "納付利用者", "bulk": "一括利用者"}
IDS = {"payment": "KNCA6288", "bulk": "KICA6288"}
ADDRESSES = {"payment": "pwdInitPay", "bulk": "pwdInitBulk"}
AGAIN = "有効期限が経過した場合は、再度パスワード初期化依頼をしてください。"
NOTES = {  # each with the brackets that its chapter prints
    "payment": f"(*パスワード初期化用URLの有効期間は依頼日時から24時間です。{AGAIN})",
    "bulk": f"(*）パスワード初期化用URLの有効期間は24時間です。{AGAIN}",
}
MONDAY = "2026年09月21日 09時00分00秒"  # where the frozen clock stands, in Japan
FOOT = [
    "このメールに返信しても、お問い合わせ頂くことはできません。",
    "ご不明な点等がございましたら、お手数ですが以下のお問い合わせ先までご連絡ください。",
    "お問い合わせ先:",
    "電話:050-3364-0800",
    "軽自動車保有関係手続のワンストップサービス",
    "https://www.k-oss.keikenkyo.or.jp/",
]


async def ask(browser: httpx.AsyncClient, kind: str) -> None:
    """Ask for a reset of Alice's."""
    await (ask_payment(browser, ALICE) if kind == "payment" else ask_bulk(browser))


async def guide(product: Product, browser: httpx.AsyncClient, kind: str) -> Mail:
    """Ask for a reset of Alice's and give the guide."""
    await ask(browser, kind)
    await product.settle()
    return product.post.only(f"{LABELS[kind]}パスワード初期化ご案内")


def lines(mail: Mail) -> list[str]:
    """Give the lines of a mail that are not empty."""
    return [line for line in mail.body.splitlines() if line]


@pytest.fixture(params=LABELS)
def kind(request: pytest.FixtureRequest) -> str:
    """Name a credential."""
    return str(request.param)


async def test_the_guide_is_that_of_the_manual(
    product: Product, alice: httpx.AsyncClient, kind: str
) -> None:
    """Chapters 4 and 6: every sentence, in order, and nothing more; 24時間 differs by kind."""
    mail = await guide(product, alice, kind)
    assert mail.subject == f"【軽自動車OSS】{LABELS[kind]}パスワード初期化ご案内"
    assert lines(mail) == [
        f"{LABELS[kind]}IDのパスワード初期化依頼を受付けました。",
        "以下のパスワード初期化用URLにアクセスすることでパスワード初期化を完了します。",
        NOTES[kind],
        "依頼日時",
        MONDAY,
        "パスワード初期化用URL",
        mail.link,
        *FOOT,
    ]


async def test_the_url_stands_alone_with_its_key(
    product: Product, alice: httpx.AsyncClient, kind: str
) -> None:
    """128 upper-case hexadecimal digits under the configured address; every key is another."""
    first = await guide(product, alice, kind)
    await ask(alice, kind)
    await product.settle()
    links = [mail.link for mail in product.post.mails]
    assert links[0] == first.link
    assert len(set(links)) == 2
    for link in links:
        assert re.fullmatch(
            f"{BASE_URL}/useridmg/{ADDRESSES[kind]}/INIT\\?key=[0-9A-F]{{128}}", link
        )
    assert first.body.count("key=") == 1
    assert len(product.post.mails[0].message.get_payload(decode=True)) < 2000


async def test_the_address_in_the_mail_never_comes_from_the_request(
    product: Product, visitor: httpx.AsyncClient, kind: str
) -> None:
    """ASVS 4.1.3: a Host that is let in, and forwarded ones, change nothing; a foreign one is a 400."""
    forged = {
        "Host": "127.0.0.1:8000",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example;proto=https",
        "X-Original-Host": "evil.example",
    }
    visitor.headers.update(forged)
    login = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    await visitor.post("/useridmg/login", data=login)
    mail = await guide(product, visitor, kind)
    assert mail.link.startswith(f"{BASE_URL}/useridmg/")
    assert b"evil" not in mail.message.get_payload(decode=True)
    assert "127.0.0.1" not in mail.body
    answer = await visitor.post(ASK_PAYMENT, headers={"Host": "evil.example"})
    assert answer.status_code == 400


async def test_sender_envelope_and_headers_are_those_of_a_machine(
    product: Product, alice: httpx.AsyncClient, kind: str
) -> None:
    """RFC 3834 and 5322: no out-of-office answers, the Message-ID of the outbox row, Japanese."""
    mail = await guide(product, alice, kind)
    sender = "notice@k-oss.keikenkyo.or.jp"
    assert (mail.envelope_sender, str(mail.message["From"])) == (sender, sender)
    assert (mail.recipients, mail.to) == (["k-oss@example.jp"], "k-oss@example.jp")
    row = product.rows("SELECT message_id FROM outbox WHERE once_key LIKE 'reset_guide:%'")[0]
    assert mail.message["Message-ID"] == row["message_id"]
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Content-Language"] == "ja"
    assert mail.message.get_content_type() == "text/plain"
    assert mail.message.get_content_charset() == "utf-8"
    assert [mail.message[name] for name in ("Cc", "Bcc", "Reply-To")] == [None] * 3


async def test_the_completion_is_mailed(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, kind: str
) -> None:
    """Which ID, when, what to do if it was not you; no password, no key, no link of the product."""
    link = await (
        payment_link(product, alice, ALICE) if kind == "payment" else bulk_link(product, alice)
    )
    frozen.advance(3 * 3600 + 5)
    await choose(alice, await visit(alice, link), GOOD)
    await product.settle()
    subject = f"{LABELS[kind]}パスワード初期化完了のご連絡"
    mail = product.post.only(subject)
    assert mail.subject == f"【軽自動車OSS】{subject}"
    assert mail.recipients == ["k-oss@example.jp"]
    assert mail.message["Auto-Submitted"] == "auto-generated"
    body = lines(mail)
    assert body[0] == f"{LABELS[kind]}IDのパスワード初期化が完了しました。"
    assert body[1:5] == [f"{LABELS[kind]}ID", IDS[kind], "完了日時", "2026年09月21日 12時00分05秒"]
    assert body[5].startswith("お心当たりがない場合は")
    assert body[6:] == FOOT
    assert BASE_URL not in mail.body
    assert GOOD not in mail.body


async def test_what_was_sent_is_erased(
    product: Product, alice: httpx.AsyncClient, kind: str
) -> None:
    """Neither recipient nor words stay in the outbox, nor what was typed in the request."""
    link = await (
        payment_link(product, alice, ALICE) if kind == "payment" else bulk_link(product, alice)
    )
    await choose(alice, await visit(alice, link), GOOD)
    await product.settle()
    rows = product.rows("SELECT recipient, sealed, sent_at FROM outbox")
    assert len(rows) == 2
    assert {(row["recipient"], row["sealed"]) for row in rows} == {("", None)}
    assert all(row["sent_at"] for row in rows)
    assert product.rows("SELECT sealed FROM reset_requests") == [{"sealed": None}]


async def test_the_request_counts_not_the_delivery(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, kind: str
) -> None:
    """依頼日時 is when the button was pressed, also in a mail that the mail server took later."""
    product.post.answer = lambda _: "451 later"
    await ask(alice, kind)
    await product.settle()
    product.post.answer = lambda _: "250 OK"
    frozen.advance(3600)
    await wake(product)
    mail = product.post.only(f"{LABELS[kind]}パスワード初期化ご案内")
    assert lines(mail)[4] == MONDAY
    assert (await alice.get(mail.link)).status_code == 303


async def test_a_newer_request_withdraws_a_guide_that_was_not_sent(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, kind: str
) -> None:
    """Nobody is sent a URL that is dead already; of the other kind's guide nothing is touched."""
    product.post.answer = lambda _: "451 later"
    for each in (*LABELS, kind):
        await ask(alice, each)
        await product.settle()
    withdrawn = product.rows("SELECT recipient, sealed FROM outbox WHERE dead_at IS NOT NULL")
    assert withdrawn == [{"recipient": "", "sealed": None}]
    product.post.answer = lambda _: "250 OK"
    frozen.advance(60)
    await wake(product)
    assert len(product.post.mails) == 2
    for mail in product.post.mails:
        assert (await alice.get(mail.link)).status_code == 303


async def test_a_dead_url_is_not_mailed(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock, kind: str
) -> None:
    """A mail server that comes back after 24 hours brings no guide any more."""
    product.post.answer = lambda _: "451 later"
    await ask(alice, kind)
    await product.settle()
    product.post.answer = lambda _: "250 OK"
    frozen.advance(24 * 3600)
    await wake(product)
    assert not product.post.mails


async def wake(product: Product) -> None:
    """Commit something about mails, so that what waits is looked at; wait for it."""

    async def about_mails(tx: Tx) -> None:
        tx.wakes.add(Topic.MAIL)

    await product.services.database.write(about_mails)
    await product.settle()
