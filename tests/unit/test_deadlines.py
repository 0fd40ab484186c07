"""The deadline of a request whose bytes are still to come, by a clock that stands still."""

import asyncio
from contextlib import closing

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from web.cli import front, waiting

POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n1234"


async def nobody(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer nothing."""


class Line(asyncio.Transport):
    """The other end of a connection: what was written, and whether our side was ended."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.ended = b"", False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take what is written."""
        self.written += bytes(data)

    def write_eof(self) -> None:
        """End one direction."""
        self.ended = True

    def can_write_eof(self) -> bool:
        """Do as a socket does."""
        return True

    def get_write_buffer_size(self) -> int:
        """Have sent everything."""
        return 0

    def close(self) -> None:
        """Have nothing to close."""

    def is_closing(self) -> bool:
        """Stay open."""
        return False


class Clock(asyncio.SelectorEventLoop):
    """A loop whose time stands still."""

    now = 0.0

    def time(self) -> float:
        """Give the time it was set to."""
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time pass, and ring what is due."""
        self.now += seconds
        for _ in range(2):  # what rings may be set again at once
            self.call_soon(self.stop)
            self.run_forever()


def test_a_later_deadline_holds_though_an_earlier_one_was_set_before() -> None:
    """A body has its own twenty seconds, not what was left of the head's ten."""
    clock, line = Clock(), Line()

    async def connect() -> front.Front:
        given = {
            "config": uvicorn.Config(nobody),
            "server_state": ServerState(),
            "app_state": {},
        }
        return front.Front(waiting.Waiting(), (), lambda status, _: b"%d" % status, **given)

    with closing(clock):
        ours = clock.run_until_complete(connect())
        ours.connection_made(line)
        clock.pass_by(front.HEADER_SECONDS - 1)
        ours.data_received(POST)
        clock.pass_by(front.BODY_SECONDS - 1)
        assert (line.written, line.ended) == (b"", False)
        clock.pass_by(1)
        assert (line.written, line.ended) == (b"408", True)
        ours.connection_lost(None)
