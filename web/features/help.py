"""お問い合わせ, よくあるご質問, サイトマップ."""

from starlette.requests import Request
from starlette.responses import Response

from web.http.render import render


async def contact(request: Request) -> Response:
    """Say whom to ask."""
    return render(request, "help/contact")


async def faq(request: Request) -> Response:
    """Answer what people ask most."""
    return render(request, "help/faq")


async def sitemap(request: Request) -> Response:
    """List the pages."""
    return render(request, "help/sitemap")
