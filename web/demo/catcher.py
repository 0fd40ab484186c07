"""A mail server that delivers nothing: it puts what it is given into a folder."""

import socket
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from web import clock


class _Folder:
    """Writes every mail to a file whose name sorts by arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        content = envelope.original_content or b""
        number = sum(1 for _ in self._folder.iterdir())
        path = self._folder / f"{clock.now()}-{number:06d}.eml"
        path.with_suffix(".part").write_bytes(content)
        path.with_suffix(".part").rename(path)
        return "250 OK"


class Catcher(Controller):
    """Runs the mail server in a thread, on a port that was free."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        super().__init__(_Folder(folder), hostname="127.0.0.1", port=port)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)

    @property
    def url(self) -> str:
        """Give the setting that sends mail here."""
        return f"smtp://127.0.0.1:{self.port}"
