"""Which answers are compressed by gzip: where no other site can measure a secret by their length."""

import gzip
from http import HTTPStatus

from starlette.requests import Request

VARY = "Accept-Encoding"
# A shorter answer saves less than the header and the time cost.
WORTH_IT = 1024
# A hundredth longer than at the highest level, in half the time.
LEVEL = 4
OWN = frozenset({"same-origin", "none"})


def takes_gzip(request: Request) -> bool:
    """Tell whether the browser takes gzip (RFC 9110 12.5.3)."""
    for coding in request.headers.get("Accept-Encoding", "").split(","):
        name, _, weight = coding.partition(";")
        if name.strip().lower() == "gzip":
            return weight.replace(" ", "").rstrip(".0") != "q="
    return False


def body(request: Request, html: str, status: int) -> tuple[bytes, dict[str, str]]:
    """Give a page as it is sent, and the headers that say so.

    Refusals stay uncompressed: those that must look the same also have the same length when sent.
    """
    plain = html.encode()
    worth_it = status == HTTPStatus.OK and len(plain) >= WORTH_IT
    if not worth_it or not takes_gzip(request) or _others_can_weigh(request):
        return plain, {}
    return gzip.compress(plain, LEVEL, mtime=0), {"Content-Encoding": "gzip"}


def _others_can_weigh(request: Request) -> bool:
    """Tell whether another site made the browser ask, with its cookies, for what only their owner sees.

    BREACH: such a site puts guesses into the address (検索 echoes them), listens to the line, and learns from
    the length whether a guess stands elsewhere in the page.
    """
    site = request.headers.get("Sec-Fetch-Site")
    return "Cookie" in request.headers and site not in OWN
