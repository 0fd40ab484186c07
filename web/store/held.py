"""What is held about one account, table by table.

No hashes and no keys; what is sealed comes as it is, for the caller to open. The newest rows come
first, no more than asked for. The audit trail is read by its own module. A test compares these columns
with the schema, so that a new table or column is either here or left out with a reason.
"""

from web.database import Row, Tx

ACCOUNT = """
    SELECT payment_user_id, bulk_user_id, kind, name, name_kana, representative, admin_email,
           notice_email, profile_version, profile_updated_at, created_at, disabled_at, address_confirmed
      FROM accounts WHERE id = :account_id
"""
PASSWORDS = """
    SELECT kind, password_changed_at, first_password
      FROM credentials WHERE account_id = :account_id ORDER BY kind DESC
"""
FORMER_PASSWORDS = """
    SELECT kind, replaced_at
      FROM former_passwords WHERE account_id = :account_id
     ORDER BY replaced_at DESC LIMIT :most
"""
LOGINS = """
    SELECT created_at, last_seen_at, ended_at, ended_by, previous_login_at, user_agent, network, method
      FROM sessions WHERE account_id = :account_id ORDER BY created_at DESC LIMIT :most
"""
DEVICES = """
    SELECT created_at
      FROM devices WHERE owner_id = :account_id ORDER BY created_at DESC LIMIT :most
"""
CODE_APPS = """
    SELECT name, created_at, used_at
      FROM code_apps WHERE owner_id = :account_id ORDER BY created_at DESC LIMIT :most
"""
PASSKEYS = """
    SELECT name, rp_id, synced, backed_up, created_at, used_at
      FROM passkeys WHERE owner_id = :account_id ORDER BY created_at DESC LIMIT :most
"""
RECOVERY_CODES = """
    SELECT number, made_at, used_at
      FROM recovery_codes WHERE owner_id = :account_id ORDER BY number DESC
"""
SECOND_STEPS = """
    SELECT created_at, expires_at, used_at
      FROM second_steps WHERE owner_id = :account_id ORDER BY created_at DESC LIMIT :most
"""
DRAFTS = """
    SELECT flow, created_at
      FROM drafts WHERE owner_id = :account_id ORDER BY created_at DESC LIMIT :most
"""
RECEIPTS = """
    SELECT flow, number, created_at
      FROM receipts WHERE account_id = :account_id ORDER BY created_at DESC LIMIT :most
"""
RESET_LINKS = """
    SELECT kind, asked_at, expires_at, used_at, ended_at
      FROM reset_links WHERE account_id = :account_id ORDER BY asked_at DESC LIMIT :most
"""
ISSUANCES = """
    SELECT asked_at, used_at
      FROM issuances WHERE account_id = :account_id ORDER BY asked_at DESC LIMIT :most
"""
DIRECT_DEBIT_ACCOUNTS = """
    SELECT kind, last_digits, id, sealed, approved_at, ended_at
      FROM direct_debit_accounts WHERE account_id = :account_id
     ORDER BY approved_at DESC LIMIT :most
"""
DIRECT_DEBIT_FORMS = """
    SELECT number, kind, action, state, last_digits, id, sealed, reason, made_at, changed_at
      FROM direct_debit_forms WHERE account_id = :account_id
     ORDER BY made_at DESC LIMIT :most
"""
PAYMENTS = """
    SELECT number, created_at, kind, items, amount, application_number, state, paid_on
      FROM payments WHERE account_id = :account_id ORDER BY created_at DESC LIMIT :most
"""
ADDRESS_CHANGES = """
    SELECT proposed_at, expires_at, decided_at
      FROM address_changes WHERE account_id = :account_id
     ORDER BY proposed_at DESC LIMIT :most
"""
FACTOR_RESETS = """
    SELECT proposed_at, due_at, ended_at, ended
      FROM factor_resets WHERE account_id = :account_id
     ORDER BY proposed_at DESC LIMIT :most
"""
ADDRESS_CONFIRMATIONS = """
    SELECT asked_at, expires_at, confirmed_at
      FROM address_confirmations WHERE account_id = :account_id
"""
SHOWN_ERRORS = """
    SELECT number, shown_at
      FROM shown_errors WHERE account_id = :account_id ORDER BY shown_at DESC LIMIT :most
"""
REPORTS = """
    SELECT number, event, reported_at, closed_at
      FROM reports WHERE account_id = :account_id ORDER BY reported_at DESC LIMIT :most
"""
RETIREMENT = "SELECT retired_at FROM retirements WHERE account_id = :account_id"
MAILS = """
    SELECT once_key, recipient, created_at, sent_at, dead_at
      FROM outbox WHERE account_id = :account_id ORDER BY created_at DESC LIMIT :most
"""


async def of_account(tx: Tx, account_id: str, *, most: int) -> dict[str, list[Row]]:
    """Give everything but the audit trail, by table: the newest rows of each, the oldest of them first."""
    asked = {"account_id": account_id, "most": most}
    found = {
        "accounts": await tx.all(ACCOUNT, **asked),
        "credentials": await tx.all(PASSWORDS, **asked),
        "former_passwords": await tx.all(FORMER_PASSWORDS, **asked),
        "sessions": await tx.all(LOGINS, **asked),
        "code_apps": await tx.all(CODE_APPS, **asked),
        "passkeys": await tx.all(PASSKEYS, **asked),
        "recovery_codes": await tx.all(RECOVERY_CODES, **asked),
        "second_steps": await tx.all(SECOND_STEPS, **asked),
        "devices": await tx.all(DEVICES, **asked),
        "drafts": await tx.all(DRAFTS, **asked),
        "receipts": await tx.all(RECEIPTS, **asked),
        "reset_links": await tx.all(RESET_LINKS, **asked),
        "issuances": await tx.all(ISSUANCES, **asked),
        "direct_debit_accounts": await tx.all(DIRECT_DEBIT_ACCOUNTS, **asked),
        "direct_debit_forms": await tx.all(DIRECT_DEBIT_FORMS, **asked),
        "payments": await tx.all(PAYMENTS, **asked),
        "address_changes": await tx.all(ADDRESS_CHANGES, **asked),
        "factor_resets": await tx.all(FACTOR_RESETS, **asked),
        "address_confirmations": await tx.all(ADDRESS_CONFIRMATIONS, **asked),
        "reports": await tx.all(REPORTS, **asked),
        "shown_errors": await tx.all(SHOWN_ERRORS, **asked),
        "retirements": await tx.all(RETIREMENT, **asked),
        "outbox": await tx.all(MAILS, **asked),
    }
    return {table: rows[::-1] for table, rows in found.items()}
