"""M1 マイページ."""

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.http.entry import account
from web.http.render import render

# The neighbours on My Page that have no pages of their own yet.
NOT_OPEN = {
    "national": "国庫金ダイレクト納付口座新規作成",
    "local": "地方税ダイレクト納付口座新規作成",
    "summary": "まとめ納付管理ファイル",
}


async def show(request: Request) -> Response:
    """Show what is registered and what can be done."""
    as_of = clock.mypage_style_with_seconds(clock.now())
    return render(request, "mypage/show", account=account(request), as_of=as_of)


async def not_open(request: Request) -> Response:
    """Say that a service of the menu has not opened yet."""
    heading = NOT_OPEN.get(request.query_params.get("item", ""), "準備中のサービス")
    return render(request, "mypage/not_open", heading=heading)
