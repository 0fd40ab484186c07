"""Confirming a new 利用者管理用メールアドレス by the URL that was mailed to it."""
