"""Where the journeys' mails are read: the demo's inbox over HTTP, or any mailbox over IMAP."""

import imaplib
import json
from http import HTTPStatus
from typing import Protocol
from urllib.parse import unquote, urlsplit

from .plain_http import fetch
from .waiting import PATIENCE


class Inbox(Protocol):
    """A place where mails lie; nothing in it is ever changed or deleted."""

    def ids(self) -> list[str]:
        """Every mail's id, oldest first."""

    def raw(self, mail_id: str) -> bytes:
        """The mail as it came over the wire."""


class DemoInbox:
    """The inbox page of `mypage demo`, asked for JSON."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def ids(self) -> list[str]:
        listing = json.loads(_get(f"{self._url}?format=json"))
        return [str(mail["id"]) for mail in reversed(listing["mails"])]

    def raw(self, mail_id: str) -> bytes:
        return _get(f"{self._url}/{mail_id}.eml")


class ImapInbox:
    """One IMAP folder: imaps://user:password@host[:port][/folder], or imap:// on loopback."""

    def __init__(self, url: str) -> None:
        self._at = urlsplit(url)
        self._folder = unquote(self._at.path.strip("/")) or "INBOX"

    def ids(self) -> list[str]:
        with self._connected() as server:
            _, found = server.uid("SEARCH", "ALL")
            return bytes(found[0] or b"").decode("ascii").split()

    def raw(self, mail_id: str) -> bytes:
        with self._connected() as server:
            _, found = server.uid("FETCH", mail_id, "(BODY.PEEK[])")
            return next(bytes(part[1]) for part in found if isinstance(part, tuple))

    def _connected(self) -> imaplib.IMAP4:
        """A connection of its own for each question, so that new mails are always seen."""
        client = imaplib.IMAP4_SSL if self._at.scheme == "imaps" else imaplib.IMAP4
        port = self._at.port or (993 if self._at.scheme == "imaps" else 143)
        server = client(self._at.hostname or "", port, timeout=PATIENCE)
        server.login(unquote(self._at.username or ""), unquote(self._at.password or ""))
        server.select(f'"{self._folder}"', readonly=True)
        return server


def inbox_at(url: str) -> Inbox:
    """The inbox that an address names."""
    scheme = urlsplit(url).scheme
    if scheme in {"imap", "imaps"}:
        return ImapInbox(url)
    if scheme in {"http", "https"}:
        return DemoInbox(url)
    raise ValueError(f"--mailbox {url}: not an http(s) or imap(s) address")


def _get(url: str) -> bytes:
    answer = fetch(url)
    assert answer.status == HTTPStatus.OK, f"{url} answered {answer.status}"
    return answer.body
