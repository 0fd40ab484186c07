"""What an answer gives away: status, headers and body, without what must differ each time."""

import re

import httpx

from tests.support.lint import ERROR_NUMBER
from web.store import audit, audit_marks, failures

# The nonce of a sealed cookie differs; its name, length and attributes must not.
SEALED = re.compile(r'="?([\w-]{20,}=*)"?')
# What a passkey is to answer is drawn anew for each page.
CHALLENGE = re.compile(r"(challenge&#34;: &#34;)[\w-]{107}&")


def face(response: httpx.Response, *echoed: str) -> tuple[int, list[tuple[str, str]], str]:
    """Show an answer with the request id, the error number, sealed bytes and what was typed masked."""
    request_id = response.headers.get("X-Request-Id", "")
    headers = [
        (name, SEALED.sub(lambda match: f"=<{len(match[1])} sealed>", value))
        for name, value in response.headers.items()
        if name != "x-request-id"
    ]
    text = response.text.replace(request_id, "<request id>") if request_id else response.text
    text = ERROR_NUMBER.sub("<error number>", text)
    text = CHALLENGE.sub(r"\1<challenge>&", text)
    for typed in echoed:
        text = text.replace(typed, "<typed>")
    return response.status_code, sorted(headers), text


def as_if_known(statements: list[str]) -> list[str]:
    """Put the row of the trail in the place of what counts a failure of an ID that nobody has."""
    nobody, count, of_each = [*statements], failures.COUNT, 5
    assert nobody.count(count) % of_each == 0  # four counters, and that one
    places = [place for place, each in enumerate(nobody) if each == count]
    for place in places[of_each - 1 :: of_each]:
        nobody[place] = audit.APPEND
    return [audit_marks.PUT if each == audit_marks.TOUCH else each for each in nobody]
