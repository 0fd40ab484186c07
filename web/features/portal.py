"""P1 軽自動車OSS申請, and the page for entries that lead out of this system."""

from starlette.requests import Request
from starlette.responses import Response

from web.http.render import render


async def top(request: Request) -> Response:
    """Show the portal's top page."""
    return render(request, "portal/top")


async def outside(request: Request) -> Response:
    """Say that a service is outside this system."""
    return render(request, "portal/outside")
