"""Static files: read, joined and compressed at start-up, served from memory under hashed names."""

import gzip
import hashlib
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import paths
from web.http import compression

# What a page loads as one file: fewer requests, and no order to get wrong.
BUNDLES = {
    "app.css": ("vendor/tokens.css", "app.css"),
    "app.js": ("vendor/htmx.min.js", "app.js", "combobox.js", "keyboard.js", "idle.js"),
    "paper.css": ("paper.css",),
    "mark.svg": ("mark.svg",),
}
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


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
            plain = b"\n".join((paths.STATIC / part).read_bytes() for part in parts)
            stem, _, ending = name.rpartition(".")
            hashed = f"{stem}.{hashlib.sha256(plain).hexdigest()[:12]}.{ending}"
            self._addresses[name] = f"/static/{hashed}"
            self._assets[hashed] = Asset(plain, gzip.compress(plain, mtime=0), TYPES[ending])

    def address(self, name: str) -> str:
        """Give the address of a file; it changes when its content does."""
        return self._addresses[name]

    async def serve(self, request: Request) -> Response:
        """Send a file."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        zipped = compression.takes_gzip(request)
        headers = {"Cache-Control": FOREVER, "Vary": compression.VARY}
        if zipped:
            headers["Content-Encoding"] = "gzip"
        body = asset.zipped if zipped else asset.plain
        return Response(body, media_type=asset.media_type, headers=headers)
