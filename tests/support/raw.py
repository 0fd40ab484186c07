"""Requests as bytes on the wire, for what no client library would send."""

from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as the server hands it to the application."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    client: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """Give the first header of a name, or ''."""
        found = [value for key, value in self.headers if key.decode("latin-1") == name]
        return found[0].decode("latin-1") if found else ""


async def send(app: ASGIApp, wire: Wire) -> Answered:
    """Put a request to the application and wait for the whole answer."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": wire.method,
        "scheme": "http",
        "path": wire.path,
        "raw_path": wire.path.encode(errors="surrogatepass"),
        "query_string": wire.query,
        "root_path": "",
        "headers": list(wire.headers),
        "client": (wire.client, 50000),
        "server": ("127.0.0.1", 8000),
    }
    messages = [{"type": "http.request", "body": wire.body, "more_body": False}]
    told: list[Message] = []

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def answer(message: Message) -> None:
        told.append(message)

    await app(scope, receive, answer)
    start, *rest = told
    body = b"".join(message.get("body", b"") for message in rest)
    return Answered(start["status"], list(start["headers"]), body)
