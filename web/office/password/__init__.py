"""担当者パスワード変更: the own password of a 担当者."""
