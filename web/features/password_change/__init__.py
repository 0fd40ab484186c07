"""C1 → C2 パスワード変更, without a session."""
