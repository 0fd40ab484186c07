"""What browsers and crawlers look for under addresses of their own."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from web import clock
from web.http.client import services_of
from web.http.render import url

SECURITY_TXT_LIFE = 180 * clock.DAY  # RFC 9116: less than a year
ROBOTS = "User-agent: *\nAllow: /$\nAllow: /static/\nDisallow: /\n"


async def change_password(request: Request) -> Response:
    """Lead password managers to パスワード変更."""
    return RedirectResponse(url(request, "password_change/change"), status_code=303)


async def security(request: Request) -> Response:
    """Say whom to tell about a weakness (RFC 9116)."""
    base = services_of(request).settings.base_url
    expires = datetime.fromtimestamp(clock.now() + SECURITY_TXT_LIFE, UTC)
    lines = (
        f"Contact: {base}{url(request, 'help/contact')}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: ja, en",
        f"Canonical: {base}{url(request, 'help/security')}",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


async def passkeys(request: Request) -> Response:
    """Tell password managers where passkeys are looked after (W3C passkey endpoints)."""
    settings = services_of(request).settings
    if not settings.passkey_rp_id:
        raise HTTPException(404)
    here = f"{settings.base_url}{url(request, 'factors/show')}"
    return JSONResponse({"enroll": here, "manage": here})


async def robots(_: Request) -> Response:
    """Let crawlers see the portal's top page and nothing else."""
    return PlainTextResponse(ROBOTS)


async def favicon(request: Request) -> Response:
    """Lead browsers that ask by the old name to the mark."""
    address: str = request.app.state.templates.globals["static"]("mark.svg")
    return RedirectResponse(address, status_code=303)
