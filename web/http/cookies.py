"""Cookies: `__Host-`, Secure, HttpOnly, SameSite=Lax; on loopback http without prefix and Secure.

Lax, not Strict: a Strict cookie set while answering a mailed link is not sent on the 303 after it.
"""

from starlette.requests import Request
from starlette.responses import Response

from web.settings import Settings


def _full_name(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if settings.secure else name


def read(request: Request, settings: Settings, name: str) -> str:
    """Read a cookie; '' when there is none."""
    return request.cookies.get(_full_name(settings, name), "")


def put(
    response: Response, settings: Settings, name: str, value: str, *, seconds: int | None = None
) -> None:
    """Set a cookie; without a life in seconds it goes when the browser closes."""
    response.set_cookie(
        _full_name(settings, name),
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
