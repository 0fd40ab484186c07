"""Keeps IDs, addresses and messages over a 303 in a sealed five-minute cookie; never a password.

A native POST always answers 303, so that Back and reload never meet the browser's 再送信 page.
Where nobody is logged in there is no draft to keep what was typed; this cookie does.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.http import cookies
from web.http.access import services_of
from web.http.render import url
from web.security.vault import NotSealedHere

LONGEST = 250  # characters of one field: a cookie holds 4 KB
LIFE = 5 * clock.MINUTE
MARK = "again"  # the address with this mark shows what was stashed; without it a fresh form


def stash_form(request: Request, response: Response, screen: str, content: dict[str, Any]) -> None:
    """Put content into the cookie of a screen."""
    services = services_of(request)
    content = {"until": clock.now() + LIFE, **content}
    value = services.vault.seal_text("stash", content, bound_to=screen)
    cookies.put(response, services.settings, _name(screen), value, seconds=LIFE)


def back_to(request: Request, screen: str, content: dict[str, Any], /, **values: Any) -> Response:
    """Send the browser back to a screen's form with what was typed and the messages."""
    response = RedirectResponse(url(request, screen, **values, **{MARK: 1}), status_code=303)
    stash_form(request, response, screen, content)
    return response


def stashed(request: Request, screen: str) -> dict[str, Any] | None:
    """Read what was stashed to a screen, if its address says that something was."""
    if MARK not in request.query_params:
        return None
    services = services_of(request)
    value = cookies.read(request, services.settings, _name(screen))
    try:
        content: dict[str, Any] = services.vault.open_text("stash", value, bound_to=screen)
    except NotSealedHere:
        return None
    return content if clock.now() < content["until"] else None


def _name(screen: str) -> str:
    return f"stash-{screen.replace('/', '-')}"
