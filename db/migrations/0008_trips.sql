-- How many receipts an account got within the hour is counted with each of them.
DROP INDEX receipts_of_account;
CREATE INDEX receipts_of_account ON receipts (account_id, flow, created_at);
