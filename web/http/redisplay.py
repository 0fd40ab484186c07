"""Shows a form again with its messages: in place for htmx, else by a 303 and a sealed cookie."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import Form, FormSpec
from web.http import stash
from web.http.htmx import is_htmx

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
    typed = {
        name: text[: stash.LONGEST]
        for name, text in form.typed.items()
        if not form[name].field.secret
    }
    content = {"typed": typed, "errors": form.messages, "kept": dict(kept or {})}
    return stash.back_to(request, screen, content, **address)


def redisplayed(
    request: Request, screen: str, spec: FormSpec, **kept: str
) -> tuple[Form, Mapping[str, str]] | None:
    """Give the form that is shown again at this address, and what was kept with it.

    None for a fresh form. `kept`: what must be the same, or the cookie is of another form.
    """
    content = stash.stashed(request, screen)
    if content is None or any(content["kept"].get(name) != value for name, value in kept.items()):
        return None
    return spec.with_errors(content["typed"], content["errors"]), content["kept"]


def form_to_show(request: Request, screen: str, spec: FormSpec, **kept: str) -> Form:
    """Give the form that is shown again at this address, else a fresh one."""
    again = redisplayed(request, screen, spec, **kept)
    return again[0] if again else spec.blank()
