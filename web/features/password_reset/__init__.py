"""B1–B5 and R1–R5 パスワード初期化: both credentials, told apart by their kind only."""
