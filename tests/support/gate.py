"""A gate to hold a transaction at, whatever it runs in."""

import asyncio
import threading


class Gate:
    """Closed until it is opened; who is at it waits in the thread of a connection, or on the event loop."""

    def __init__(self) -> None:
        self._opened = threading.Event()

    def open(self) -> None:
        """Let everybody pass from now on."""
        self._opened.set()

    async def passed(self) -> None:
        """Wait until it is open."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # in a thread
            self._opened.wait()
        else:
            await asyncio.to_thread(self._opened.wait)
