"""The mails of one journey: wait for them, read them, and see that there were no others."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

from .inboxes import Inbox
from .waiting import until

NEW_DEVICE = "【軽自動車OSS】新しい端末からのログインのご連絡"
LINK = re.compile(r"^https?://\S+\?key=[0-9A-F]{128}$", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One mail as its reader has it."""

    subject: str
    sender: str
    to: str
    headers: dict[str, str]
    text: str

    @classmethod
    def parse(cls, raw: bytes) -> "Mail":
        message = message_from_bytes(raw, policy=default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        return cls(
            subject=str(message["Subject"]),
            sender=_address(message["From"]),
            to=_address(message["To"]),
            headers={name: str(value) for name, value in message.items()},
            text=body.get_content().replace("\r\n", "\n") if body else "",
        )

    @property
    def lines(self) -> list[str]:
        """The body's lines without the empty ones."""
        return [line for line in self.text.splitlines() if line.strip()]

    @property
    def link(self) -> str:
        """The one URL with a key of 128 hexadecimal digits, which has a line to itself."""
        links = LINK.findall(self.text)
        assert len(links) == 1, f"one mailed link wanted, {len(links)} found in:\n{self}"
        return str(links[0])

    def __str__(self) -> str:
        return f"To: {self.to}\nFrom: {self.sender}\nSubject: {self.subject}\n\n{self.text}"


class Mailbox:
    """What arrived since it was made; mails that lay there before are none of its business."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._before = frozenset(inbox.ids())
        self._arrived: dict[str, Mail] = {}
        self._expected: set[str] = set()

    def expect(self, *, to: str, subject: str, says: str = "", count: int = 1) -> Mail:
        """Wait until exactly `count` new mails fit, and return the newest."""

        def fitting() -> list[str] | None:
            ids = [
                mail_id
                for mail_id, mail in self._read().items()
                if mail.to == to
                and mail.subject == subject
                and says in mail.text
                and mail_id not in self._expected
            ]
            return ids if len(ids) >= count else None

        found = until(fitting) or []
        assert len(found) == count, (
            f"wanted {count} × 「{subject}」 to {to}, have {len(found)}.\n{self}"
        )
        self._expected.update(found)
        return self._arrived[found[-1]]

    def expect_no_other(self) -> None:
        """Every mail that came was expected: nobody else got one, nobody got two.

        Every journey begins in a browser that is new to its account, which is told of that.
        """
        others = [
            mail
            for mail_id, mail in self._read().items()
            if mail_id not in self._expected and mail.subject != NEW_DEVICE
        ]
        assert not others, f"{len(others)} mails too many.\n{self}"

    def _read(self) -> dict[str, Mail]:
        for mail_id in self._inbox.ids():
            if mail_id not in self._before and mail_id not in self._arrived:
                self._arrived[mail_id] = Mail.parse(self._inbox.raw(mail_id))
        return self._arrived

    def __str__(self) -> str:
        mails = [f"--- mail {mail_id}\n{mail}" for mail_id, mail in self._arrived.items()]
        return "\n".join([f"{len(mails)} mails since the start of this journey:", *mails])


def _address(header: object) -> str:
    (_, address), *others = getaddresses([str(header)])
    assert not others, f"one address wanted in {header}"
    return address
