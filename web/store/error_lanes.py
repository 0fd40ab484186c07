"""Table error_lanes: each process that serves holds one of twelve, so that no two give the same エラー番号."""

from web.database import Tx

LANES = 12
HOLD = """
    INSERT INTO error_lanes (lane, holder, held_until) VALUES (:lane, :holder, :until)
        ON CONFLICT (lane) DO UPDATE SET holder = :holder, held_until = :until
     WHERE error_lanes.held_until < :now OR error_lanes.holder = :holder
"""


async def hold(tx: Tx, holder: str, lane: int | None, *, until: int) -> int | None:
    """Hold a lane, the same as before if it is still free; None when all are held by others."""
    for wanted in range(LANES) if lane is None else (lane, *range(LANES)):
        if await tx.run(HOLD, lane=wanted, holder=holder, until=until):
            return wanted
    return None
