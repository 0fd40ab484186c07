"""What a mail catcher has caught, as pages of text and in the form that tests/e2e reads."""

import email
import email.policy
import re
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

FILE = re.compile(r"[0-9]+-[0-9]+\.eml")


def mailbox(folder: Path) -> Starlette:
    """Give an application that shows the mails of a folder, newest first."""

    def show(request: Request) -> Response:
        names = sorted((path.name for path in folder.glob("*.eml")), key=_arrival, reverse=True)
        if request.query_params.get("format") == "json":
            return JSONResponse({"mails": [{"id": name.removesuffix(".eml")} for name in names]})
        return PlainTextResponse("\n\n".join(_text(folder / name) for name in names))

    def raw(request: Request) -> Response:
        name = request.path_params["name"]
        if not FILE.fullmatch(name) or not (folder / name).is_file():
            raise HTTPException(404)
        return Response((folder / name).read_bytes(), media_type="message/rfc822")

    return Starlette(routes=[Route("/demo/mail", show), Route("/demo/mail/{name}", raw)])


def _arrival(name: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall("[0-9]+", name)))


def _text(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return f"{message['Date']}\n{message['To']}\n{message['Subject']}\n\n{text}"
