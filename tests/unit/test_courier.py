"""Delivery when all goes well: what arrives by SMTP, to the letter, and what stays behind."""

import re
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.conftest import FrozenClock
from tests.support.post import PostOffice
from tests.unit import parts
from tests.unit.letters import LETTER, Mailroom
from web import clock
from web.database.sqlite.database import SQLite
from web.mail.messages import Message
from web.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SENDER = "notice@k-oss.keikenkyo.or.jp"


@pytest.fixture
def settings(tmp_path: Path, post: PostOffice) -> Settings:
    """Send the mails to the post office of the test."""
    return parts.settings(tmp_path, MYPAGE_SMTP_URL=post.url, MYPAGE_MAILS_PER_DAY="60")


@pytest.fixture
def mailroom(database: SQLite, settings: Settings, frozen: FrozenClock) -> Mailroom:
    """Give outbox and courier."""
    return Mailroom(database, settings, frozen)


async def test_a_mail_arrives_with_exactly_these_headers(
    mailroom: Mailroom, post: PostOffice
) -> None:
    """Nothing more: no program's name, no host, nobody in copy."""
    await mailroom.put("a")
    (before,) = await mailroom.rows()
    mailroom.clock.advance(90)
    assert await mailroom.courier.deliver_due() == 1
    (mail,) = post.mails
    date = mail.message["Date"]
    assert {name: str(value) for name, value in mail.message.items()} == {
        "From": SENDER,
        "To": LETTER.to,
        "Subject": LETTER.subject,
        "Date": date,
        "Message-ID": before["message_id"],
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "ja",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "base64",
    }
    assert parsedate_to_datetime(date).timestamp() == mailroom.clock.at - 90
    assert date.endswith(" +0900")
    assert re.fullmatch(r"<[0-9a-f]{32}@k-oss\.keikenkyo\.or\.jp>", before["message_id"])


async def test_the_envelope_is_sender_and_one_recipient(
    mailroom: Mailroom, post: PostOffice
) -> None:
    """Bounces come back to the sender of the settings."""
    await mailroom.put("a")
    await mailroom.courier.deliver_due()
    (mail,) = post.mails
    assert mail.envelope_sender == SENDER
    assert mail.recipients == [LETTER.to]


@pytest.mark.parametrize(
    "subject",
    ["【軽自動車OSS】一括利用者パスワード初期化完了のご連絡", "長い件名" * 25, "Re: INIT"],
    ids=["longest of ours", "very long", "ascii"],
)
async def test_the_subject_is_folded_as_mail_servers_expect(
    mailroom: Mailroom, post: PostOffice, subject: str
) -> None:
    """RFC 2047, 2: a line with an encoded word has at most 76 characters."""
    await mailroom.put("a", Message(LETTER.to, subject, LETTER.body))
    await mailroom.courier.deliver_due()
    (mail,) = post.mails
    assert mail.subject == subject
    assert [line for line in mail.raw.split(b"\r\n") if len(line) > 76] == []


@pytest.mark.parametrize(
    "body",
    [LETTER.body, "長" * 5000, ".\n..\nFrom here\n", "髙﨑\ufa19①㈱ ～ー🐈", "x" * 998, "a\n\n\nb"],
    ids=["letter", "long line", "dots", "rare characters", "ascii", "empty lines"],
)
async def test_the_body_arrives_unchanged(mailroom: Mailroom, post: PostOffice, body: str) -> None:
    """Whatever it holds, in lines of at most 76 characters that end in CRLF."""
    await mailroom.put("a", Message(LETTER.to, LETTER.subject, body))
    await mailroom.courier.deliver_due()
    (mail,) = post.mails
    assert mail.body.removesuffix("\n") == body.removesuffix("\n")
    assert mail.raw.isascii()
    assert mail.raw.endswith(b"\r\n")
    assert b"\n" not in mail.raw.replace(b"\r\n", b"")
    assert [line for line in mail.raw.split(b"\r\n") if len(line) > 76] == []


async def test_address_and_words_are_erased_once_sent(mailroom: Mailroom, post: PostOffice) -> None:
    """Outbox bodies are sealed until sent, then erased."""
    await mailroom.put("a")
    await mailroom.courier.deliver_due()
    row = await mailroom.row("a")
    assert (row["recipient"], row["sealed"], row["last_error"]) == ("", None, "")
    assert (row["sent_at"], row["dead_at"], row["tries"]) == (mailroom.clock.at, None, 1)
    assert len(post.mails) == 1


async def test_what_waits_is_sealed(mailroom: Mailroom) -> None:
    """Whoever copies the database reads neither a body nor the link in it."""
    await mailroom.put("a", Message(LETTER.to, "INIT", "https://example.jp/INIT?key=2144BDD5"))
    row = await mailroom.row("a")
    assert b"INIT" not in row["sealed"]
    assert b"2144BDD5" not in row["sealed"]
    assert mailroom.vault.open("outbox", row["sealed"], bound_to=row["message_id"][1:33])


async def test_an_event_is_mailed_once(mailroom: Mailroom, post: PostOffice) -> None:
    """The once_key makes one mail of many presses, before and after it was sent."""
    for _ in range(3):
        await mailroom.put("profile:1")
    await mailroom.courier.deliver_due()
    await mailroom.put("profile:1")
    await mailroom.courier.deliver_due()
    assert len(post.mails) == 1
    assert [row["once_key"] for row in await mailroom.rows()] == ["profile:1"]


async def test_nothing_is_delivered_twice(mailroom: Mailroom, post: PostOffice) -> None:
    """A second round, and a second courier after a restart, find nothing to do."""
    await mailroom.put("a")
    assert await mailroom.courier.deliver_due() == 1
    mailroom.clock.advance(clock.DAY)
    assert await mailroom.courier.deliver_due() == 0
    assert len(post.mails) == 1


async def test_many_mails_go_over_a_few_connections(mailroom: Mailroom, post: PostOffice) -> None:
    """Oldest first, fifty to a round; every one has a Message-ID of its own."""
    for number in range(60):
        to = f"person{number % 7}@example.jp"
        await mailroom.put(f"{number:02d}", Message(to, f"第{number}号", "本文"))
        mailroom.clock.advance(1)
    assert [await mailroom.courier.deliver_due() for _ in range(3)] == [50, 10, 0]
    assert [mail.subject for mail in post.mails] == [f"第{number}号" for number in range(60)]
    assert len({str(mail.message["Message-ID"]) for mail in post.mails}) == 60


async def test_the_day_of_an_address_goes_on_with_the_clock(
    mailroom: Mailroom, post: PostOffice
) -> None:
    """24 hours after the first mail there is room for one more; what was given up takes none."""
    await mailroom.put("first")
    mailroom.clock.advance(clock.HOUR)
    for number in range(60):
        await mailroom.put(f"{number:02d}")
    mailroom.clock.advance(23 * clock.HOUR - 1)
    await mailroom.put("too early")
    mailroom.clock.advance(1)
    await mailroom.put("next")
    await mailroom.put("one more")
    dead = {row["once_key"] for row in await mailroom.rows() if row["dead_at"]}
    assert dead == {"59", "too early", "one more"}
    await mailroom.put("first")
    assert (await mailroom.row("first"))["dead_at"] is None


async def test_the_mail_of_a_dead_link_is_never_sent(mailroom: Mailroom, post: PostOffice) -> None:
    """To the second: what expires now is dead, what expires in a second goes."""
    now = mailroom.clock.at
    await mailroom.put("dead", expires_at=now + 60)
    await mailroom.put("live", expires_at=now + 61)
    await mailroom.put("other")
    mailroom.clock.advance(60)
    await mailroom.courier.deliver_due()
    dead = await mailroom.row("dead")
    assert (dead["dead_at"], dead["sent_at"]) == (now + 60, None)
    assert dead["last_error"] == "link expired"
    assert len(post.mails) == 2
    assert (await mailroom.row("live"))["sent_at"] == now + 60
