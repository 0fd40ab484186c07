"""Rows of other tables whose writing the audit trail must name: each was written with an event."""

from dataclasses import dataclass

from web.database import Tx

# Only times that are those of an event's own transaction. `password_changed_at` of credentials is none:
# an import brings it from elsewhere; nor the beginning of a log-in: the twenty-first of an account within an hour
# has no event (docs/adr/0047). UNION leaves each time of a table once.
WITHOUT_EVENT = """
    SELECT held, at FROM (
        SELECT 'accounts' AS held, created_at AS at FROM accounts
        UNION SELECT 'accounts', profile_updated_at FROM accounts
        UNION SELECT 'accounts', disabled_at FROM accounts
        UNION SELECT 'former_passwords', replaced_at FROM former_passwords
        UNION SELECT 'sessions', previous_login_at FROM sessions
        UNION SELECT 'receipts', created_at FROM receipts
        UNION SELECT 'reset_links', used_at FROM reset_links
        UNION SELECT 'reset_links', ended_at FROM reset_links
        UNION SELECT 'address_confirmations', confirmed_at FROM address_confirmations
        UNION SELECT 'issuances', used_at FROM issuances
        UNION SELECT 'direct_debit_accounts', approved_at FROM direct_debit_accounts
        UNION SELECT 'direct_debit_accounts', ended_at FROM direct_debit_accounts
        UNION SELECT 'direct_debit_forms', made_at FROM direct_debit_forms
        UNION SELECT 'direct_debit_forms', changed_at FROM direct_debit_forms
        UNION SELECT 'address_changes', proposed_at FROM address_changes
        UNION SELECT 'address_changes', decided_at FROM address_changes
        UNION SELECT 'reports', reported_at FROM reports
        UNION SELECT 'reports', closed_at FROM reports
        UNION SELECT 'retirements', retired_at FROM retirements
        UNION SELECT 'announcements', set_at FROM announcements
        UNION SELECT 'staff', created_at FROM staff
        UNION SELECT 'staff', password_changed_at FROM staff
        UNION SELECT 'staff', disabled_at FROM staff
        UNION SELECT 'staff_sessions', created_at FROM staff_sessions
        UNION SELECT 'code_apps', created_at FROM code_apps
        UNION SELECT 'passkeys', created_at FROM passkeys
        UNION SELECT 'recovery_codes', made_at FROM recovery_codes
        UNION SELECT 'factor_resets', proposed_at FROM factor_resets
        UNION SELECT 'factor_resets', ended_at FROM factor_resets
    ) AS times
     WHERE at >= :since AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.at = times.at)
     ORDER BY at LIMIT 1
"""
FIRST_AT = "SELECT MIN(at) AS at FROM audit"


@dataclass(frozen=True, slots=True)
class Witness:
    """A row that tells of an event: its table and its time."""

    held: str
    at: int


async def without_event(tx: Tx, *, since: int) -> Witness | None:
    """Find the oldest row since a moment at whose time no event was written."""
    row = await tx.one(WITHOUT_EVENT, since=since)
    return Witness(**row) if row else None


async def first_at(tx: Tx) -> int | None:
    """Give the earliest time of any event that is kept."""
    row = await tx.one(FIRST_AT)
    return row["at"] if row else None
