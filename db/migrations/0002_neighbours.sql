-- From 0.1.0: 利用者ID発行, ダイレクト納付口座, まとめ納付, 担当者, notices, mails that are leased and counted.
-- What the columns mean: db/schema.sql.

-- A draft may belong to an issuance, which is no account yet.
DROP INDEX drafts_of_run;
ALTER TABLE drafts RENAME TO old_drafts;
CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    flow TEXT NOT NULL,
    flow_id TEXT NOT NULL,
    checked INTEGER NOT NULL CHECK (checked IN (0, 1)),
    profile_version INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO drafts (id, owner_id, flow, flow_id, checked, profile_version, sealed, position, created_at)
SELECT id, account_id, flow, flow_id, checked, profile_version, sealed, position, created_at FROM old_drafts;
DROP TABLE old_drafts;
CREATE UNIQUE INDEX drafts_of_run ON drafts (owner_id, flow, flow_id, position);

-- No statement can make the HMAC of a recipient: mails of before count for an address of their own each.
DROP INDEX outbox_due;
ALTER TABLE outbox RENAME TO old_outbox;
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    once_key TEXT NOT NULL UNIQUE,
    account_id TEXT REFERENCES accounts (id) ON DELETE SET NULL,
    message_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    address BLOB NOT NULL,
    sealed BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    next_try_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    dead_at INTEGER,
    last_error TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO outbox (id, once_key, account_id, message_id, recipient, address, sealed, created_at, expires_at,
                    next_try_at, tries, sent_at, dead_at, last_error)
SELECT id, once_key, account_id, message_id, recipient, randomblob(16), sealed, created_at, expires_at,
       next_try_at, tries, sent_at, dead_at, last_error FROM old_outbox;
DROP TABLE old_outbox;
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_of_account ON outbox (account_id, created_at);
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_leased ON outbox (leased_until) WHERE leased_until > 0;
CREATE INDEX outbox_to_address ON outbox (address, created_at);

CREATE INDEX accounts_by_admin_email ON accounts (admin_email);
CREATE INDEX accounts_by_number ON accounts (LENGTH(payment_user_id), payment_user_id);
CREATE INDEX accounts_by_kana ON accounts (name_kana);
CREATE INDEX credentials_by_age ON credentials (password_changed_at) WHERE kind = 'payment';
CREATE INDEX receipts_of_account ON receipts (account_id, flow);
CREATE TABLE issuances (
    id TEXT PRIMARY KEY,
    once_key TEXT NOT NULL UNIQUE,
    sealed BLOB NOT NULL,
    address_mac BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    judged_at INTEGER,
    key_hash BLOB UNIQUE,
    number TEXT UNIQUE,
    used_at INTEGER,
    account_id TEXT REFERENCES accounts (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX issuances_waiting ON issuances (asked_at) WHERE judged_at IS NULL;
CREATE INDEX issuances_of_address ON issuances (address_mac, asked_at);
CREATE TABLE direct_debit_accounts (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('national', 'local')),
    sealed BLOB NOT NULL,
    key_id TEXT NOT NULL,
    last_digits TEXT NOT NULL,
    approved_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX direct_debit_accounts_live ON direct_debit_accounts (account_id, kind)
    WHERE ended_at IS NULL;
CREATE INDEX direct_debit_accounts_sealed ON direct_debit_accounts (key_id);
CREATE TABLE direct_debit_forms (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('national', 'local')),
    action TEXT NOT NULL CHECK (action IN ('new', 'change', 'stop')),
    state TEXT NOT NULL CHECK (state IN ('made', 'received', 'at_bank', 'approved', 'returned', 'withdrawn')),
    version INTEGER NOT NULL DEFAULT 1,
    latest INTEGER NOT NULL DEFAULT 1 CHECK (latest IN (0, 1)),
    target_id TEXT NOT NULL,
    receipt_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    key_id TEXT NOT NULL,
    last_digits TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX direct_debit_forms_open ON direct_debit_forms (account_id, kind, action, target_id)
    WHERE state IN ('made', 'received', 'at_bank');
CREATE INDEX direct_debit_forms_latest ON direct_debit_forms (account_id) WHERE latest = 1;
CREATE INDEX direct_debit_forms_of_account ON direct_debit_forms (account_id, kind, made_at);
CREATE INDEX direct_debit_forms_by_state ON direct_debit_forms (state, changed_at);
CREATE INDEX direct_debit_forms_of_receipt ON direct_debit_forms (receipt_id);
CREATE INDEX direct_debit_forms_sealed ON direct_debit_forms (key_id);
CREATE TABLE announcements (
    kind TEXT PRIMARY KEY CHECK (kind IN ('notice', 'maintenance')),
    body TEXT NOT NULL,
    ends_at INTEGER,
    set_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
CREATE TABLE payments (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    number TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('national', 'local', 'general')),
    application_number TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    items INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unpaid', 'paid', 'failed', 'cancelled')),
    paid_on TEXT NOT NULL,
    PRIMARY KEY (account_id, number, kind, application_number)
) STRICT;
CREATE INDEX payments_by_time
    ON payments (account_id, created_at, number, kind, application_number);
CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('reader', 'clerk', 'admin')),
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;
CREATE TABLE staff_sessions (
    id TEXT PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    ended_at INTEGER,
    network TEXT NOT NULL
) STRICT;
CREATE INDEX staff_sessions_of_staff ON staff_sessions (staff_id);
CREATE TABLE address_changes (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL,
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX address_changes_open ON address_changes (account_id) WHERE decided_at IS NULL;
CREATE TABLE retirements (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    retired_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_marks (
    mark TEXT PRIMARY KEY CHECK (mark IN ('anchor', 'head')),
    seq INTEGER NOT NULL,
    mac BLOB NOT NULL,
    key_id TEXT NOT NULL,
    seal BLOB NOT NULL
) STRICT;
-- The two functions are those of web/security/upgrading.py, which has the key.
INSERT INTO audit_marks (mark, seq, mac, key_id, seal)
SELECT 'head', seq, mac, key_of_seal(), seal_of_end(seq, mac) FROM audit ORDER BY seq DESC LIMIT 1;
