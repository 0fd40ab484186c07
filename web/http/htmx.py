"""The htmx protocol: the only place that reads or writes its headers."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

VARY = "HX-Request, HX-History-Restore-Request"


def is_htmx(request: Request) -> bool:
    """Tell whether htmx asks for a piece of the page; to restore its history it needs the whole page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def redirect(request: Request, url: str) -> Response:
    """Send the browser to another page, which it loads whole."""
    if is_htmx(request):
        return Response(status_code=204, headers=redirect_header(url))
    return RedirectResponse(url, status_code=303)


def redirect_header(url: str) -> dict[str, str]:
    """Give the header by which htmx loads another page whole."""
    return {"HX-Redirect": url}


async def next_step(
    request: Request, url: str, show: Callable[[], Awaitable[Response]], *, push: bool = True
) -> Response:
    """Go on to the next step: in place for htmx, by a 303 otherwise.

    `push`: whether Back leads here from it; not where a form is shown again that a draft keeps.
    """
    if not is_htmx(request):
        return RedirectResponse(url, status_code=303)
    response = await show()
    # a show() that found the step gone sends elsewhere by itself
    if push and "HX-Redirect" not in response.headers:
        response.headers["HX-Push-Url"] = url
    return response
