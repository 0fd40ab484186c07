"""Takes requests in and hands them to uvicorn when they have come whole: nothing less costs a slot.

Stands between the socket and uvicorn's own protocol as an `asyncio.Protocol` of its own, and speaks to it as
a socket would. One request of a connection is answered at a time, so that a refusal never overtakes it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web import networks
from web.cli.half_sent import OF_OUR_PROXY, HalfSent
from web.cli.head import END, LONGEST_HEAD, Head, Refused, judge
from web.networks import Network

HEADER_SECONDS = 10.0
BODY_SECONDS = 20.0  # for all of it: a form of 64 KiB needs 26 kbit/s
IDLE_SECONDS = 5.0  # between two requests
LINGER_SECONDS = 2.0  # a browser that still sends would not read the page of its refusal
LINGER_BYTES = 4 * 1024 * 1024
AHEAD = 64 * 1024  # of further requests, kept while one is answered
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_KEY = "mypage.front"

Refuse = Callable[[int, str], bytes]  # a status and the reason for the log: the whole answer


class Front(asyncio.Protocol):
    """A connection: waits for a request, passes it on, waits until it is answered."""

    def __init__(
        self, waiting: HalfSent, proxies: tuple[Network, ...], refuse: Refuse, **given: Any
    ) -> None:
        given["app_state"] = {**given["app_state"], _KEY: self}
        self._uvicorn = HttpToolsProtocol(**given)
        self._waiting, self._proxies, self._refuse = waiting, proxies, refuse
        self._loop = asyncio.get_running_loop()
        self._deadline: asyncio.TimerHandle | None = None
        self._buffer = bytearray()
        self._head: Head | None = None  # of a request whose body is still to come
        self._idle = self._inside = self._ending = self._paused = False
        self._discarded = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the first request its time."""
        self._transport = cast("asyncio.Transport", transport)
        self._uvicorn.connection_made(self._transport)
        name = transport.get_extra_info("peername")
        self._peer = str(name[0]) if isinstance(name, tuple) else ""
        self._network = self._own_network = self._counted_as(())
        self._wait(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Keep what has come until it is a request."""
        if self._ending:
            self._discarded += len(data)
            if self._discarded > LINGER_BYTES:
                self._transport.abort()
            return
        self._buffer += data
        if not self._inside:
            self._advance()
        elif len(self._buffer) > AHEAD and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> None:
        """Let the connection be closed."""
        self._uvicorn.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection that is no more."""
        self._ending = True
        self._stop_waiting()
        self._buffer.clear()
        # Told of an error, uvicorn would keep its own timer and with it all of this for a minute.
        self._uvicorn.connection_lost(None)

    def pause_writing(self) -> None:
        """Hold the answer: it is read slowly."""
        self._uvicorn.pause_writing()

    def resume_writing(self) -> None:
        """Go on with the answer."""
        self._uvicorn.resume_writing()

    def begun(self) -> None:
        """Wait no longer: the application has the request."""
        self._stop_waiting()

    def answered(self) -> None:
        """Turn to the next request."""
        self._inside = False
        if self._transport.is_closing():
            return
        if self._ending:
            self._linger()
            return
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        self._idle, self._network = not self._buffer, self._own_network
        self._wait(IDLE_SECONDS if self._idle else HEADER_SECONDS)
        if self._buffer:  # not at once: uvicorn has still to note that it has answered
            self._loop.call_soon(self._advance)

    def give_up(self) -> None:
        """Make room for others: end what is half sent, with a word if there is somebody to read it."""
        if self._inside:
            self._transport.abort()
            return
        self._end_with(503, "half sent in a crowd")
        self._transport.close()

    def _advance(self) -> None:
        """Pass a request on if it is whole."""
        if self._inside or self._ending:
            return
        try:
            head = self._head or self._read_head()
        except Refused as refusal:
            self._end_with(refusal.status, refusal.reason)
            self._linger()
            return
        if head is None:
            self._wait_for_head()
        elif head.too_large:  # the application has a page for it, and does not ask for the body
            self._buffer.clear()
            self._ending = True
            self._pass_on(head.passed_on)
        elif len(self._buffer) < head.body:
            self._wait_for_body(head)
        else:
            body = bytes(self._buffer[: head.body])
            del self._buffer[: head.body]
            self._head = None
            self._pass_on(head.passed_on + body)

    def _read_head(self) -> Head | None:
        """Take the head off the buffer; None when its end has not come. Raises Refused."""
        if self._buffer.startswith(b"\r\n"):  # one empty line is forgiven: RFC 9112, section 2.2
            del self._buffer[:2]
        end = self._buffer.find(END, 0, LONGEST_HEAD)
        if end < 0:
            if len(self._buffer) >= LONGEST_HEAD:
                raise Refused(431, "headers too long")
            return None
        head = judge(bytes(self._buffer[:end]))
        del self._buffer[: end + len(END)]
        return head

    def _wait_for_head(self) -> None:
        if self._idle and self._buffer:
            self._idle = False
            self._wait(HEADER_SECONDS)
        else:
            self._hold()

    def _wait_for_body(self, head: Head) -> None:
        if self._head is not None:
            self._hold()
            return
        self._head, self._idle = head, False
        self._network = self._counted_as(head.forwarded)
        if head.expects:
            self._transport.write(CONTINUE)
        self._wait(BODY_SECONDS)

    def _pass_on(self, request: bytes) -> None:
        """Hand a request to uvicorn; the deadline stands until the application begins with it."""
        self._inside, self._idle = True, False
        self._uvicorn.data_received(request)

    def _wait(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self._loop.call_later(seconds, self._too_late)
        self._hold()

    def _hold(self) -> None:
        self._waiting.hold(self, self._network, len(self._buffer))

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._waiting.let_go(self)

    def _too_late(self) -> None:
        if self._inside or self._ending:
            self._transport.abort()
        elif self._end_with(408, "half sent for too long"):
            self._linger()
        else:
            self._transport.close()

    def _end_with(self, status: int, reason: str) -> bool:
        """Answer what has begun to come, if anything has, and nothing more of this connection."""
        begun = self._head is not None or bool(self._buffer)
        self._ending, self._head = True, None
        self._buffer.clear()
        if begun:
            self._transport.write(self._refuse(status, reason))
        return begun

    def _linger(self) -> None:
        """Say that nothing more comes, and hear the other side out for a moment."""
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._wait(LINGER_SECONDS)

    def _counted_as(self, forwarded: tuple[str, ...]) -> str:
        """Name the network that waits; our proxy's own connections are counted as nobody's."""
        client = networks.client(self._peer, forwarded, self._proxies)
        return OF_OUR_PROXY if networks.within(client, self._proxies) else networks.counted(client)


def noted(app: ASGIApp) -> ASGIApp:
    """Wrap the application so that the connection of each request learns when it is answered."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        front: Front | None = scope.get("state", {}).pop(_KEY, None)
        if front is None:  # the lifespan
            await app(scope, receive, send)
            return
        front.begun()
        try:
            await app(scope, receive, send)
        finally:
            front.answered()

    return answer
