"""The key of a mailed URL, as people bring it: with what a mail program or a sentence put behind it."""

import re

from starlette.requests import Request

from web.fields.width import to_half_width
from web.security import tokens

# A program that breaks lines leaves blanks, = (quoted-printable) or the > of a quotation inside.
_BROKEN_BY = re.compile(r"=?[\s\u00ad\u200b-\u200f\u2060\ufeff]+(?:>[\s>]*)?")
_LENGTH = 2 * tokens.KEY_BYTES
# 3D: what quoted-printable makes of the = before a key
_KEY = re.compile(
    rf"[^0-9A-Za-z]*(?:3D(?=[0-9A-Fa-f]{{{_LENGTH}}}(?![0-9A-Za-z])))?([0-9A-Fa-f]{{{_LENGTH}}})(?![0-9A-Za-z]).*",
    re.DOTALL,
)
_LOOKED_AT = 2 * _LENGTH


def mailed_key(request: Request) -> str:
    """Give the key of a mailed URL; '' for one that was cut, or that something was written into."""
    given = to_half_width(_BROKEN_BY.sub("", request.query_params.get("key", "")[:_LOOKED_AT]))
    found = _KEY.fullmatch(given)
    return found[1].upper() if found else ""
