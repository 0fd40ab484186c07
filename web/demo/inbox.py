"""/demo/mail: what the mail catcher caught."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from web import clock
from web.demo import samples
from web.demo.personas import WITH_CODES
from web.http.access import GET, Access, route
from web.http.client import services_of
from web.http.render import render

_ID = re.compile(r"[0-9]+-[0-9]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a mail; with an address when it is nothing but a link."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as the inbox shows it."""

    id: str
    subject: str
    sender: str
    to: str
    at: str
    headers: list[tuple[str, str]]
    lines: list[Line]


class Inbox:
    """The pages of the caught mails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def routes(self) -> list[BaseRoute]:
        """Give the routes of the inbox."""
        return [
            route("/demo/mail", self.show, GET, "demo/mail", Access.ANYONE),
            route("/demo/mail/{id}.eml", self.raw, GET, "demo/raw", Access.ANYONE),
            route("/demo/mail/{id}", self.letter, GET, "demo/letter", Access.ANYONE),
        ]

    async def show(self, request: Request) -> Response:
        """List the mails, newest first."""
        mails = [_read(path) for path in self._newest_first()]
        if request.query_params.get("format") == "json":
            keys = ("id", "subject", "sender", "to", "at")
            rows = [{key: getattr(mail, key) for key in keys} for mail in mails]
            return JSONResponse({"mails": rows})
        user_id = WITH_CODES.account.payment_user_id
        code = await services_of(request).read_one(samples.code_now, user_id)
        return render(request, "demo/inbox", mails=mails, code=code, user_id=user_id)

    async def letter(self, request: Request) -> Response:
        """Show a mail, its links clickable."""
        return render(request, "demo/mail", mail=_read(self._path(request)))

    async def raw(self, request: Request) -> Response:
        """Give a mail as it came."""
        return Response(self._path(request).read_bytes(), media_type="message/rfc822")

    def _newest_first(self) -> Iterator[Path]:
        return iter(sorted(self._folder.glob("*.eml"), key=_arrival, reverse=True))

    def _path(self, request: Request) -> Path:
        mail_id = request.path_params["id"]
        path = self._folder / f"{mail_id}.eml"
        if not _ID.fullmatch(mail_id) or not path.is_file():
            raise HTTPException(404)
        return path


def _arrival(path: Path) -> tuple[int, int]:
    at, _, number = path.stem.partition("-")
    return int(at), int(number)


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError(path)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    sent = int(parsedate_to_datetime(str(message["Date"])).timestamp())
    return Mail(
        id=path.stem,
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        to=str(message["To"]),
        at=clock.mail_style(sent),
        headers=[(name, str(value)) for name, value in message.items()],
        lines=[
            Line(line, line if line.startswith(("http://", "https://")) else "")
            for line in text.splitlines()
        ],
    )
