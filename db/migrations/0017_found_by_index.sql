-- What is done every hour, or for one account, reads no whole table.
CREATE INDEX devices_by_age ON devices (created_at);
CREATE INDEX sessions_by_age ON sessions (created_at);
CREATE INDEX drafts_by_age ON drafts (created_at);
CREATE INDEX receipts_by_age ON receipts (created_at);
CREATE INDEX reset_requests_judged ON reset_requests (judged_at) WHERE judged_at IS NOT NULL;
CREATE INDEX reset_links_by_end ON reset_links (expires_at);
CREATE INDEX issuances_by_end ON issuances (expires_at);
CREATE INDEX issuances_of_account ON issuances (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX direct_debit_accounts_of_account ON direct_debit_accounts (account_id, approved_at);
CREATE INDEX outbox_by_age ON outbox (created_at);
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX address_changes_of_account ON address_changes (account_id, proposed_at);
CREATE INDEX address_changes_voided ON address_changes (decided_at) WHERE voided <> '';
CREATE INDEX address_confirmations_by_end ON address_confirmations (expires_at);
CREATE INDEX second_steps_by_end ON second_steps (expires_at);
