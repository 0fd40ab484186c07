"""What the operator announces: looked up by a task, so that no page reads it from the database."""

from dataclasses import dataclass

from web import clock
from web.database import Database
from web.store import announcements
from web.store.announcements import Announcement, Kind


@dataclass(frozen=True, slots=True)
class Words:
    """An announcement as a screen shows it."""

    heading: str
    body: str
    urgent: bool


class Announcements:
    """What was announced when somebody last looked."""

    def __init__(self) -> None:
        self._known: list[Announcement] = []

    async def look(self, database: Database) -> None:
        """Look again; the command line may have changed it."""
        self._known = await database.read_one(announcements.find_all)

    @property
    def maintenance(self) -> Announcement | None:
        """Give the maintenance that keeps people out now; it ends when the operator says so."""
        return next((each for each in self._known if each.kind == Kind.MAINTENANCE), None)

    def shown(self, now: int) -> list[Words]:
        """List what P1 and L1 show, the maintenance first."""
        return [
            Words("メンテナンス中です", until(each.ends_at, now), urgent=True)
            if each.kind == Kind.MAINTENANCE
            else Words("お知らせ", each.body, urgent=False)
            for each in self._known
            if each.kind == Kind.MAINTENANCE or each.ends_at is None or now < each.ends_at
        ]


def until(ends_at: int | None, now: int) -> str:
    """Say how long a maintenance will take; a time that has passed is left out."""
    if ends_at is None or ends_at <= now:
        return "マイページの手続は、ただいまご利用いただけません。まもなく再開します。"
    return (
        f"マイページの手続は、{clock.announcement_style(ends_at)}までご利用いただけない予定です。"
    )
