"""Requests without a browser: no cookies kept, no redirect followed, as a mail scanner does."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from .waiting import PATIENCE


@dataclass(frozen=True)
class Answer:
    """A status, the headers in lower case, the body."""

    status: int
    headers: dict[str, str]
    body: bytes


def fetch(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
    """One request on a connection of its own."""
    at = urlsplit(url)
    connect = HTTPSConnection if at.scheme == "https" else HTTPConnection
    connection = connect(at.netloc, timeout=PATIENCE)
    try:
        connection.request(
            method, at._replace(scheme="", netloc="").geturl(), headers=headers or {}
        )
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()
