"""The number that the two IDs of a pair share: the next after the highest there is."""

from web.database import Tx
from web.settings import Settings
from web.store import accounts, issuances


def following(number: str, min_digits: int) -> str:
    """Count on: the width stays until it is full, then it grows (9999, 10000)."""
    if not (number.isascii() and number.isdigit()):
        number = "0"  # no account yet, or of another kind of ID
    return str(int(number) + 1).zfill(max(len(number), min_digits))


def pair(settings: Settings, number: str) -> tuple[str, str]:
    """Make 納付利用者ID and 一括利用者ID of a number."""
    return f"{settings.payment_id_prefix}{number}", f"{settings.bulk_id_prefix}{number}"


async def next_free(tx: Tx, settings: Settings) -> str:
    """Find a number that nobody has and that is kept for nobody, inside a write."""
    known = (await accounts.highest(tx, settings.payment_id_prefix), await issuances.highest(tx))
    number = following(max(known, key=lambda digits: (len(digits), digits)), settings.id_min_digits)
    while await accounts.taken(tx, *pair(settings, number)):
        number = following(number, settings.id_min_digits)
    return number
