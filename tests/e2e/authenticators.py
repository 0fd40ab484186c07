"""A device that keeps passkeys, in place of one: Chromium has it built in."""

from typing import Any

from playwright.sync_api import CDPSession, Page

INTERNAL = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": False,
}


class Device:
    """The virtual authenticator of one page."""

    def __init__(self, page: Page, **options: Any) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        added = self._cdp.send(
            "WebAuthn.addVirtualAuthenticator", {"options": {**INTERNAL, **options}}
        )
        self._id = added["authenticatorId"]

    def touch(self, *, at_once: bool) -> None:
        """Let its owner touch it whenever something is asked, or never."""
        self._set("AutomaticPresenceSimulation", enabled=at_once)

    def know(self, *, owner: bool) -> None:
        """Let it know the finger, or not."""
        self._set("UserVerified", isUserVerified=owner)

    def _set(self, what: str, **values: Any) -> None:
        self._cdp.send(f"WebAuthn.set{what}", {"authenticatorId": self._id, **values})

    def passkeys(self) -> list[dict[str, Any]]:
        """List what it keeps."""
        found = self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        kept: list[dict[str, Any]] = found["credentials"]
        return kept

    def take(self, passkey: dict[str, Any]) -> None:
        """Take a passkey over from another page's: they belong to one page each."""
        values = {"authenticatorId": self._id, "credential": passkey}
        self._cdp.send("WebAuthn.addCredential", values)
