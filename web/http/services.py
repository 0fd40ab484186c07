"""What the running application is made of, as endpoints and flows see it."""

from dataclasses import dataclass

from starlette.requests import Request

from web.database import Database
from web.http.announcements import Announcements
from web.http.last_seen import LastSeen
from web.mail.outbox import Outbox
from web.security.passwords import Passwords
from web.security.tries import Tries
from web.security.vault import Vault
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that live as long as the process."""

    settings: Settings
    database: Database
    vault: Vault
    passwords: Passwords
    tries: Tries
    outbox: Outbox
    seen: LastSeen
    announcements: Announcements
    office_seen: LastSeen


def services(request: Request) -> Services:
    """Give the parts that serve this request."""
    parts: Services = request.app.state.services
    return parts
