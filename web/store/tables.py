"""Every table whole, in an order in which rows refer only to what is already there: to move a database."""

from collections.abc import AsyncGenerator

from web.database import Row, Tx

ANALYZE = (
    "ANALYZE"  # or the first statements after a move would be planned as if every table were empty
)
READ = {
    "accounts": "SELECT * FROM accounts",
    "kana_parts": "SELECT * FROM kana_parts",
    "error_lanes": "SELECT * FROM error_lanes",
    "shown_errors": "SELECT * FROM shown_errors",
    "credentials": "SELECT * FROM credentials",
    "former_passwords": "SELECT * FROM former_passwords",
    "sessions": "SELECT * FROM sessions",
    "devices": "SELECT * FROM devices",
    "keys": "SELECT * FROM keys",
    "failures": "SELECT * FROM failures",
    "drafts": "SELECT * FROM drafts",
    "receipts": "SELECT * FROM receipts",
    "reset_requests": "SELECT * FROM reset_requests",
    "reset_links": "SELECT * FROM reset_links",
    "issuances": "SELECT * FROM issuances",
    "direct_debit_accounts": "SELECT * FROM direct_debit_accounts",
    "direct_debit_forms": "SELECT * FROM direct_debit_forms",
    "outbox": "SELECT * FROM outbox",
    "announcements": "SELECT * FROM announcements",
    "audit": "SELECT * FROM audit",
    "audit_marks": "SELECT * FROM audit_marks",
    "payments": "SELECT * FROM payments",
    "staff": "SELECT * FROM staff",
    "staff_sessions": "SELECT * FROM staff_sessions",
    "address_changes": "SELECT * FROM address_changes",
    "retirements": "SELECT * FROM retirements",
    "address_confirmations": "SELECT * FROM address_confirmations",
    "reports": "SELECT * FROM reports",
    "code_apps": "SELECT * FROM code_apps",
    "recovery_codes": "SELECT * FROM recovery_codes",
    "second_steps": "SELECT * FROM second_steps",
    "factor_resets": "SELECT * FROM factor_resets",
    "passkeys": "SELECT * FROM passkeys",
    "spent_challenges": "SELECT * FROM spent_challenges",
}


async def rows(tx: Tx, table: str) -> AsyncGenerator[Row, None]:
    """Give the rows of a table as they are read, in no order."""
    async for row in tx.each(READ[table]):
        yield row


async def is_empty(tx: Tx, table: str) -> bool:
    """Tell whether a table has no row."""
    async for _ in rows(tx, table):
        return False
    return True
