"""Shows a form again with its messages: in place for htmx, else by a 303 and a sealed cookie.

A native POST always answers 303, so that Back and reload never meet the browser's 再送信 page. Where
nobody is logged in there is no draft to keep what was typed: IDs, addresses and messages, never a
password, lie for five minutes in the cookie.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.fields.form import Form, FormSpec
from web.http.client import put_cookie, read_cookie, services_of
from web.http.htmx import is_htmx, redirect
from web.http.notices import AGAIN  # with this mark an address shows what was stashed
from web.http.render import url
from web.security.vault import NotSealedHere

MOST_BYTES = 2_900  # of what is stashed, as JSON: sealed and spelled it is a third more, and a cookie holds 4 KB
LIFE = 5 * clock.MINUTE
Show = Callable[[Form], Awaitable[Response]]


async def redisplay(
    request: Request,
    screen: str,
    form: Form,
    show: Show,
    /,
    *,
    kept: Mapping[str, str] | None = None,
    **address: Any,
) -> Response:
    """Show a form again: what was typed and the messages, but no password.

    `kept`: what else the screen needs, as given back by redisplayed(). `address`: the values of the
    screen's address.
    """
    if is_htmx(request):
        return await show(form.without_passwords)
    content = content_of(form, kept or {})
    response = RedirectResponse(url(request, screen, **address, **{AGAIN: 1}), status_code=303)
    _stash(request, response, screen, content)
    return response


def content_of(form: Form, kept: Mapping[str, str]) -> dict[str, Any]:
    """Give what is stashed of a form: the beginning of what was typed, as much as a cookie holds."""
    typed = {name: text for name, text in form.typed.items() if not form[name].field.secret}
    content = {"typed": dict.fromkeys(typed, ""), "errors": form.messages, "kept": dict(kept)}
    room = max(0, MOST_BYTES - _size(content)) // max(1, len(typed))
    return {**content, "typed": {name: _cut(text, room) for name, text in typed.items()}}


def _cut(text: str, room: int) -> str:
    text = text[:room]
    while _size(text) > room + _size(""):
        text = text[: len(text) * 3 // 4]
    return text


def _size(content: Any) -> int:
    return len(json.dumps(content, ensure_ascii=False).encode())


def lead_to_form(
    request: Request, screen: str, typed: Mapping[str, str], kept: Mapping[str, str]
) -> Response:
    """Send the browser to another form with something filled in; the screen reads why from `kept`."""
    response = redirect(request, url(request, screen, **{AGAIN: 1}))
    _stash(request, response, screen, {"typed": typed, "errors": {}, "kept": kept})
    return response


def redisplayed(
    request: Request, screen: str, spec: FormSpec, **kept: str
) -> tuple[Form, Mapping[str, str]] | None:
    """Give the form that is shown again at this address, and what was kept with it.

    None for a fresh form. `kept`: what must be the same, or the cookie is of another form.
    """
    content = _stashed(request, screen)
    if content is None or any(content["kept"].get(name) != value for name, value in kept.items()):
        return None
    return spec.with_errors(content["typed"], content["errors"]), content["kept"]


def form_to_show(request: Request, screen: str, spec: FormSpec, **kept: str) -> Form:
    """Give the form that is shown again at this address, else a fresh one."""
    again = redisplayed(request, screen, spec, **kept)
    return again[0] if again else spec.blank()


def _stash(request: Request, response: Response, screen: str, content: dict[str, Any]) -> None:
    content = {"until": clock.now() + LIFE, **content}
    value = services_of(request).vault.seal_text("stash", content, bound_to=screen)
    put_cookie(request, response, _cookie(screen), value, seconds=LIFE)


def _stashed(request: Request, screen: str) -> dict[str, Any] | None:
    """Read what was stashed for a screen, if its address says that something was."""
    if AGAIN not in request.query_params:
        return None
    value = read_cookie(request, _cookie(screen))
    try:
        content: dict[str, Any] = services_of(request).vault.open_text(
            "stash", value, bound_to=screen
        )
    except NotSealedHere:
        return None
    return content if clock.now() < content["until"] else None


def _cookie(screen: str) -> str:
    return f"stash-{screen.replace('/', '-')}"
