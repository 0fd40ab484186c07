"""What is held about one account, table by table.

No hashes and no keys; what is sealed comes as it is, for the caller to open. The audit trail is read
by its own module. A test compares these columns with the schema, so that a new table or column is
either here or left out with a reason.
"""

from web.database import Row, Tx

ACCOUNT = """
    SELECT payment_user_id, bulk_user_id, kind, name, name_kana, representative, admin_email,
           notice_email, profile_version, profile_updated_at, created_at, disabled_at, address_confirmed
      FROM accounts WHERE id = :account_id
"""
PASSWORDS = """
    SELECT kind, password_changed_at, first_password
      FROM credentials WHERE account_id = :account_id ORDER BY kind
"""
FORMER_PASSWORDS = """
    SELECT kind, replaced_at
      FROM former_passwords WHERE account_id = :account_id ORDER BY replaced_at
"""
LOGINS = """
    SELECT created_at, last_seen_at, ended_at, ended_by, previous_login_at, user_agent, network, method
      FROM sessions WHERE account_id = :account_id ORDER BY created_at
"""
DEVICES = "SELECT created_at FROM devices WHERE owner_id = :account_id ORDER BY created_at"
CODE_APPS = """
    SELECT name, created_at, used_at FROM code_apps WHERE owner_id = :account_id ORDER BY created_at
"""
PASSKEYS = """
    SELECT name, rp_id, synced, backed_up, created_at, used_at
      FROM passkeys WHERE owner_id = :account_id ORDER BY created_at
"""
RECOVERY_CODES = """
    SELECT number, made_at, used_at
      FROM recovery_codes WHERE owner_id = :account_id ORDER BY number
"""
SECOND_STEPS = """
    SELECT created_at, expires_at, used_at
      FROM second_steps WHERE owner_id = :account_id ORDER BY created_at
"""
DRAFTS = "SELECT flow, created_at FROM drafts WHERE owner_id = :account_id ORDER BY created_at"
RECEIPTS = """
    SELECT flow, number, created_at
      FROM receipts WHERE account_id = :account_id ORDER BY created_at
"""
RESET_LINKS = """
    SELECT kind, asked_at, expires_at, used_at, ended_at
      FROM reset_links WHERE account_id = :account_id ORDER BY asked_at
"""
ISSUANCES = """
    SELECT asked_at, used_at FROM issuances WHERE account_id = :account_id ORDER BY asked_at
"""
DIRECT_DEBIT_ACCOUNTS = """
    SELECT kind, last_digits, id, sealed, approved_at, ended_at
      FROM direct_debit_accounts WHERE account_id = :account_id ORDER BY approved_at
"""
DIRECT_DEBIT_FORMS = """
    SELECT number, kind, action, state, last_digits, id, sealed, reason, made_at, changed_at
      FROM direct_debit_forms WHERE account_id = :account_id ORDER BY made_at
"""
PAYMENTS = """
    SELECT number, created_at, kind, items, amount, application_number, state, paid_on
      FROM payments WHERE account_id = :account_id ORDER BY created_at
"""
ADDRESS_CHANGES = """
    SELECT proposed_at, expires_at, decided_at
      FROM address_changes WHERE account_id = :account_id ORDER BY proposed_at
"""
FACTOR_RESETS = """
    SELECT proposed_at, due_at, ended_at, ended
      FROM factor_resets WHERE account_id = :account_id ORDER BY proposed_at
"""
ADDRESS_CONFIRMATIONS = """
    SELECT asked_at, expires_at, confirmed_at
      FROM address_confirmations WHERE account_id = :account_id
"""
SHOWN_ERRORS = """
    SELECT number, shown_at FROM shown_errors WHERE account_id = :account_id ORDER BY shown_at
"""
REPORTS = """
    SELECT number, event, reported_at, closed_at
      FROM reports WHERE account_id = :account_id ORDER BY reported_at
"""
RETIREMENT = "SELECT retired_at FROM retirements WHERE account_id = :account_id"
MAILS = """
    SELECT once_key, recipient, created_at, sent_at, dead_at
      FROM outbox WHERE account_id = :account_id ORDER BY created_at
"""


async def of_account(tx: Tx, account_id: str) -> dict[str, list[Row]]:
    """Give everything but the audit trail, by table."""
    return {
        "accounts": await tx.all(ACCOUNT, account_id=account_id),
        "credentials": await tx.all(PASSWORDS, account_id=account_id),
        "former_passwords": await tx.all(FORMER_PASSWORDS, account_id=account_id),
        "sessions": await tx.all(LOGINS, account_id=account_id),
        "code_apps": await tx.all(CODE_APPS, account_id=account_id),
        "passkeys": await tx.all(PASSKEYS, account_id=account_id),
        "recovery_codes": await tx.all(RECOVERY_CODES, account_id=account_id),
        "second_steps": await tx.all(SECOND_STEPS, account_id=account_id),
        "devices": await tx.all(DEVICES, account_id=account_id),
        "drafts": await tx.all(DRAFTS, account_id=account_id),
        "receipts": await tx.all(RECEIPTS, account_id=account_id),
        "reset_links": await tx.all(RESET_LINKS, account_id=account_id),
        "issuances": await tx.all(ISSUANCES, account_id=account_id),
        "direct_debit_accounts": await tx.all(DIRECT_DEBIT_ACCOUNTS, account_id=account_id),
        "direct_debit_forms": await tx.all(DIRECT_DEBIT_FORMS, account_id=account_id),
        "payments": await tx.all(PAYMENTS, account_id=account_id),
        "address_changes": await tx.all(ADDRESS_CHANGES, account_id=account_id),
        "factor_resets": await tx.all(FACTOR_RESETS, account_id=account_id),
        "address_confirmations": await tx.all(ADDRESS_CONFIRMATIONS, account_id=account_id),
        "reports": await tx.all(REPORTS, account_id=account_id),
        "shown_errors": await tx.all(SHOWN_ERRORS, account_id=account_id),
        "retirements": await tx.all(RETIREMENT, account_id=account_id),
        "outbox": await tx.all(MAILS, account_id=account_id),
    }
