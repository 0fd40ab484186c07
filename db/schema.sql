-- The whole schema. A database older than this is brought here by db/migrations/NNNN_name.sql.
-- Times are UTC seconds. Ids are random texts made by the application.
-- `sensitive: yes` marks what must appear neither in logs nor in addresses.

CREATE TABLE accounts (                            -- 利用者: one person or company
    id TEXT PRIMARY KEY,                           -- sensitive: no
    payment_user_id TEXT NOT NULL UNIQUE,          -- sensitive: no   納付利用者ID
    bulk_user_id TEXT NOT NULL UNIQUE,             -- sensitive: no   一括利用者ID
    kind TEXT NOT NULL CHECK (kind IN ('individual', 'corporate')), -- sensitive: no
    name TEXT NOT NULL,                            -- sensitive: yes  会社・団体名 or 氏名
    name_kana TEXT NOT NULL,                       -- sensitive: yes  its フリガナ
    representative TEXT NOT NULL,                  -- sensitive: yes  代表者名; '' for a person
    admin_email TEXT NOT NULL,                     -- sensitive: yes  利用者管理用メールアドレス
    notice_email TEXT NOT NULL,                    -- sensitive: yes  申請状況通知用; '' for none
    profile_version INTEGER NOT NULL DEFAULT 1,    -- sensitive: no   raised by profile changes only
    profile_updated_at INTEGER NOT NULL,           -- sensitive: no   利用者情報更新日時
    created_at INTEGER NOT NULL,                   -- sensitive: no
    disabled_at INTEGER,                           -- sensitive: no   set: no log-in, no reset mail
    address_confirmed INTEGER NOT NULL DEFAULT 1 CHECK (address_confirmed IN (0, 1)), -- sensitive: no admin_email: 0 = nobody has said that it is theirs
    name_key TEXT NOT NULL DEFAULT '',             -- sensitive: yes  what the desk finds it by: name …
    kana_key TEXT NOT NULL DEFAULT '',             -- sensitive: yes  … name_kana …
    representative_key TEXT NOT NULL DEFAULT ''    -- sensitive: yes  … and representative
) STRICT;
CREATE INDEX accounts_by_admin_email ON accounts (LOWER(admin_email));
CREATE INDEX accounts_by_number ON accounts (LENGTH(payment_user_id), payment_user_id);

CREATE INDEX accounts_by_kana ON accounts (kana_key);
CREATE INDEX accounts_by_name ON accounts (name_key);
CREATE INDEX accounts_by_representative ON accounts (representative_key) WHERE representative_key <> '';

CREATE TABLE kana_parts (                          -- the rest of every kana_key from its first, third, fifth … letter on
    part TEXT NOT NULL,                            -- sensitive: yes
    payment_user_id TEXT NOT NULL                  -- sensitive: no   whose; no REFERENCES: its index would cost as much again
) STRICT;
CREATE INDEX kana_parts_by_part ON kana_parts (part, payment_user_id);

CREATE TABLE error_lanes (                         -- which process gives which エラー番号
    lane INTEGER PRIMARY KEY CHECK (lane BETWEEN 0 AND 11), -- sensitive: no
    holder TEXT NOT NULL,                          -- sensitive: no   a process, by a random id
    held_until INTEGER NOT NULL                    -- sensitive: no   renewed while the process lives
) STRICT;

CREATE TABLE shown_errors (                        -- エラー番号 on pages of somebody logged in, for 90 days
    number TEXT PRIMARY KEY,                       -- sensitive: no
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    shown_at INTEGER NOT NULL                      -- sensitive: no
) STRICT;
CREATE INDEX shown_errors_of_account ON shown_errors (account_id, shown_at);
CREATE INDEX shown_errors_by_age ON shown_errors (shown_at);

CREATE TABLE credentials (                         -- the two passwords of an account
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'bulk')), -- sensitive: no
    password_hash TEXT NOT NULL,                   -- sensitive: yes  argon2 PHC string
    password_changed_at INTEGER NOT NULL,          -- sensitive: no   the 60 days run from here
    first_password INTEGER NOT NULL DEFAULT 0 CHECK (first_password IN (0, 1, 2)), -- sensitive: no 1 = the operator chose it; 2 = and it has to be changed
    PRIMARY KEY (account_id, kind)
) STRICT;
CREATE INDEX credentials_by_age ON credentials (password_changed_at) WHERE kind = 'payment';

CREATE TABLE former_passwords (                    -- the last three before the current one
    account_id TEXT NOT NULL,                      -- sensitive: no
    kind TEXT NOT NULL,                            -- sensitive: no
    password_hash TEXT NOT NULL,                   -- sensitive: yes  argon2 PHC string
    replaced_at INTEGER NOT NULL,                  -- sensitive: no
    PRIMARY KEY (account_id, kind, password_hash),
    FOREIGN KEY (account_id, kind) REFERENCES credentials (account_id, kind) ON DELETE CASCADE
) STRICT;

CREATE TABLE sessions (                            -- log-ins; ended rows stay 24 hours
    id TEXT PRIMARY KEY,                           -- sensitive: no   public id, for lists
    token_hash BLOB NOT NULL UNIQUE,               -- sensitive: yes  SHA-256 of the cookie
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    created_at INTEGER NOT NULL,                   -- sensitive: no
    last_seen_at INTEGER NOT NULL,                 -- sensitive: no   flushed every 30 s
    ended_at INTEGER,                              -- sensitive: no
    previous_login_at INTEGER,                     -- sensitive: no   前回ログイン, of any device
    user_agent TEXT NOT NULL,                      -- sensitive: yes  for ログイン中の端末
    network TEXT NOT NULL,                         -- sensitive: yes  client address
    ended_by TEXT CHECK (ended_by IN ('left', 'device', 'password', 'office')), -- sensitive: no
    method TEXT NOT NULL DEFAULT 'password'        -- sensitive: no   what the log-in asked: password, app, codes
) STRICT;
CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX sessions_by_age ON sessions (created_at);

CREATE TABLE devices (                             -- browsers that have logged in; strangers cannot lock them out
    device_hash BLOB NOT NULL,                     -- sensitive: yes  SHA-256 of the device cookie
    owner_id TEXT NOT NULL,                        -- sensitive: no   an account or a 担当者
    created_at INTEGER NOT NULL,                   -- sensitive: no
    PRIMARY KEY (owner_id, device_hash)
) STRICT;
CREATE INDEX devices_by_hash ON devices (device_hash);
CREATE INDEX devices_of_owner ON devices (owner_id, created_at);
CREATE INDEX devices_by_age ON devices (created_at);

CREATE TABLE keys (                                -- keys that outlive a change of MYPAGE_SECRET_KEY
    purpose TEXT PRIMARY KEY,                      -- sensitive: no   counters: what counts is found by it
    sealed BLOB NOT NULL,                          -- sensitive: yes  the key, AES-GCM
    key_id TEXT NOT NULL                           -- sensitive: no   which key sealed it
) STRICT;

CREATE TABLE failures (                            -- wrong passwords, counted where they come from
    scope TEXT NOT NULL,                           -- sensitive: no   which counter
    subject BLOB NOT NULL,                         -- sensitive: yes  HMAC of ID, network or device
    number INTEGER NOT NULL,                       -- sensitive: no
    first_at INTEGER NOT NULL,                     -- sensitive: no
    last_at INTEGER NOT NULL,                      -- sensitive: no
    PRIMARY KEY (scope, subject)
) STRICT;
CREATE INDEX failures_by_age ON failures (last_at);

CREATE TABLE drafts (                              -- forms on their way through 入力 → 確認 → 完了
    id TEXT PRIMARY KEY,                           -- sensitive: no
    owner_id TEXT NOT NULL,                        -- sensitive: no   an account or an issuance, rows of a day
    flow TEXT NOT NULL,                            -- sensitive: no   which form, e.g. profile
    flow_id TEXT NOT NULL,                         -- sensitive: no   one run of it, in the address
    checked INTEGER NOT NULL CHECK (checked IN (0, 1)), -- sensitive: no 0 = not ready for 確認
    base_version INTEGER NOT NULL,                 -- sensitive: no   what the run started from
    sealed BLOB NOT NULL,                          -- sensitive: yes  values, AES-GCM
    position INTEGER NOT NULL,                     -- sensitive: no   order within the run
    created_at INTEGER NOT NULL                    -- sensitive: no
) STRICT;
CREATE UNIQUE INDEX drafts_of_run ON drafts (owner_id, flow, flow_id, position);
CREATE INDEX drafts_by_age ON drafts (created_at);

CREATE TABLE receipts (                            -- what was done once and must not be done twice
    id TEXT PRIMARY KEY,                           -- sensitive: no   the draft's id or a once-key
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    flow TEXT NOT NULL,                            -- sensitive: no
    number TEXT NOT NULL UNIQUE,                   -- sensitive: no   受付番号
    created_at INTEGER NOT NULL                    -- sensitive: no
) STRICT;
CREATE INDEX receipts_of_account ON receipts (account_id, flow, created_at);
CREATE INDEX receipts_by_age ON receipts (created_at);

CREATE TABLE reset_requests (                      -- パスワード初期化依頼 as typed; a worker judges
    once_key TEXT PRIMARY KEY,                     -- sensitive: no   pressed twice is one request
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'bulk')), -- sensitive: no
    sealed BLOB,                                   -- sensitive: yes  what was typed; erased once judged
    asked_at INTEGER NOT NULL,                     -- sensitive: no   依頼日時
    judged_at INTEGER                              -- sensitive: no
) STRICT;
CREATE INDEX reset_requests_waiting ON reset_requests (asked_at) WHERE judged_at IS NULL;
CREATE INDEX reset_requests_judged ON reset_requests (judged_at) WHERE judged_at IS NOT NULL;

CREATE TABLE reset_links (                         -- mailed URLs, at most one live per credential
    id TEXT PRIMARY KEY,                           -- sensitive: no   public id, in the clean address
    key_hash BLOB NOT NULL UNIQUE,                 -- sensitive: yes  SHA-256 of the mailed key
    account_id TEXT NOT NULL,                      -- sensitive: no
    kind TEXT NOT NULL,                            -- sensitive: no
    asked_at INTEGER NOT NULL,                     -- sensitive: no
    expires_at INTEGER NOT NULL,                   -- sensitive: no
    used_at INTEGER,                               -- sensitive: no
    ended_at INTEGER,                              -- sensitive: no   killed by a newer one or a change
    FOREIGN KEY (account_id, kind) REFERENCES credentials (account_id, kind) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX reset_links_live ON reset_links (account_id, kind)
    WHERE used_at IS NULL AND ended_at IS NULL;
CREATE INDEX reset_links_of_credential ON reset_links (account_id, kind, asked_at);
CREATE INDEX reset_links_by_end ON reset_links (expires_at);

CREATE TABLE issuances (                           -- 利用者ID発行, from the request to the two IDs
    id TEXT PRIMARY KEY,                           -- sensitive: no   public id of the mailed URL, in the clean address
    once_key TEXT NOT NULL UNIQUE,                 -- sensitive: no   pressed twice is one request
    sealed BLOB NOT NULL,                          -- sensitive: yes  メールアドレス as typed, AES-GCM
    address_mac BLOB NOT NULL,                     -- sensitive: yes  HMAC of it, to count by
    asked_at INTEGER NOT NULL,                     -- sensitive: no   依頼日時
    expires_at INTEGER NOT NULL,                   -- sensitive: no
    judged_at INTEGER,                             -- sensitive: no
    key_hash BLOB UNIQUE,                          -- sensitive: yes  SHA-256 of the mailed key; NULL: not mailed
    number TEXT UNIQUE,                            -- sensitive: no   digits of both IDs, kept free for this one
    used_at INTEGER,                               -- sensitive: no
    account_id TEXT REFERENCES accounts (id) ON DELETE SET NULL -- sensitive: no the account it made
) STRICT;
CREATE INDEX issuances_waiting ON issuances (asked_at) WHERE judged_at IS NULL;
CREATE INDEX issuances_of_address ON issuances (address_mac, asked_at);
CREATE INDEX issuances_by_end ON issuances (expires_at);
CREATE INDEX issuances_of_account ON issuances (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE direct_debit_accounts (               -- ダイレクト納付口座 that are, or were, 利用可能
    id TEXT PRIMARY KEY,                           -- sensitive: no   that of the form that brought it
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    kind TEXT NOT NULL CHECK (kind IN ('national', 'local')), -- sensitive: no   国庫金 or 地方税
    sealed BLOB NOT NULL,                          -- sensitive: yes  bank, number, holder; AES-GCM
    key_id TEXT NOT NULL,                          -- sensitive: no   which key sealed it
    last_digits TEXT NOT NULL,                     -- sensitive: yes  end of the number, for 照会
    approved_at INTEGER NOT NULL,                  -- sensitive: no   利用可能 since
    ended_at INTEGER                               -- sensitive: no   利用中止, or replaced
) STRICT;
CREATE UNIQUE INDEX direct_debit_accounts_live ON direct_debit_accounts (account_id, kind)
    WHERE ended_at IS NULL;
CREATE INDEX direct_debit_accounts_sealed ON direct_debit_accounts (key_id);
CREATE INDEX direct_debit_accounts_of_account ON direct_debit_accounts (account_id, approved_at);

CREATE TABLE direct_debit_forms (                  -- 届出書 for a ダイレクト納付口座
    id TEXT PRIMARY KEY,                           -- sensitive: no
    number TEXT NOT NULL UNIQUE,                   -- sensitive: no   整理番号: 9 digits, 1 to check
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    kind TEXT NOT NULL CHECK (kind IN ('national', 'local')), -- sensitive: no
    action TEXT NOT NULL CHECK (action IN ('new', 'change', 'stop')), -- sensitive: no
    state TEXT NOT NULL CHECK (state IN ('made', 'received', 'at_bank', 'approved', 'returned', 'withdrawn')), -- sensitive: no
    version INTEGER NOT NULL DEFAULT 1,            -- sensitive: no   raised by every transition
    latest INTEGER NOT NULL DEFAULT 1 CHECK (latest IN (0, 1)), -- sensitive: no 0 = followed by another
    target_id TEXT NOT NULL,                       -- sensitive: no   account it is about; '' if new
    receipt_id TEXT NOT NULL,                      -- sensitive: no   the 確定 that made it
    sealed BLOB NOT NULL,                          -- sensitive: yes  what it says; AES-GCM
    key_id TEXT NOT NULL,                          -- sensitive: no   which key sealed it
    last_digits TEXT NOT NULL,                     -- sensitive: yes  end of the number, for 照会
    reason TEXT NOT NULL DEFAULT '',               -- sensitive: no   of 不備返却
    made_at INTEGER NOT NULL,                      -- sensitive: no
    changed_at INTEGER NOT NULL                    -- sensitive: no   the last transition
) STRICT;
CREATE UNIQUE INDEX direct_debit_forms_open ON direct_debit_forms (account_id, kind, action, target_id)
    WHERE state IN ('made', 'received', 'at_bank');
CREATE INDEX direct_debit_forms_latest ON direct_debit_forms (account_id) WHERE latest = 1;
CREATE INDEX direct_debit_forms_of_account ON direct_debit_forms (account_id, kind, made_at);
CREATE INDEX direct_debit_forms_by_state ON direct_debit_forms (state, changed_at);
CREATE INDEX direct_debit_forms_of_receipt ON direct_debit_forms (receipt_id);
CREATE INDEX direct_debit_forms_sealed ON direct_debit_forms (key_id);

CREATE TABLE outbox (                              -- mails, written in the transaction that causes them
    id TEXT PRIMARY KEY,                           -- sensitive: no
    once_key TEXT NOT NULL UNIQUE,                 -- sensitive: no   the event: one mail for each
    account_id TEXT REFERENCES accounts (id) ON DELETE SET NULL, -- sensitive: no
    message_id TEXT NOT NULL,                      -- sensitive: no   stays the same over retries
    recipient TEXT NOT NULL,                       -- sensitive: yes  '' once sent or dropped
    address BLOB NOT NULL,                         -- sensitive: yes  HMAC of the recipient, to count by
    sealed BLOB,                                   -- sensitive: yes  subject and body; erased likewise
    created_at INTEGER NOT NULL,                   -- sensitive: no
    expires_at INTEGER,                            -- sensitive: no   the link inside is dead from here
    next_try_at INTEGER NOT NULL,                  -- sensitive: no
    tries INTEGER NOT NULL DEFAULT 0,              -- sensitive: no
    leased_until INTEGER NOT NULL DEFAULT 0,       -- sensitive: no   being sent until then; 0 = nobody has it
    sent_at INTEGER,                               -- sensitive: no
    dead_at INTEGER,                               -- sensitive: no   given up
    last_error TEXT NOT NULL DEFAULT '',           -- sensitive: no   SMTP code or kind of failure
    unconfirmed INTEGER NOT NULL DEFAULT 0 CHECK (unconfirmed IN (0, 1)) -- sensitive: no 1 = to an address that was not confirmed
) STRICT;
CREATE INDEX outbox_of_account ON outbox (account_id, created_at);
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_leased ON outbox (leased_until) WHERE leased_until > 0;
CREATE INDEX outbox_to_address ON outbox (address, created_at);
CREATE INDEX outbox_by_age ON outbox (created_at);
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE announcements (                       -- what the operator tells everybody
    kind TEXT PRIMARY KEY CHECK (kind IN ('notice', 'maintenance')), -- sensitive: no
    body TEXT NOT NULL,                            -- sensitive: no   お知らせ; '' = our own words
    ends_at INTEGER,                               -- sensitive: no   notice: gone from here; maintenance: planned end
    set_at INTEGER NOT NULL                        -- sensitive: no
) STRICT;

CREATE TABLE audit (                               -- who did what when; each row seals the one before
    seq INTEGER PRIMARY KEY,                       -- sensitive: no   1, 2, 3 …
    at INTEGER NOT NULL,                           -- sensitive: no
    event TEXT NOT NULL,                           -- sensitive: no   e.g. profile.changed
    account_id TEXT,                               -- sensitive: no   no foreign key: rows outlive it
    detail TEXT NOT NULL,                          -- sensitive: no   JSON; field names, never values
    request_id TEXT NOT NULL,                      -- sensitive: no
    key_id TEXT NOT NULL,                          -- sensitive: no   which key made the mac
    mac BLOB NOT NULL                              -- sensitive: no   HMAC(key, mac before + this row)
) STRICT;
CREATE INDEX audit_of_account ON audit (account_id, seq);
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_looks ON audit (account_id, at) WHERE event = 'account.viewed';

CREATE TABLE audit_marks (                         -- where the trail begins and ends, so that a cut shows
    mark TEXT PRIMARY KEY CHECK (mark IN ('anchor', 'head')), -- sensitive: no
    seq INTEGER NOT NULL,                          -- sensitive: no   anchor: last row removed; head: newest row
    mac BLOB NOT NULL,                             -- sensitive: no   that row's mac
    key_id TEXT NOT NULL,                          -- sensitive: no   which key made the seal
    seal BLOB NOT NULL                             -- sensitive: no   HMAC(key, mark + seq + mac)
) STRICT;
CREATE TABLE payments (                            -- まとめ納付, as mypage payments import brings them
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    number TEXT NOT NULL,                          -- sensitive: no   まとめ納付番号
    kind TEXT NOT NULL CHECK (kind IN ('national', 'local', 'general')), -- sensitive: no 納付区分
    application_number TEXT NOT NULL,              -- sensitive: no   申請番号
    created_at INTEGER NOT NULL,                   -- sensitive: no   作成日時; the period goes by it
    items INTEGER NOT NULL,                        -- sensitive: no   件数
    amount INTEGER NOT NULL,                       -- sensitive: no   金額, yen
    state TEXT NOT NULL CHECK (state IN ('unpaid', 'paid', 'failed', 'cancelled')), -- sensitive: no
    paid_on TEXT NOT NULL,                         -- sensitive: no   納付日, YYYY-MM-DD; '' unless paid
    PRIMARY KEY (account_id, number, kind, application_number)
) STRICT;
CREATE INDEX payments_by_time
    ON payments (account_id, created_at, number, kind, application_number);
CREATE INDEX payments_failed ON payments (account_id, created_at) WHERE state = 'failed';

CREATE TABLE staff (                               -- 担当者 of /office/
    id TEXT PRIMARY KEY,                           -- sensitive: no
    name TEXT NOT NULL UNIQUE,                     -- sensitive: yes  担当者ID
    role TEXT NOT NULL CHECK (role IN ('reader', 'clerk', 'admin')), -- sensitive: no
    password_hash TEXT NOT NULL,                   -- sensitive: yes  argon2 PHC string
    created_at INTEGER NOT NULL,                   -- sensitive: no
    disabled_at INTEGER,                           -- sensitive: no   set: no log-in
    password_changed_at INTEGER NOT NULL DEFAULT 0, -- sensitive: no  by a command or on the screen
    password_once TEXT,                            -- sensitive: no   once-key of the form that set it
    first_password INTEGER NOT NULL DEFAULT 0 CHECK (first_password IN (0, 1, 2)) -- sensitive: no 1 = the operator chose it; 2 = and it has to be changed
) STRICT;

CREATE TABLE staff_sessions (                      -- log-ins of staff; no 利用者's cookie is in here
    id TEXT PRIMARY KEY,                           -- sensitive: no
    token_hash BLOB NOT NULL UNIQUE,               -- sensitive: yes  SHA-256 of the cookie
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE, -- sensitive: no
    created_at INTEGER NOT NULL,                   -- sensitive: no
    last_seen_at INTEGER NOT NULL,                 -- sensitive: no   flushed every 30 s
    ended_at INTEGER,                              -- sensitive: no
    network TEXT NOT NULL,                         -- sensitive: yes  client address
    method TEXT NOT NULL DEFAULT 'password'        -- sensitive: no   what the log-in asked: password, app, codes
) STRICT;
CREATE INDEX staff_sessions_of_staff ON staff_sessions (staff_id);

CREATE TABLE address_changes (                     -- a lost 利用者管理用メールアドレス: one proposes, another approves
    id TEXT PRIMARY KEY,                           -- sensitive: no
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    sealed BLOB NOT NULL,                          -- sensitive: yes  the new address, AES-GCM
    reason TEXT NOT NULL,                          -- sensitive: yes  how the person was identified
    proposed_by TEXT NOT NULL,                     -- sensitive: yes  担当者ID
    proposed_at INTEGER NOT NULL,                  -- sensitive: no
    decided_at INTEGER,                            -- sensitive: no   approved, taken back, or voided
    base_version INTEGER NOT NULL DEFAULT 0,       -- sensitive: no   of the profile, when proposed
    expires_at INTEGER NOT NULL DEFAULT 0,         -- sensitive: no   approved before, or not at all
    voided TEXT NOT NULL DEFAULT '' CHECK (voided IN ('', 'changed', 'reset', 'expired')) -- sensitive: no why nobody decided it
) STRICT;
CREATE UNIQUE INDEX address_changes_open ON address_changes (account_id) WHERE decided_at IS NULL;
CREATE INDEX address_changes_of_account ON address_changes (account_id, proposed_at);
CREATE INDEX address_changes_voided ON address_changes (decided_at) WHERE voided <> '';

CREATE TABLE retirements (                         -- 利用者ID廃止: the rows stay, the IDs come back to nobody
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    retired_at INTEGER NOT NULL                    -- sensitive: no
) STRICT;

CREATE TABLE address_confirmations (               -- the mailed URL that confirms a new 利用者管理用メールアドレス
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    id TEXT NOT NULL UNIQUE,                       -- sensitive: no   public id, in the clean address
    key_hash BLOB NOT NULL UNIQUE,                 -- sensitive: yes  SHA-256 of the mailed key
    asked_at INTEGER NOT NULL,                     -- sensitive: no
    expires_at INTEGER NOT NULL,                   -- sensitive: no
    confirmed_at INTEGER                           -- sensitive: no   確認する was pressed
) STRICT;
CREATE INDEX address_confirmations_by_end ON address_confirmations (expires_at);

CREATE TABLE reports (                             -- 心当たりがない操作の届出: a case until a 担当者 has closed it
    id TEXT PRIMARY KEY,                           -- sensitive: no   of its receipt
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    number TEXT NOT NULL UNIQUE,                   -- sensitive: no   受付番号
    event TEXT NOT NULL,                           -- sensitive: no   what was disowned, as the trail names it
    reported_at INTEGER NOT NULL,                  -- sensitive: no
    closed_at INTEGER,                             -- sensitive: no   対応済
    closed_by TEXT NOT NULL DEFAULT '',            -- sensitive: yes  担当者ID
    note TEXT NOT NULL DEFAULT ''                  -- sensitive: yes  what was done
) STRICT;
CREATE INDEX reports_open ON reports (reported_at) WHERE closed_at IS NULL;
CREATE INDEX reports_of_account ON reports (account_id, reported_at);

CREATE TABLE code_apps (                           -- apps that show a code, the second factor of a 利用者 or 担当者
    id TEXT PRIMARY KEY,                           -- sensitive: no
    owner_id TEXT NOT NULL,                        -- sensitive: no   an account or a 担当者
    name TEXT NOT NULL,                            -- sensitive: yes  as its owner calls it
    sealed BLOB NOT NULL,                          -- sensitive: yes  the secret, AES-GCM
    key_id TEXT NOT NULL,                          -- sensitive: no   which key sealed it
    last_step INTEGER NOT NULL,                    -- sensitive: no   of the newest code used; none before it counts
    created_at INTEGER NOT NULL,                   -- sensitive: no
    used_at INTEGER                                -- sensitive: no   last use
) STRICT;
CREATE INDEX code_apps_of_owner ON code_apps (owner_id, created_at);
CREATE INDEX code_apps_sealed ON code_apps (key_id);

CREATE TABLE recovery_codes (                      -- 予備コード, ten at a time
    owner_id TEXT NOT NULL,                        -- sensitive: no   an account or a 担当者
    number INTEGER NOT NULL,                       -- sensitive: no   its first two digits
    code_hash TEXT NOT NULL,                       -- sensitive: yes  argon2 PHC string
    made_at INTEGER NOT NULL,                      -- sensitive: no
    used_at INTEGER,                               -- sensitive: no
    PRIMARY KEY (owner_id, number)
) STRICT;

CREATE TABLE second_steps (                        -- who has proved the first factor, or both, for one purpose
    id TEXT PRIMARY KEY,                           -- sensitive: no
    token_hash BLOB NOT NULL UNIQUE,               -- sensitive: yes  SHA-256 of the cookie or of the form's value
    owner_id TEXT NOT NULL,                        -- sensitive: no   an account or a 担当者
    purpose TEXT NOT NULL,                         -- sensitive: no   what it is good for
    sealed BLOB NOT NULL,                          -- sensitive: yes  what is to be done, AES-GCM
    created_at INTEGER NOT NULL,                   -- sensitive: no
    expires_at INTEGER NOT NULL,                   -- sensitive: no
    used_at INTEGER                                -- sensitive: no   done, or ended
) STRICT;
CREATE INDEX second_steps_of_owner ON second_steps (owner_id, created_at);
CREATE INDEX second_steps_by_end ON second_steps (expires_at);

CREATE TABLE factor_resets (                       -- 確認手段の解除: one 担当者 proposes, another approves, the owner can stop it
    id TEXT PRIMARY KEY,                           -- sensitive: no   public id, in the clean address
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    reason TEXT NOT NULL,                          -- sensitive: yes  how the person was identified
    proposed_by TEXT NOT NULL,                     -- sensitive: yes  担当者ID
    proposed_at INTEGER NOT NULL,                  -- sensitive: no   a factor used since then: none is lost
    base_version INTEGER NOT NULL,                 -- sensitive: no   of the profile, when proposed
    expires_at INTEGER NOT NULL,                   -- sensitive: no   approved before, or not at all
    approved_by TEXT NOT NULL DEFAULT '',          -- sensitive: yes  担当者ID
    due_at INTEGER,                                -- sensitive: no   approved: done from here, unless stopped
    key_hash BLOB UNIQUE,                          -- sensitive: yes  SHA-256 of the mailed key that stops it
    ended_at INTEGER,                              -- sensitive: no
    ended TEXT NOT NULL DEFAULT '' CHECK (ended IN ('', 'done', 'stopped', 'refused', 'used', 'changed', 'shut', 'untold', 'expired', 'restored')) -- sensitive: no how
) STRICT;
CREATE UNIQUE INDEX factor_resets_open ON factor_resets (account_id) WHERE ended_at IS NULL;
CREATE INDEX factor_resets_of_account ON factor_resets (account_id, ended_at);
CREATE INDEX factor_resets_ended ON factor_resets (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE passkeys (                            -- keys that a device, or the account it syncs with, keeps for its owner
    id TEXT PRIMARY KEY,                           -- sensitive: no
    owner_id TEXT NOT NULL,                        -- sensitive: no   an account or a 担当者
    credential_id BLOB NOT NULL UNIQUE,            -- sensitive: yes  as the authenticator calls it
    public_key BLOB NOT NULL,                      -- sensitive: no   COSE
    rp_id TEXT NOT NULL,                           -- sensitive: no   the domain it belongs to
    name TEXT NOT NULL,                            -- sensitive: yes  as its owner calls it
    transports TEXT NOT NULL,                      -- sensitive: no   how it is reached, parted by commas
    aaguid TEXT NOT NULL,                          -- sensitive: no   the make of the authenticator
    counter INTEGER NOT NULL,                      -- sensitive: no   of signatures; none that does not rise counts
    synced INTEGER NOT NULL,                       -- sensitive: no   1: may be copied to other devices
    backed_up INTEGER NOT NULL,                    -- sensitive: no   1: has been
    created_at INTEGER NOT NULL,                   -- sensitive: no
    used_at INTEGER                                -- sensitive: no   last use
) STRICT;
CREATE INDEX passkeys_of_owner ON passkeys (owner_id, created_at);

CREATE TABLE spent_challenges (                    -- challenges that a passkey has answered: none is answered twice
    digest BLOB PRIMARY KEY,                       -- sensitive: no   SHA-256; empty: all that end by then
    expires_at INTEGER NOT NULL                    -- sensitive: no
) STRICT;
CREATE INDEX spent_challenges_by_end ON spent_challenges (expires_at);

CREATE VIEW second_factors AS                      -- who has a second factor, of either kind
    SELECT owner_id FROM code_apps UNION ALL SELECT owner_id FROM passkeys;
