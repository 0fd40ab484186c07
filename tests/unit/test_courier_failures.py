"""Delivery when something goes wrong: by SMTP class, without losing or doubling a mail."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.smtp import Envelope

from tests.conftest import FrozenClock
from tests.support.log_lines import Told, heard
from tests.support.trips import counted
from tests.unit import parts
from tests.unit.letters import LETTER, FussyOffice, Mailroom, RudeOffice, vault_of
from web import clock
from web.database.sqlite.database import SQLite
from web.mail.courier import Courier
from web.mail.mail_server import MailServerDown
from web.mail.messages import Message
from web.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MOST_TRIES = 70
BAD = Message("bad@example.jp", "【軽自動車OSS】悪い宛先", "本文")


@pytest.fixture
def office() -> Iterator[FussyOffice]:
    """Run a mail server that can refuse recipients and mails."""
    office = FussyOffice()
    office.start()
    yield office
    office.stop()


@pytest.fixture
def settings(tmp_path: Path, office: FussyOffice) -> Settings:
    """Send the mails to that server."""
    return parts.settings(tmp_path, MYPAGE_SMTP_URL=office.url)


@pytest.fixture
def mailroom(database: SQLite, settings: Settings, frozen: FrozenClock) -> Mailroom:
    """Give outbox and courier."""
    return Mailroom(database, settings, frozen)


def at_data(office: FussyOffice, answer: str) -> None:
    """Refuse the bad mail when its words have come."""
    office.answer = lambda envelope: answer if BAD.to in envelope.rcpt_tos else "250 OK"


def at_recipient(office: FussyOffice, answer: str) -> None:
    """Refuse the bad mail at its recipient."""
    office.on_recipient = lambda address: answer if address == BAD.to else "250 OK"


Refuse = Callable[[FussyOffice, str], None]
both = pytest.mark.parametrize("refuse", [at_recipient, at_data])


@both
async def test_a_permanent_refusal_gives_up_with_its_reason(
    mailroom: Mailroom, office: FussyOffice, refuse: Refuse
) -> None:
    """The mails before and behind it still go, and it is never tried again."""
    refuse(office, "550 no such user")
    for number, message in enumerate([LETTER, BAD, LETTER]):
        await mailroom.put(f"{number}", message)
    await mailroom.courier.deliver_due()
    row = await mailroom.row("1")
    assert (row["dead_at"], row["sent_at"]) == (mailroom.clock.at, None)
    assert (row["last_error"], row["tries"]) == ("SMTP 550", 1)
    assert [mail.to for mail in office.mails] == [LETTER.to] * 2
    mailroom.clock.advance(clock.DAY)
    assert await mailroom.courier.deliver_due() == 0


async def test_a_mail_that_nobody_can_compose_stops_no_other(
    mailroom: Mailroom, office: FussyOffice
) -> None:
    """It is logged, tried later and given up in time, and all others go."""
    odd = Message(LETTER.to, "題名\nBcc: x@example.jp", LETTER.body)
    for number, message in enumerate([odd, LETTER, odd, LETTER]):
        await mailroom.put(f"{number}", message)
    told = Told()
    with heard(told.hear):
        assert await mailroom.courier.deliver_due() == 4
    assert [mail.to for mail in office.mails] == [LETTER.to] * 2
    assert len(told.of("mail.failed")) == 2
    row = await mailroom.row("0")
    assert (row["tries"], row["dead_at"]) == (1, None)
    assert row["next_try_at"] > mailroom.clock.at
    for _ in range(MOST_TRIES):
        mailroom.clock.advance(clock.HOUR + clock.MINUTE)
        await mailroom.courier.deliver_due()
    assert (await mailroom.row("0"))["dead_at"]


async def test_a_mail_that_fails_as_nobody_foresaw_stops_no_other(
    mailroom: Mailroom, office: FussyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of the conversation: the next mail begins another; it may have been sent, so it is tried twice at most."""
    data = aiosmtplib.SMTP.data

    async def broken(server: aiosmtplib.SMTP, message: bytes, **more: Any) -> Any:
        if b"bad@example.jp" in message:
            raise KeyError(BAD.to)
        return await data(server, message, **more)

    monkeypatch.setattr(aiosmtplib.SMTP, "data", broken)
    for number, message in enumerate([LETTER, BAD, LETTER]):
        await mailroom.put(f"{number}", message)
    told = Told()
    with heard(told.hear):
        for _ in range(MOST_TRIES):
            await mailroom.courier.deliver_due()
            mailroom.clock.advance(clock.HOUR + clock.MINUTE)
    assert [mail.to for mail in office.mails] == [LETTER.to] * 2
    row = await mailroom.row("1")
    assert (row["tries"], row["sent_at"]) == (2, None)
    assert row["dead_at"]
    assert [line["error"] for line in told.of("mail.failed")] == ["KeyError"] * 2
    assert BAD.to not in str(told)


async def test_an_address_that_is_none_any_more_gets_nothing(
    mailroom: Mailroom, office: FussyOffice
) -> None:
    """A release before this one took encoded words, which become headers."""
    odd = "=?x?q?a=40=0AReply-To=3Ae?=*@example.jp"
    await mailroom.put("0", Message(odd, LETTER.subject, LETTER.body))
    await mailroom.courier.deliver_due()
    assert office.mails == []
    row = await mailroom.row("0")
    assert row["dead_at"]
    assert row["last_error"] == "no address"


@both
async def test_a_passing_refusal_is_tried_later(
    mailroom: Mailroom, office: FussyOffice, refuse: Refuse
) -> None:
    """The others still go; nothing of the mail is erased; then it goes too, once."""
    refuse(office, "451 come back later")
    for number, message in enumerate([LETTER, BAD, LETTER]):
        await mailroom.put(f"{number}", message)
    await mailroom.courier.deliver_due()
    row = await mailroom.row("1")
    assert (row["dead_at"], row["sent_at"]) == (None, None)
    assert (row["last_error"], row["tries"]) == ("SMTP 451", 1)
    assert row["recipient"] == BAD.to
    assert row["sealed"]
    assert len(office.mails) == 2
    refuse(office, "250 OK")
    assert await mailroom.courier.deliver_due() == 0
    mailroom.clock.advance(row["next_try_at"] - mailroom.clock.at)
    assert await mailroom.courier.deliver_due() == 1
    assert [mail.to for mail in office.mails] == [LETTER.to, LETTER.to, BAD.to]


async def test_the_waits_grow_and_the_message_id_stays(
    mailroom: Mailroom, office: FussyOffice
) -> None:
    """From half a minute, doubled up to an hour; after two days nobody hopes any more."""
    seen: list[bytes] = []

    def busy(envelope: Envelope) -> str:
        content = envelope.original_content or b""
        seen.extend(line for line in content.split(b"\r\n") if line.startswith(b"Message-ID:"))
        return "450 busy"

    office.answer = busy
    await mailroom.put("a")
    born, waits = mailroom.clock.at, []
    for _ in range(MOST_TRIES):
        assert await mailroom.courier.deliver_due() == 1
        row = await mailroom.row("a")
        waits.append(row["next_try_at"] - mailroom.clock.at)
        if row["dead_at"] is not None:
            break
        mailroom.clock.at = row["next_try_at"]
    assert waits[:8] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert set(waits[8:-1]) == {3600}
    assert 2 * clock.DAY < row["dead_at"] - born <= 2 * clock.DAY + clock.HOUR
    assert set(seen) == {f"Message-ID: {row['message_id']}".encode()}
    assert len(seen) == len(waits) == row["tries"]


async def test_the_waits_are_spread(mailroom: Mailroom, office: FussyOffice) -> None:
    """After an outage the mails do not all come back at one moment."""
    office.answer = lambda _: "451 later"
    chances = iter([0.0, 0.5, 0.999])
    for number in range(3):
        await mailroom.put(f"{number}", Message(f"{number}@example.jp", "件名", "本文"))
    courier = Courier(
        mailroom.database, mailroom.vault, mailroom.settings, jitter=lambda: next(chances)
    )
    await courier.deliver_due()
    assert [row["next_try_at"] - mailroom.clock.at for row in await mailroom.rows()] == [30, 33, 37]


async def test_a_mail_whose_link_dies_while_it_waits_is_given_up(
    mailroom: Mailroom, office: FussyOffice
) -> None:
    """A refusal that lasts longer than the link ends without a useless mail."""
    at_data(office, "450 busy")
    await mailroom.put("a", BAD, expires_at=mailroom.clock.at + 20)
    await mailroom.courier.deliver_due()
    at_data(office, "250 OK")
    mailroom.clock.advance(30)
    await mailroom.courier.deliver_due()
    assert (await mailroom.row("a"))["last_error"] == "link expired"
    assert office.mails == []


async def test_a_server_that_is_down_loses_nothing(mailroom: Mailroom, office: FussyOffice) -> None:
    """No mail is blamed: no try is counted, and when the server is back all go."""
    await mailroom.put("a")
    await mailroom.put("b")
    nobody = parts.settings(mailroom.database.path.parent, MYPAGE_SMTP_URL="smtp://127.0.0.1:1")
    before = await mailroom.rows()
    with pytest.raises(MailServerDown):
        await Mailroom(mailroom.database, nobody, mailroom.clock).courier.deliver_due()
    assert await mailroom.rows() == before
    assert await mailroom.courier.deliver_due() == 2
    assert len(office.mails) == 2


async def test_a_server_that_hangs_up_loses_and_doubles_nothing(mailroom: Mailroom) -> None:
    """What it had confirmed is sent; the mail in the middle waits for its next try."""
    rude = RudeOffice()
    rude.start()
    try:
        there = parts.settings(mailroom.database.path.parent, MYPAGE_SMTP_URL=rude.url)
        room = Mailroom(mailroom.database, there, mailroom.clock)
        await room.put("a")
        await room.put("b")
        assert await room.courier.deliver_due() == 2
    finally:
        rude.stop()
    first, second = await mailroom.rows()
    assert first["sent_at"] == mailroom.clock.at
    assert (second["sent_at"], second["dead_at"], second["tries"]) == (None, None, 1)
    assert second["last_error"] == "perhaps sent"
    mailroom.clock.at = second["next_try_at"]
    assert await mailroom.courier.deliver_due() == 1


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_a_mail_never_falls_back_to_plain_text(
    mailroom: Mailroom, office: FussyOffice, scheme: str
) -> None:
    """ASVS 12.3.1: TLS was asked for, the server has none, so nothing is sent."""
    url = office.url.replace("smtp://", f"{scheme}://")
    secure = parts.settings(mailroom.database.path.parent, MYPAGE_SMTP_URL=url)
    await mailroom.put("a")
    with pytest.raises(MailServerDown):
        await Mailroom(mailroom.database, secure, mailroom.clock).courier.deliver_due()
    assert office.mails == []
    assert (await mailroom.row("a"))["sealed"]


async def test_a_mail_that_cannot_be_opened_does_not_hold_up_the_others(
    mailroom: Mailroom, office: FussyOffice
) -> None:
    """It waits: who holds the secret that was taken away too early, on another node or later here, sends it."""
    forgotten = vault_of("a secret that nobody knows any more")
    old = Mailroom(mailroom.database, mailroom.settings, mailroom.clock, forgotten)
    await old.put("old")
    mailroom.clock.advance(1)
    await mailroom.put("new")
    await mailroom.courier.deliver_due()
    assert len(office.mails) == 1
    row = await mailroom.row("old")
    assert (row["sent_at"], row["dead_at"]) == (None, None)
    mailroom.clock.advance(clock.MINUTE)
    assert await old.courier.deliver_due() == 1
    assert len(office.mails) == 2


@pytest.mark.parametrize(("number", "most"), [(0, 1), (1, 4), (5, 12)])
async def test_a_mail_costs_at_most_four_trips_to_the_database(
    mailroom: Mailroom, office: FussyOffice, number: int, most: int
) -> None:
    """One look whether there is any; then one to lease each, one to mark it, one to find no other."""
    for each in range(number):
        await mailroom.put(f"{each}", Message(f"k-{each}@example.jp", BAD.subject, BAD.body))
    with counted() as trips:
        assert await mailroom.courier.deliver_due() == number
    assert len(office.mails) == number
    assert trips.in_background <= most
