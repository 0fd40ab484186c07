"""ログイン中の端末: where an account is logged in, and how to end that."""
