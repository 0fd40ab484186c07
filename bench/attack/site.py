"""The server under attack: production mode behind a trusted proxy, on loopback; and ways to reach it."""

import http.client
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.ground import prepare
from bench.process import Server
from tests.support.post import PostOffice

HOST = "mypage.example.jp"
ACCOUNTS = 200
PATIENCE = 30.0
PRODUCTION = {
    "MYPAGE_BASE_URL": f"https://{HOST}",
    "MYPAGE_TRUSTED_PROXIES": "127.0.0.1/32",
    "MYPAGE_CONTACT_PHONE": "03-0000-0000",
    "MYPAGE_PORTAL_URL": "https://www.example.jp/",
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
    post: PostOffice
    bytes_before: int  # in the folder, before the server started

    def bytes_on_disk(self) -> int:
        """Count what lies in its folder."""
        return _size(self.folder)

    def ask(
        self, path: str, fields: Mapping[str, str] | None = None, *, network: str, **headers: str
    ) -> Told:
        """Ask for a page, or send a form, by way of the proxy and from a network."""
        method, body = ("GET", None) if fields is None else ("POST", urlencode(fields))
        ours = {"Host": HOST, "X-Forwarded-For": network, "Sec-Fetch-Site": "same-origin"}
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {**ours, **kind, **headers})
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            return Told(answer.status, answer.getheader("Location", ""), text)
        finally:
            connection.close()

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


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


@contextmanager
def under_attack(folder: Path) -> Iterator[Site]:
    """Run a fresh server with accounts and a mail server."""
    folder.mkdir()
    ground = prepare(folder, ACCOUNTS)
    before = _size(folder)
    post = PostOffice()
    post.start()
    settings = {**PRODUCTION, "MYPAGE_SMTP_URL": post.url, "MYPAGE_SECRET_KEY": secrets.token_hex()}
    try:
        with ground.mypage(**settings) as server:
            yield Site(server, folder, post, before)
    finally:
        post.stop()
