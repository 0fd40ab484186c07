-- A draft names the version that it started from, whichever table that version is kept in.
ALTER TABLE drafts RENAME COLUMN profile_version TO base_version;
-- 変更 of 担当者パスワード変更, pressed twice, is found again by the form that set the password.
ALTER TABLE staff ADD COLUMN password_changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN password_once TEXT;
