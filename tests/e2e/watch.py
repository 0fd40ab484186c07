"""What must not happen in any journey: console errors, script errors, CSP violations, strangers."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# Chromium logs each of these answers by itself; the journeys provoke them on purpose.
EXPECTED_ANSWERS = re.compile(
    r"Failed to load resource: the server responded with a status of (401|409|410|422|429)\b"
)
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.cspViolation(`${event.violatedDirective} ${event.blockedURI} in ${event.documentURI}`));
"""


class Watch:
    """Listens to everything that one browser context does."""

    def __init__(self, context: BrowserContext, site_url: str) -> None:
        self.complaints: list[str] = []
        self._host = urlsplit(site_url).netloc
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        context.on("request", self._follow)
        context.expose_function("cspViolation", self._violation)
        context.add_init_script(REPORT_VIOLATIONS)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_ANSWERS.match(message.text):
            self.complaints.append(f"console: {message.text} ({message.location})")

    def _catch(self, error: WebError) -> None:
        self.complaints.append(f"script error: {error.error.stack or error.error}")

    def _violation(self, what: str) -> None:
        self.complaints.append(f"content security policy: {what}")

    def _follow(self, request: Request) -> None:
        at = urlsplit(request.url)
        if at.scheme in {"http", "https", "ws", "wss"} and at.netloc != self._host:
            self.complaints.append(f"a request to a stranger: {request.url}")

    def verdict(self) -> None:
        assert not self.complaints, "\n".join(self.complaints)
