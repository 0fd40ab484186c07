"""お問い合わせ, よくあるご質問, サイトマップ, 検索, and the texts of the service."""

from starlette.requests import Request
from starlette.responses import Response

from web.features.help import search
from web.features.help.contents import QUESTIONS, SITEMAP, TEXTS
from web.http import texts
from web.http.client import services_of
from web.http.render import render


async def contact(request: Request) -> Response:
    """Say whom to ask."""
    return render(request, "help/contact")


async def faq(request: Request) -> Response:
    """Answer what people ask most."""
    settings = services_of(request).settings
    return render(request, "help/faq", questions=QUESTIONS, settings=settings)


async def sitemap(request: Request) -> Response:
    """List the pages."""
    return render(request, "help/sitemap", places=SITEMAP)


async def find(request: Request) -> Response:
    """Search the help for words."""
    asked = " ".join(request.query_params.get("q", "")[: search.LONGEST].split())
    hits, also = search.search(request, asked) if asked else ([], "")
    return render(request, "help/search", asked=asked, also=also, hits=hits)


async def terms(request: Request) -> Response:
    """Show 利用規約."""
    return _text(request, "terms")


async def privacy(request: Request) -> Response:
    """Show 個人情報の取扱い."""
    return _text(request, "privacy")


async def accessibility(request: Request) -> Response:
    """Show ウェブアクセシビリティ方針."""
    return _text(request, "accessibility")


def _text(request: Request, name: str) -> Response:
    settings = services_of(request).settings
    return render(
        request,
        "help/text",
        heading=TEXTS[name].title,
        ours=f"help/texts/{name}.html",
        blocks=texts.own(settings, name),
        settings=settings,
    )
