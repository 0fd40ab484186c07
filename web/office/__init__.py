"""担当者画面: the staff side; nothing here is reached by a 利用者's log-in."""
