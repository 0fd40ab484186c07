"""Static files that another release named: while two serve, or for a page older than the last one."""

import re

import httpx
import pytest

from web.http.assets import BUNDLES, FOREVER, ONCE, Assets

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

HASH = re.compile(r"\.[0-9a-f]{12}\.")
OTHERS = ".0123456789ab."


@pytest.mark.parametrize("name", BUNDLES)
async def test_a_file_of_another_release_is_ours_for_this_once(
    visitor: httpx.AsyncClient, name: str
) -> None:
    """The page has style and script; nobody keeps them under a name that is not theirs."""
    address = Assets().address(name)
    ours = await visitor.get(address)
    theirs = await visitor.get(HASH.sub(OTHERS, address))
    assert (ours.status_code, ours.headers["Cache-Control"]) == (200, FOREVER)
    assert (theirs.status_code, theirs.headers["Cache-Control"]) == (200, ONCE)
    assert theirs.content == ours.content
    assert theirs.headers["Content-Type"] == ours.headers["Content-Type"]


@pytest.mark.parametrize(
    "name",
    [
        "app.css",  # no hash
        "app.0123456789ab.svg",  # a file that is of another kind
        "nothing.0123456789ab.css",
        "app.0123456789AB.css",
        "app.0123456789abc.css",
        "app.0123456789ab.css.map",
    ],
)
async def test_what_no_release_names_is_not_there(visitor: httpx.AsyncClient, name: str) -> None:
    """Names are looked up, never guessed."""
    assert (await visitor.get(f"/static/{name}")).status_code == 404
