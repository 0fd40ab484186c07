-- A proposal carries the version of the profile that it started from and an end. Those that wait now
-- have neither: they count as expired, and are proposed again.
ALTER TABLE address_changes ADD COLUMN base_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE address_changes ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE address_changes ADD COLUMN voided TEXT NOT NULL DEFAULT '' CHECK (voided IN ('', 'changed', 'reset', 'expired'));
-- Who looked at an account lately is asked at each page of it.
CREATE INDEX audit_looks ON audit (account_id, at) WHERE event = 'account.viewed';
