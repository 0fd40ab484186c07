"""A line to a server that can be made slow: every answer comes so many seconds later."""

import asyncio
import threading
from contextlib import suppress


class SlowLine:
    """A port of this machine that leads to another one."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.delay = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._piping = set[asyncio.Task[None]]()
        self.port: int = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._piping.add(task)
        try:
            their_reader, their_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.close()
            return
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(
                self._pipe(reader, their_writer, late=False),
                self._pipe(their_reader, writer, late=True),
            )
        for each in (writer, their_writer):
            each.close()
        self._piping.discard(task)

    async def _pipe(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, late: bool
    ) -> None:
        """Pass on what comes, and then its end."""
        while content := await reader.read(65536):
            if late and self.delay:
                await asyncio.sleep(self.delay)
            writer.write(content)
            await writer.drain()
        writer.write_eof()

    def end(self) -> None:
        """Close it."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        for task in self._piping:
            task.cancel()
        await asyncio.gather(*self._piping, return_exceptions=True)
