"""Static files: read, joined and compressed at start-up, served from memory under hashed names."""

import gzip
import hashlib
import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import paths
from web.http import compression

# What a page loads as one file: fewer requests, and no order to get wrong.
BUNDLES = {
    "app.css": ("app.css",),
    "lists.css": ("lists.css",),
    "app.js": ("vendor/htmx.min.js", "app.js", "idle.js"),
    **{
        name: (name,)
        for name in (
            "start.js",
            "warning.js",
            "badges.js",
            "combobox.js",
            "keyboard.css",
            "keyboard.js",
            "passkey.js",
            "password.js",
            "paper.css",
            "mark.svg",
        )
    },
}
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
TOKEN = re.compile(r"(--[\w-]+): ([^;]+);")
TOKEN_NAMED = re.compile(r"var\((--(?:color|font)-[\w-]+)\)")
REMARKS = {
    "css": re.compile(r"/\*.*?\*/", re.DOTALL),
    "js": re.compile(r"(^| +)// .*$", re.MULTILINE),
}
HASHED = re.compile(r"([a-z]+)\.[0-9a-f]{12}\.([a-z]+)")
BETWEEN_WORDS_OF_CSS = re.compile(r" ?([{};,]) ?|(?<=:) ")
FOREVER = "public, max-age=31536000, immutable"
ONCE = "no-store"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    plain: bytes
    zipped: bytes
    media_type: str


class Assets:
    """The static files by hashed name."""

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        for name, parts in BUNDLES.items():
            plain = "\n".join(map(_sent, parts)).encode()
            stem, _, ending = name.rpartition(".")
            hashed = f"{stem}.{hashlib.sha256(plain).hexdigest()[:12]}.{ending}"
            self._addresses[name] = f"/static/{hashed}"
            self._assets[hashed] = Asset(plain, gzip.compress(plain, mtime=0), TYPES[ending])

    def address(self, name: str) -> str:
        """Give the address of a file; it changes when its content does."""
        return self._addresses[name]

    async def serve(self, request: Request) -> Response:
        """Send a file; under the name that it has in another release, ours, for this once.

        While two releases serve, a page of one asks the other for its files; so does a page that is older than a release.
        """
        name = request.path_params["name"]
        known = name in self._assets
        asset = self._assets.get(name if known else self._ours(name))
        if asset is None:
            raise HTTPException(404)
        zipped = compression.takes_gzip(request)
        headers = {"Cache-Control": FOREVER if known else ONCE, "Vary": compression.VARY}
        if zipped:
            headers["Content-Encoding"] = "gzip"
        body = asset.zipped if zipped else asset.plain
        return Response(body, media_type=asset.media_type, headers=headers)

    def _ours(self, name: str) -> str:
        """Give the name that a file of another release has here; '' for none."""
        hashed = HASHED.fullmatch(name)
        address = self._addresses.get(f"{hashed[1]}.{hashed[2]}", "") if hashed else ""
        return address.rpartition("/")[2]


def _sent(part: str) -> str:
    """Read a file as it is sent: without our remarks and indents, the design system's values written in."""
    text = (paths.STATIC / part).read_text(encoding="utf-8")
    ending = part.rpartition(".")[2]
    if part.startswith("vendor/") or ending not in REMARKS:
        return text
    lines = (line.strip() for line in REMARKS[ending].sub("", text).splitlines())
    text = "\n".join(filter(None, lines))
    return _tight(text) if ending == "css" else text


def _tight(css: str) -> str:
    """Write in what tokens.css names, of which we use a tenth, and leave out what only eyes need."""
    values = dict(TOKEN.findall((paths.STATIC / "vendor/tokens.css").read_text(encoding="utf-8")))
    while named := TOKEN_NAMED.search(css):
        css = css.replace(named[0], values[named[1]])
    return BETWEEN_WORDS_OF_CSS.sub(lambda found: found[1] or "", css.replace("\n", " "))
