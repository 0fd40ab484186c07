"""Collects each request until it has arrived whole, then hands it to uvicorn: half a request takes no slot.

It is an `asyncio.Protocol` between the socket and uvicorn's own protocol, and uses only the methods that
asyncio defines. A connection has one request in work at a time, so that a refusal cannot be sent before the
answer of an earlier request.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web import networks
from web.cli.deadline import Deadline
from web.cli.head import END, LONGEST_HEAD, Head, Refused, judge
from web.cli.one_write import OneWrite
from web.cli.waiting import OF_OUR_PROXY, Waiting
from web.networks import Network

HEADER_SECONDS = 10.0
BODY_SECONDS = 20.0  # for all of it: a form of 64 KiB needs 26 kbit/s
IDLE_SECONDS = 5.0  # between two requests
READ_SECONDS = 60.0  # until what waits to be read has been: 256 KiB need 35 kbit/s
MOST_UNREAD = 256 * 1024  # bytes of an answer; longer ones wait, and their slot with them
LINGER_SECONDS = 2.0  # closed at once, a browser that still sends would show an error of its own
LINGER_BYTES = 4 * 1024 * 1024
AHEAD = 64 * 1024  # bytes of later requests that are kept while one is answered
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
KEY = "mypage.front"

Refuse = Callable[[int, str], bytes]  # a status and the reason for the log: the whole answer


class Front(asyncio.Protocol):
    """A connection: collects a request, passes it on, waits until it is answered."""

    def __init__(
        self, waiting: Waiting, proxies: tuple[Network, ...], refuse: Refuse, **given: Any
    ) -> None:
        given["app_state"] = {**given["app_state"], KEY: self}
        self._uvicorn = HttpToolsProtocol(**given)
        self._waiting, self._proxies, self._refuse = waiting, proxies, refuse
        self._loop = asyncio.get_running_loop()
        self._deadline = Deadline(self._too_late)
        self._buffer = bytearray()
        self._head: Head | None = None  # of a request whose body is still to come
        self._idle = self._inside = self._ending = self._paused = self._unread = False
        self._forwarded: tuple[str, ...] = ()  # of the request that is read or answered
        self._discarded = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the deadline of the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._answers = OneWrite(self._transport)
        self._uvicorn.connection_made(cast("asyncio.Transport", self._answers))
        name = transport.get_extra_info("peername")
        self._peer = str(name[0]) if isinstance(name, tuple) else ""
        self._network = self._own_network = self._counted_as(())
        self._wait(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Collect bytes until they are a whole request."""
        if self._ending:
            self._discarded += len(data)
            if self._discarded > LINGER_BYTES:
                self._transport.abort()
            return
        self._buffer += data
        if not self._inside and not self._unread:
            self._advance()
        elif len(self._buffer) > AHEAD and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> None:
        """Let uvicorn and asyncio close the connection."""
        self._uvicorn.eof_received()

    def connection_lost(self, _: Exception | None) -> None:
        """Release everything the connection held."""
        self._ending = True
        self._stop_waiting()
        self._deadline.drop()
        self._buffer.clear()
        # After an error uvicorn does not cancel its timer, which would keep this object for a minute.
        self._uvicorn.connection_lost(None)

    def pause_writing(self) -> None:
        """Give the client time to read, and tell uvicorn to wait."""
        self._unread, self._network = True, self._counted_as(self._forwarded)
        self._uvicorn.pause_writing()
        self._wait(READ_SECONDS)

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        self._unread = False
        self._uvicorn.resume_writing()
        if self._inside:
            self._stop_waiting()
        else:
            self._turn_to_next()

    def begun(self) -> None:
        """Stop the deadline: the application has the request."""
        self._answers.expect_head()
        self._stop_waiting()

    def answered(self) -> None:
        """Turn to the next request when the client has read the answer.

        Else it could send one request after the other and read nothing, or close and stay.
        """
        self._answers.flush()
        self._inside = False
        if self._transport.is_closing() and not self._transport.get_write_buffer_size():
            return  # gone meanwhile: uvloop would raise
        self._transport.set_write_buffer_limits(0)  # calls pause_writing() if anything is unread
        if not self._unread:
            self._turn_to_next()

    def _turn_to_next(self) -> None:
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
        if self._buffer:  # in the next step of the loop: uvicorn is still finishing the answer
            self._loop.call_soon(self._advance)

    def give_up(self) -> None:
        """End what waits for its client to make room for others: half a request with a 503 page."""
        if self._inside or self._unread:
            self._transport.abort()
            return
        self._end_with(503, "half sent in a crowd")
        self._transport.close()

    def _advance(self) -> None:
        """Pass the request on if it has arrived whole."""
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
            return
        self._forwarded = head.forwarded
        if head.too_large:  # the application answers 413 without reading the body
            self._buffer.clear()
            self._ending = True
            self._pass_on(head.passed_on)
        elif len(self._buffer) < head.body:
            self._wait_for_body(head)
        else:
            self._head = None
            self._pass_on(head.passed_on + self._taken(head.body) if head.body else head.passed_on)

    def _taken(self, length: int) -> bytes:
        """Take so many bytes off the buffer."""
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken

    def _read_head(self) -> Head | None:
        """Take the head off the buffer; None when its end has not arrived. Raises Refused."""
        if self._buffer.startswith(b"\r\n"):  # one empty line is allowed: RFC 9112, section 2.2
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
        self._network = self._counted_as(self._forwarded)
        if head.expects:
            self._transport.write(CONTINUE)
        self._wait(BODY_SECONDS)

    def _pass_on(self, request: bytes) -> None:
        """Hand a request to uvicorn; the deadline runs until the application begins with it."""
        self._inside, self._idle = True, False
        self._transport.set_write_buffer_limits(MOST_UNREAD)
        self._uvicorn.data_received(request)

    def _wait(self, seconds: float) -> None:
        self._deadline.set(seconds)
        self._hold()

    def _hold(self) -> None:
        size = len(self._buffer) + self._transport.get_write_buffer_size()
        self._waiting.hold(self, self._network, size)

    def _stop_waiting(self) -> None:
        self._deadline.clear()
        self._waiting.let_go(self)

    def _too_late(self) -> None:
        if self._inside or self._unread or self._ending:
            self._transport.abort()
        elif self._end_with(408, "half sent for too long"):
            self._linger()
        else:
            self._transport.close()

    def _end_with(self, status: int, reason: str) -> bool:
        """Refuse the request that has begun to arrive, if any, and every later one of this connection."""
        begun = self._head is not None or bool(self._buffer)
        self._ending, self._head = True, None
        self._buffer.clear()
        if begun:
            self._transport.write(self._refuse(status, reason))
        return begun

    def _linger(self) -> None:
        """Send the end of our side, and read and drop what the client still sends for a moment."""
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._wait(LINGER_SECONDS)

    def _counted_as(self, forwarded: tuple[str, ...]) -> str:
        """Name the network that is counted; a proxy of ours is counted as no network."""
        client = networks.client(self._peer, forwarded, self._proxies)
        return OF_OUR_PROXY if networks.within(client, self._proxies) else networks.counted(client)
