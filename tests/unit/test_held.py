"""自分の登録データ: every column about an account is in the file, or left out with a reason."""

import re
import sqlite3
from contextlib import closing

from web import paths
from web.features.activity.own_data import PARTS
from web.store import held

# Table.column: why its owner does not get it.
LEFT_OUT = {
    "accounts.id": "means nothing outside",
    "credentials.password_hash": "a secret",
    "former_passwords.password_hash": "a secret",
    "sessions.id": "means nothing outside",
    "sessions.token_hash": "a secret",
    "devices.device_hash": "a secret",
    "code_apps.id": "means nothing outside",
    "code_apps.sealed": "a secret",
    "code_apps.key_id": "means nothing outside",
    "passkeys.id": "means nothing outside",
    "passkeys.credential_id": "means nothing outside",
    "passkeys.public_key": "means nothing outside",
    "passkeys.transports": "how a browser reaches it",
    "passkeys.aaguid": "a make, not a person",
    "passkeys.counter": "the last use says it",
    "code_apps.last_step": "the last use says it",
    "recovery_codes.code_hash": "a secret",
    "second_steps.id": "means nothing outside",
    "second_steps.token_hash": "a secret",
    "second_steps.purpose": "操作履歴 says what was done",
    "second_steps.sealed": "sealed; what was to be done is done, or was not",
    "drafts.id": "means nothing outside",
    "drafts.flow_id": "means nothing outside",
    "drafts.checked": "means nothing outside",
    "drafts.base_version": "means nothing outside",
    "drafts.position": "means nothing outside",
    "drafts.sealed": "sealed; it is on the screen it belongs to, and gone after a day",
    "receipts.id": "it opens the page of the receipt",
    "reset_links.id": "it is part of an address",
    "reset_links.key_hash": "a secret",
    "issuances.id": "it is part of an address",
    "issuances.once_key": "means nothing outside",
    "issuances.sealed": "sealed; the address is that of 利用者情報, or was",
    "issuances.address_mac": "a secret",
    "issuances.expires_at": "that of a URL used up",
    "issuances.judged_at": "means nothing outside",
    "issuances.key_hash": "a secret",
    "issuances.number": "part of both IDs",
    "direct_debit_accounts.id": "means nothing outside",
    "direct_debit_accounts.key_id": "means nothing outside",
    "direct_debit_forms.id": "means nothing outside",
    "direct_debit_forms.version": "means nothing outside",
    "direct_debit_forms.latest": "means nothing outside",
    "direct_debit_forms.target_id": "means nothing outside",
    "direct_debit_forms.receipt_id": "it opens the page of the receipt",
    "direct_debit_forms.key_id": "means nothing outside",
    "address_changes.id": "means nothing outside",
    "address_changes.sealed": "sealed; once approved it is that of 利用者情報",
    "address_changes.reason": "how the 担当者 made sure who asked",
    "address_changes.proposed_by": "which 担当者 it was",
    "address_changes.base_version": "means nothing outside",
    "factor_resets.id": "means nothing outside",
    "factor_resets.reason": "how the 担当者 made sure who asked",
    "factor_resets.proposed_by": "which 担当者 it was",
    "factor_resets.approved_by": "which 担当者 it was",
    "factor_resets.base_version": "means nothing outside",
    "factor_resets.expires_at": "of the office",
    "factor_resets.key_hash": "a key",
    "address_changes.voided": "操作履歴 says that it was, and when",
    "address_confirmations.id": "it is part of an address",
    "address_confirmations.key_hash": "a secret",
    "accounts.name_key": "a form of the name",
    "accounts.kana_key": "a form of the フリガナ",
    "accounts.representative_key": "a form of the 代表者名",
    "reports.id": "it is that of the receipt",
    "reports.closed_by": "a 担当者",
    "reports.note": "for the office",
    "outbox.address": "a secret",
    "outbox.unconfirmed": "means nothing outside",
    "outbox.leased_until": "means nothing outside",
    "outbox.id": "means nothing outside",
    "outbox.message_id": "means nothing outside",
    "outbox.sealed": "sealed; it was mailed",
    "outbox.expires_at": "that of the URL inside",
    "outbox.next_try_at": "means nothing outside",
    "outbox.tries": "means nothing outside",
    "outbox.last_error": "words of mail servers",
}
OWNERS = {"account_id", "owner_id"}
ELSEWHERE = {"audit": "web/features/activity/own_data.py reads it as 操作履歴 does"}


def columns() -> set[tuple[str, str]]:
    """List the columns of every table that knows an account."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(paths.SCHEMA.read_text(encoding="utf-8"))
        found = {
            (table, column)
            for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")
            for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        }
    about = {table for table, column in found if column in OWNERS} | {"accounts"}
    return {(table, column) for table, column in found if table in about}


def test_every_table_about_an_account_is_read() -> None:
    """A new one fails here until somebody has thought of its owner."""
    assert {table for table, _ in columns()} == PARTS.keys() | ELSEWHERE.keys()


def test_every_column_is_given_or_left_out_with_a_reason() -> None:
    """And what is left out is not given after all."""
    ours = {key for key in columns() if key[0] not in ELSEWHERE and key[1] not in OWNERS}
    missing = {f"{table}.{column}" for table, column in ours if column not in PARTS[table][1]}
    assert missing == LEFT_OUT.keys()


def test_every_query_is_about_one_account() -> None:
    """Nobody gets a row of anybody else."""
    where = re.compile(r"WHERE (?:account_id|owner_id|id) = :account_id")
    queries = [sql for name, sql in vars(held).items() if name.isupper()]
    assert len(queries) == len(PARTS)
    assert [sql for sql in queries if not where.search(sql)] == []


# Of these an account has one, two or ten.
FEW = {"ACCOUNT", "PASSWORDS", "RECOVERY_CODES", "ADDRESS_CONFIRMATIONS", "RETIREMENT"}


def test_no_query_reads_more_rows_than_are_shown() -> None:
    """Or the page of an account with many payments would be read whole, again at every reload."""
    queries = {name: sql for name, sql in vars(held).items() if name.isupper()}
    limited = {name for name, sql in queries.items() if sql.endswith("DESC LIMIT :most\n")}
    assert queries.keys() - limited == FEW
