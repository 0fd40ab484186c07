"""Shutting everybody else out of an account: their log-ins end, and their devices are forgotten."""

from web.database import Tx
from web.store import devices, second_steps, sessions
from web.store.sessions import EndedBy


async def end_others(
    tx: Tx, account_id: str, by: EndedBy, *, kept: str = "", device: bytes = b""
) -> int:
    """End the log-ins of an account but the one kept, forget its other devices; count the log-ins.

    A thief's device would otherwise have tries of its own past the lock, and its next log-in would be
    that of a known device, of which nobody is told.
    """
    second_steps.end_of_owner(tx, account_id)
    await devices.forget_others(tx, account_id, kept=device)
    return await sessions.end_others(tx, account_id, by, kept=kept)


async def end_one(
    tx: Tx, account_id: str, id: str, by: EndedBy, *, kept: str, device: bytes
) -> int:
    """End one log-in; if it is not the one kept, so do the devices but this and whatever was proved for the account.

    Which device the log-in was at, and which proofs are its, is not kept. Gives what sessions.end() gives.
    """
    lately = await sessions.end(tx, id, by)
    if lately and id != kept:
        second_steps.end_of_owner(tx, account_id)
        await devices.forget_others(tx, account_id, kept=device)
    return lately


async def end_all(tx: Tx, account_id: str, by: EndedBy, *, device: bytes = b"") -> None:
    """End every log-in of an account, also those that wait for the second factor; forget its devices but one."""
    second_steps.end_of_owner(tx, account_id)
    await devices.forget_others(tx, account_id, kept=device)
    await sessions.end_of_account(tx, account_id, by)
