"""The one page that needs no template: for what is refused before the application, and when rendering fails."""

from html import escape

_PAGE = (
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>{0}</title></head>'
    '<body><main id="step"><h1>{0}</h1><div id="problem"><p>{1}</p><p>{2}</p>'
    "<p>受付用の番号：{3}</p></div></main></body></html>"
)


def page(words: tuple[str, str, str], request_id: str) -> str:
    """Give the page of an error: heading, what happened, what to do next, and the request id."""
    return _PAGE.format(*map(escape, words), escape(request_id))
