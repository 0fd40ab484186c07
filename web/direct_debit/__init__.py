"""ダイレクト納付口座: what the screens of 利用者 and 担当者 share: states, details, acts."""
