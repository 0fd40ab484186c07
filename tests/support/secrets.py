"""Every password, key, cookie and mail address that a test sends or is given, looked for where it must not be.

When a product of the tests ends, its log, its database file and the headers of its mails are searched
(ASVS 14.2.1, 16.2.5): so all of the suite is the journey that is searched.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

import httpx

from tests.support.engines import engine_of
from tests.support.log_lines import heard
from tests.support.post import Mail
from web import paths
from web.settings import Settings

SHORTEST = 12  # a shorter text stands somewhere by chance
COOKIES = re.compile(r"(?:__Host-)?(?:session|device|reset-\w+|issuance-\w+)")
KEY = re.compile(r"key=([0-9A-Fa-f]{128})")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+")
TABLE = re.compile(r"^CREATE TABLE (\w+) \((.*?)^\) STRICT;$", re.MULTILINE | re.DOTALL)
OPEN_COLUMN = re.compile(r"^    (\w+) (?:TEXT|BLOB)\b[^\n]*?-- sensitive: no\b", re.MULTILINE)
OPEN_COLUMNS = {
    table: OPEN_COLUMN.findall(body)
    for table, body in TABLE.findall(paths.SCHEMA.read_text(encoding="utf-8"))
}


class Secrets:
    """What was secret in one test."""

    def __init__(self) -> None:
        self.found: set[str] = set()  # nowhere but as a hash
        self.addresses: set[str] = set()  # in the columns marked as sensitive, and nowhere else
        self.lines: list[str] = []

    async def hook(self, response: httpx.Response) -> None:
        """Note what a request sent and what its answer set."""
        try:
            sent = response.request.content
        except httpx.RequestNotRead:  # sent piece by piece: a size, not a form
            sent = b""
        for name, typed in parse_qsl(sent.decode(errors="replace")):
            if "password" in name or name == "credential":
                self.found.add(typed)
            elif ADDRESS.fullmatch(typed):
                self.addresses.add(typed)
        for cookie in response.headers.get_list("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            if COOKIES.fullmatch(name):
                self.found.add(value)
        self.found |= set(KEY.findall(str(response.request.url)))

    @contextmanager
    def read_log(self) -> Iterator[None]:
        """Keep every line of the log as an operator gets it, escapes made readable."""
        with heard(lambda line: self.lines.append(repr(json.loads(line)))):
            yield

    async def check(self, settings: Settings, mails: Iterable[Mail]) -> None:
        """Raise AssertionError that names every place where a secret is."""
        found = {each for each in self.found if len(each) >= SHORTEST}
        places = {"log": self.lines, "mail header": [_headers(mail) for mail in mails]}
        hits = [
            (place, text[:200])
            for place, texts in places.items()
            for text in texts
            if _any(found | (self.addresses if place == "log" else set()), text)
        ]
        hits += _in_database(settings, found, self.addresses)
        assert not hits, hits


def _any(secrets: set[str], text: str) -> bool:
    lowered = text.lower()
    return any(each.lower() in lowered for each in secrets)


def _headers(mail: Mail) -> str:
    """Give every header but To, which says whom it is for."""
    return repr([(name, str(text)) for name, text in mail.message.items() if name != "To"])


def _in_database(
    settings: Settings, secrets: set[str], addresses: set[str]
) -> list[tuple[str, str]]:
    """Find secrets in any byte of the file, and addresses in the columns that are not for them."""

    engine = engine_of(settings)
    tables = engine.everything(settings)
    registered = {str(value) for row in tables["accounts"] for value in row.values()}
    hits = [
        (f"{table}.{column}", str(row[column]))
        for table, columns in OPEN_COLUMNS.items()
        for row in tables.get(table, ())  # a test may have taken one away
        for column in columns
        if _any(addresses, str(row[column]))
    ]
    raw = engine.raw(settings)
    # somebody may have wished for the own name as a password; that is refused, and registered
    wanted = secrets - registered
    return hits + [("file", each) for each in wanted if each.encode() in raw]
