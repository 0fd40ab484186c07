"""Receipts: what was done once, found again by every repeated press."""

from web import clock
from web.database import Tx
from web.security import tokens
from web.security.throttle import Cause, TooMany
from web.security.vault import Vault
from web.services import Work
from web.store import receipts
from web.store.receipts import Receipt

KEPT = 30 * clock.DAY


async def issue(tx: Work, receipt_id: str, account_id: str, flow: str) -> Receipt:
    """Issue the receipt of something just done, with a 受付番号 of its own.

    Raises TooMany beyond the hour's number of an account and flow: then nothing is done, and the
    draft stays for later.
    """
    date = clock.in_tokyo(tx.now).strftime("%Y%m%d")
    since, most = tx.now - clock.HOUR, tx.settings.acts_per_hour
    while True:
        receipt = Receipt(receipt_id, account_id, flow, tokens.new_number(date), tx.now)
        if await receipts.add(tx, receipt, since=since, most=most):
            return receipt
        first = await receipts.nth_since(tx, account_id, flow, most, since=since)
        if first is not None:
            raise TooMany(first + clock.HOUR - tx.now, Cause.ACTS)


def key_of_form(vault: Vault, flow: str, owner: str, once: str) -> str:
    """Name the receipt of a form by the once-key in it and by whose it is.

    The once-key comes from the browser: it must not lead to somebody else's receipt, or take its place.
    """
    return vault.sign(f"form of {flow}", f"{owner}\n{once}".encode()).hex()[:32]


async def find_by_key(tx: Tx, receipt_id: str, flow: str) -> Receipt | None:
    """Find a receipt, whosever it is."""
    return await receipts.find(tx, receipt_id, flow)


async def find(tx: Tx, receipt_id: str, account_id: str, flow: str) -> Receipt | None:
    """Find an account's receipt."""
    receipt = await receipts.find(tx, receipt_id, flow)
    return receipt if receipt and receipt.account_id == account_id else None
