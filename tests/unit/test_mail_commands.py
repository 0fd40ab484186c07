"""mypage mail list, retry, drop: "the mail does not come"."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FrozenClock
from tests.support.post import PostOffice
from tests.unit import parts
from tests.unit.desk import ID, VAULT, Desk
from tests.unit.letters import LETTER
from web import clock
from web.mail.courier import Courier

pytestmark = pytest.mark.slow

COLUMNS = [
    "id", "payment_user_id", "about", "to", "state", "reason", "tries", "created_at",
    "next_try_at", "sent_at", "dead_at",
]  # fmt: skip


class Mailroom:
    """Puts mails into the outbox, and delivers what is due."""

    def __init__(self, desk: Desk, folder: Path, post: PostOffice) -> None:
        self.desk = desk
        self.post = post
        self._settings = parts.settings(folder, MYPAGE_SMTP_URL=post.url)

    def put(self, once_key: str, account_id: str | None = None, **more: Any) -> None:
        """Put a mail in, the account's if not told otherwise."""
        of = self.desk.account if account_id is None else account_id or None
        self.desk.write(lambda tx: tx.mail(LETTER, once_key, account_id=of, **more))

    def deliver(self, answer: str = "250 OK") -> None:
        """Deliver what is due; the server answers this."""
        self.post.answer = lambda _: answer

        async def go() -> None:
            async with parts.opened(self.desk.file) as database:
                await Courier(database, VAULT, self._settings, lambda: 0.0).deliver_due()

        asyncio.run(go())

    def listed(self, *arguments: str) -> list[dict[str, Any]]:
        """Ask for the list."""
        rows: list[dict[str, Any]] = json.loads(
            self.desk.run("mail", "list", *arguments, "--json").out
        )
        return rows

    def ids(self, *arguments: str) -> list[str]:
        """Give the ids of a list."""
        return [row["id"] for row in self.listed(*arguments)]


@pytest.fixture
def mailroom(desk: Desk, tmp_path: Path, post: PostOffice) -> Mailroom:
    """Give an outbox with an account's mails."""
    return Mailroom(desk, tmp_path, post)


def test_each_state_is_told_with_its_reason(mailroom: Mailroom, frozen: FrozenClock) -> None:
    """Sent, refused for good, refused for now, link dead; the newest first."""
    wanted = []
    for about, answer in (("profile", "250 OK"), ("expiry", "550 no"), ("new_device", "451 later")):
        mailroom.put(f"{about}:1")
        mailroom.deliver(answer)
        frozen.advance(1)
        wanted.append(about)
    mailroom.put("reset_guide:1", expires_at=frozen.at)
    mailroom.deliver()
    rows = mailroom.listed(ID)
    assert [row["about"] for row in rows] == ["reset_guide", *reversed(wanted)]
    assert [(row["state"], row["reason"], row["tries"]) for row in rows] == [
        ("dead", "link expired", 1),
        ("waiting", "SMTP 451", 1),
        ("dead", "SMTP 550", 1),
        ("sent", "", 1),
    ]
    assert [list(row) for row in rows] == [COLUMNS] * 4
    assert rows[1]["next_try_at"] == clock.iso_utc(frozen.at - 1 + 30)
    assert rows[3]["sent_at"] == clock.iso_utc(frozen.at - 3)


def test_a_list_tells_neither_words_nor_addresses(mailroom: Mailroom, frozen: FrozenClock) -> None:
    """Enough of the address to see a slip; of what was sent nothing is left."""
    mailroom.put("profile:1")
    mailroom.deliver()
    frozen.advance(1)
    mailroom.put("profile:2")
    assert [row["to"] for row in mailroom.listed(ID)] == ["k***@example.jp", ""]
    for arguments in (("--json",), ()):
        said = mailroom.desk.run("mail", "list", *arguments).out
        assert LETTER.to not in said
        assert "お知らせ" not in said


def test_a_list_is_of_one_account_or_of_one_state_or_short(
    mailroom: Mailroom, frozen: FrozenClock
) -> None:
    """Whoever calls is looked up by the payment ID; the operator looks for dead letters."""
    mailroom.put("profile:1")
    mailroom.deliver("550 no")
    frozen.advance(1)
    mailroom.put("profile:2")
    frozen.advance(1)
    mailroom.put("profile:3", account_id="")
    assert len(mailroom.ids()) == 3
    assert len(mailroom.ids(ID)) == len(mailroom.ids("knca6288")) == 2
    assert [row["state"] for row in mailroom.listed("--state", "dead")] == ["dead"]
    assert mailroom.ids("--state", "sent") == []
    assert mailroom.ids("--most", "1") == mailroom.ids()[:1]
    assert [row["payment_user_id"] for row in mailroom.listed()] == [None, ID, ID]
    lost = mailroom.desk.run("mail", "list", "KNCA0000")
    assert lost.one_line == "Error: KNCA0000: no such account"


def test_a_list_is_readable(mailroom: Mailroom) -> None:
    """A heading, a line for each mail, a word for none."""
    assert mailroom.desk.run("mail", "list").out == "none\n"
    mailroom.put("profile:1")
    heading, line = mailroom.desk.run("mail", "list").out.splitlines()
    assert heading.split() == COLUMNS
    assert len(line.split()) == len(COLUMNS)
    assert line.split()[1:5] == [ID, "profile", "k***@example.jp", "waiting"]


def test_a_dead_mail_is_tried_again(mailroom: Mailroom) -> None:
    """After the address is mended at the other end; the trail has it."""
    mailroom.put("profile:1")
    mailroom.deliver("550 no")
    (mail,) = mailroom.ids()
    done = mailroom.desk.run("mail", "retry", mail, "--reason", "受信設定を直した", "--json")
    assert json.loads(done.out) == [{"id": mail, "state": "waiting"}]
    mailroom.deliver()
    assert [each.subject for each in mailroom.post.mails] == [LETTER.subject]
    assert mailroom.listed()[0]["state"] == "sent"
    because = {"who": "cli", "reason": "受信設定を直した", "mail": mail}
    assert mailroom.desk.noted() == [("mail.retried", because)]


def test_a_waiting_mail_is_tried_at_once(mailroom: Mailroom, frozen: FrozenClock) -> None:
    """Nobody has to wait for the next try."""
    mailroom.put("profile:1")
    mailroom.deliver("451 later")
    mailroom.desk.run("mail", "retry", *mailroom.ids())
    mailroom.deliver()
    assert len(mailroom.post.mails) == 1


def test_a_dropped_mail_is_erased(mailroom: Mailroom) -> None:
    """Neither address nor words stay, it is never sent, and it cannot come back."""
    mailroom.put("profile:1")
    (mail,) = mailroom.ids()
    for _ in range(2):
        assert mailroom.desk.run("mail", "drop", mail).code == 0
    mailroom.deliver()
    assert mailroom.post.mails == []
    (row,) = mailroom.desk.rows("SELECT recipient, sealed, last_error FROM outbox")
    assert row == {"recipient": "", "sealed": None, "last_error": "dropped"}
    assert mailroom.listed()[0]["state"] == "dead"
    lost = mailroom.desk.run("mail", "retry", mail).one_line
    assert lost == f"Error: {mail}: erased, nothing of it is left"
    assert mailroom.desk.noted() == [("mail.dropped", {"who": "cli", "mail": mail})]


@pytest.mark.parametrize("act", ["retry", "drop"])
def test_what_was_sent_or_never_was_is_one_line(mailroom: Mailroom, act: str) -> None:
    """And then nothing is done to the others either."""
    mailroom.put("profile:1")
    mailroom.deliver()
    (sent,) = mailroom.ids()
    mailroom.put("profile:2")
    waiting = next(each for each in mailroom.ids() if each != sent)
    said = mailroom.desk.run("mail", act, waiting, sent).one_line
    assert said == f"Error: {sent}: sent already, nothing of it is left"
    assert mailroom.desk.run("mail", act, waiting, "0").one_line == "Error: 0: no such mail"
    assert [row["state"] for row in mailroom.listed("--state", "waiting")] == ["waiting"]
    assert mailroom.desk.noted() == []
