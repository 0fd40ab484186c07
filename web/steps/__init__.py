"""入力 → 確認 → 完了: drafts that never change, receipts that make doing twice impossible."""
