"""Table spent_challenges."""

from web.database import Tx

ALL = b""  # in place of a digest: every challenge up to a moment

SPEND = """
    INSERT INTO spent_challenges (digest, expires_at)
    SELECT :digest, :expires_at
     WHERE NOT EXISTS (SELECT 1 FROM spent_challenges
                        WHERE digest = :all_of_them AND expires_at >= :expires_at)
        ON CONFLICT (digest) DO NOTHING
"""
END_ALL = """
    INSERT INTO spent_challenges (digest, expires_at) VALUES (:all_of_them, :expires_at)
        ON CONFLICT (digest) DO UPDATE SET expires_at = :expires_at
"""
TIDY = "DELETE FROM spent_challenges WHERE expires_at < :now"


async def spend(tx: Tx, digest: bytes, *, expires_at: int) -> bool:
    """Use a challenge up, once; False when it was used, or has ended."""
    return await tx.run(SPEND, digest=digest, expires_at=expires_at, all_of_them=ALL) == 1


async def end_all(tx: Tx, *, expires_at: int) -> None:
    """End every challenge whose time is over by a moment."""
    await tx.run(END_ALL, expires_at=expires_at, all_of_them=ALL)


async def tidy(tx: Tx) -> int:
    """Remove what no challenge needs any more."""
    return await tx.run(TIDY)
