"""An error page without a template: for requests refused before the application, and when rendering fails."""

from collections.abc import Mapping
from html import escape

from web import log

_PAGE = (
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>{0}</title></head>'
    '<body><main id="step"><h1>{0}</h1><div id="problem"><p>{1}</p><p>{2}</p>'
    '<p data-request-id="{3}">エラー番号：{4}</p></div></main></body></html>'
)

# status: (heading, what happened, what to do next); of requests that never reach the application
PAGES: Mapping[int, tuple[str, str, str]] = {
    408: (
        "送信が途中で途切れました",
        "入力した内容が、時間内に届きませんでした。操作は完了していません。",
        "通信の状態をご確認のうえ、前の画面からもう一度送信してください。",
    ),
    411: (
        "送信された内容を受け取れませんでした",
        "送信された内容の大きさが示されていません。",
        "別のブラウザーで画面を開き直して、もう一度お試しください。",
    ),
    414: (
        "アドレスが長すぎます",
        "開こうとしたアドレスが、受け付けられる長さを超えています。",
        "アドレスをご確認いただくか、ポータルサイトからお進みください。",
    ),
    431: (
        "ブラウザーから送られた情報が多すぎます",
        "Cookieなど、画面と一緒に送られる情報が、受け付けられる大きさを超えています。",
        "ブラウザーの設定でこのサイトのCookieを削除してから、もう一度お試しください。",
    ),
}


def page(words: tuple[str, str, str], number: str) -> str:
    """Give the page of an error: heading, what happened, what to do next, and its number."""
    return _PAGE.format(*map(escape, words), log.request_id.get(), number)
