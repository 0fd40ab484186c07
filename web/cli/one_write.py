"""The transport that uvicorn gets: the head of an answer leaves with the beginning of its body.

uvicorn writes them one after the other, and each write is a system call, a packet, and a browser woken up.
"""

import asyncio


class OneWrite:
    """Passes everything on at once, but for the head of an answer."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._before_head = False
        self.get_extra_info = transport.get_extra_info
        self.is_closing = transport.is_closing
        self.pause_reading, self.resume_reading = transport.pause_reading, transport.resume_reading

    def expect_head(self) -> None:
        """Keep what is written next."""
        self._before_head = True

    def write(self, data: bytes) -> None:
        """Write, behind the head that was kept, if any."""
        if self._before_head:
            self._before_head, self._head = False, data
            return
        if self._head:
            data, self._head = self._head + data, b""
        self._transport.write(data)

    def flush(self) -> None:
        """Write a head that no body followed: of an answer to HEAD, or of one that failed."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        """Close when everything is written."""
        self.flush()
        self._transport.close()
