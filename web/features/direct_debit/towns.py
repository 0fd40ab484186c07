"""住所 by 郵便番号: as the code is left, or by its button."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from web.features.direct_debit.form import ADDRESS, POSTAL_CODE
from web.fields.digits import postal_code_shown
from web.fields.width import to_full_width
from web.http.body import read_form
from web.http.render import partial
from web.postal_codes import Place, find

SEARCH = "postal_code"  # what its button says that it looks for
_MOST = 5  # towns that are named


async def look_up(typed: str) -> tuple[str, Place | None]:
    """Give a code as it is registered, and where it is; '' for what is no code."""
    answer = POSTAL_CODE.check(typed)
    code = answer.value if answer.good else ""
    # the list is read from a file: not where everybody else waits
    return code, await run_in_threadpool(find, code) if code else None


def wrong(given: Mapping[str, str]) -> dict[str, str]:
    """Give the message of a code that was to be looked up and is none, by its field."""
    if given.get("search") != SEARCH:
        return {}
    answer = POSTAL_CODE.check(given[SEARCH])
    return {SEARCH: answer.error} if answer.error else {}


async def filled(given: Mapping[str, str]) -> str:
    """Give the 住所 with its beginning filled in, if nothing was typed there."""
    _, place = await look_up(given[SEARCH])
    return given["address"] or (place.start if place else "")


async def said(given: Mapping[str, str]) -> str:
    """Say where the code is, beside what stands in 住所."""
    code, place = await look_up(given.get(SEARCH, ""))
    if not code:
        return ""
    if place is None:
        return (
            f"{postal_code_shown(code)}の住所が見つかりません。"
            "郵便番号をご確認のうえ、住所を入力してください。"
        )
    towns = "".join(f"「{town}」" for town in place.towns[:_MOST])
    several = len(place.towns) > 1
    which = f"{towns}{'など' if len(place.towns) > _MOST else ''}のいずれか" if several else towns
    fits = to_full_width(given.get("address", "")).startswith(place.start)
    todo = "続きを住所に入力してください。" if fits else "住所の欄をご確認ください。"
    return f"{postal_code_shown(code)}は{which}です。{todo}"


async def town(request: Request) -> Response:
    """Answer the 郵便番号 that was just left."""
    given = await read_form(request, SEARCH, ADDRESS.name)
    given[ADDRESS.name] = ADDRESS.cut(given[ADDRESS.name])
    start = "" if given["address"] else await filled(given)
    words = await said({**given, "address": start or given["address"]})
    return partial(request, "partials/town.html", start=start, said=words)
