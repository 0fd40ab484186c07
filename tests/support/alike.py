"""What an answer gives away: status, headers and body, without what must differ each time."""

import re

import httpx

# The nonce of a sealed cookie differs; its name, length and attributes must not.
SEALED = re.compile(r'="?([\w-]{20,}=*)"?')


def face(response: httpx.Response, *echoed: str) -> tuple[int, list[tuple[str, str]], str]:
    """Show an answer with the request id, sealed bytes and what was typed masked."""
    request_id = response.headers.get("X-Request-Id", "")
    headers = [
        (name, SEALED.sub(lambda match: f"=<{len(match[1])} sealed>", value))
        for name, value in response.headers.items()
        if name != "x-request-id"
    ]
    text = response.text.replace(request_id, "<request id>") if request_id else response.text
    for typed in echoed:
        text = text.replace(typed, "<typed>")
    return response.status_code, sorted(headers), text
