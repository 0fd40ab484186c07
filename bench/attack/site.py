"""The server under attack: production mode behind a trusted proxy, on loopback; and ways to reach it."""

import http.client
import secrets
import socket
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import argon2

from bench.ground import OURS, prepare, token
from bench.people import Browser
from bench.process import Server
from tests.support.post import Mail, PostOffice

HOST = "mypage.example.jp"
ACCOUNTS = 200
PATIENCE = 30.0
PRODUCTION = {
    "MYPAGE_BASE_URL": f"https://{HOST}",
    "MYPAGE_TRUSTED_PROXIES": "127.0.0.1/32",
    "MYPAGE_CONTACT_PHONE": "03-0000-0000",
    "MYPAGE_PORTAL_URL": "https://www.example.jp/",
    "MYPAGE_ACTS_PER_HOUR": "20",  # the default, which the benchmarks raise
}


@dataclass(frozen=True)
class Told:
    """What was answered."""

    status: int
    location: str = ""
    text: str = ""


@dataclass(frozen=True)
class Site:
    """A server, the folder of its data, and the mailbox of everybody."""

    server: Server
    folder: Path
    database: Path
    post: PostOffice
    bytes_before: int  # in the folder, before the server started

    def bytes_on_disk(self) -> int:
        """Count what lies in its folder."""
        return _size(self.folder)

    def ask(
        self,
        path: str,
        fields: Mapping[str, str] | bytes | None = None,
        *,
        network: str,
        **headers: str,
    ) -> Told:
        """Ask for a page, or send a form, by way of the proxy and from a network."""
        return ask(self.server.port, path, fields, network=network, **headers)

    def browser(self, network: str, number: int = 0) -> Browser:
        """Give a browser in a network; with the number of one of the first accounts it is logged in."""
        cookies = {"__Host-session": token(number)} if number else {}
        return Browser(self.server, cookies, _by_proxy(network))

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Look into the database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def mails(self, words: str, most: int, *, within: float) -> list[Mail]:
        """Wait until so many mails hold some words, or until the time is over; give them."""
        ends = time.perf_counter() + within
        while True:
            found = [mail for mail in [*self.post.mails] if words in mail.body]
            if len(found) >= most or time.perf_counter() >= ends:
                return found
            time.sleep(0.05)

    def connected(self) -> socket.socket:
        """Open a connection, to send whatever one likes."""
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)

    def poured(self, *parts: bytes) -> int:
        """Send parts over a connection until nobody takes them; give the status, or 0 when cut off."""
        with self.connected() as connection:
            with suppress(OSError):
                for part in parts:
                    connection.sendall(part)
            return answered(connection)


def ask(
    port: int,
    path: str,
    fields: Mapping[str, str] | bytes | None = None,
    *,
    network: str,
    **headers: str,
) -> Told:
    """Ask for a page, or send a form, by way of the proxy and from a network."""
    body = urlencode(fields) if isinstance(fields, Mapping) else fields
    method = "GET" if body is None else "POST"
    ours = _by_proxy(network)
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {**ours, **kind, **headers})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        return Told(answer.status, answer.getheader("Location", ""), text)
    finally:
        connection.close()


def head(method: str, path: str, *lines: str, network: str) -> bytes:
    """Write the head of a request as the proxy passes it on, but for its last empty line."""
    ours = (f"Host: {HOST}", "Sec-Fetch-Site: same-origin", f"X-Forwarded-For: {network}")
    return "".join(f"{line}\r\n" for line in (f"{method} {path} HTTP/1.1", *ours, *lines)).encode()


def answered(connection: socket.socket) -> int:
    """Read the status of an answer; 0 when there is none."""
    try:
        words = connection.recv(65536).split(b" ", 2)
    except OSError:
        return 0
    return int(words[1]) if len(words) > 1 else 0


def _by_proxy(network: str) -> dict[str, str]:
    return {"Host": HOST, "X-Forwarded-For": network, "Sec-Fetch-Site": "same-origin"}


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


@contextmanager
def under_attack(folder: Path, hasher: argon2.PasswordHasher = OURS) -> Iterator[Site]:
    """Run a fresh server with accounts, whose passwords that system has hashed, and a mail server."""
    folder.mkdir()
    ground = prepare(folder, ACCOUNTS, hasher)
    before = _size(folder)
    post = PostOffice()
    post.start()
    settings = {**PRODUCTION, "MYPAGE_SMTP_URL": post.url, "MYPAGE_SECRET_KEY": secrets.token_hex()}
    try:
        with ground.mypage(**settings) as server:
            yield Site(server, folder, ground.database, post, before)
    finally:
        post.stop()
