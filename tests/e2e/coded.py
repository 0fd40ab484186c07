"""The person of the demo who has an app, and the code that it shows: the demo's inbox has it."""

import re

from .stage import Stage

USER_ID, PASSWORD = "KNCA6291", "hareta-sora-no-6291"
A_MINUTE = 60


def code_now(stage: Stage) -> str:
    """Give a code that nobody has used: a minute later."""
    stage.set_ahead(A_MINUTE)
    page = stage.page.request.get(f"{stage.site.url}/demo/mail").text()
    found = re.search(r'id="code">([0-9]{6})<', page)
    assert found, "no code in the inbox"
    return found[1]
