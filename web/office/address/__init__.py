"""A lost 利用者管理用メールアドレス: one 担当者 proposes the new one, another approves it."""
