"""The 補足 that are no part of a procedure's own way; situations.py shows that they are true."""

from .steps import Control, Note

EXPIRED = Note(
    "納付利用者パスワードの有効期限を過ぎている状態で「ログイン」操作を行うと、自動で『パスワード変更』画面に遷移します。"
    "なお、納付利用者パスワードの有効期間は、60日間です。",
    when="expired",
)
CHANGE_HERE = Note(
    "納付利用者パスワードを変更したい場合、または、納付利用者パスワードの有効期限を過ぎている場合は、"
    "「パスワード変更」をクリックしてください。"
    "納付利用者パスワード変更は、「5.納付利用者パスワード変更」をご参照ください。",
    frame=Control("link", "パスワード変更"),
)
LEAVE = Note("操作を終える場合は、「終了」ボタンをクリックしてください。")
NEW_ADDRESS = Note(
    "利用者管理用メールアドレスを変更する場合は、「現在のパスワード」に現在の納付利用者パスワードを入力してから、"
    "「確定」ボタンをクリックしてください。",
    when="new address",
)
NO_GUIDE = Note(
    "メールが届かない場合は、「メールが届かない場合」をクリックして、確認する点をご覧ください。"
)
WRONG_ADDRESS = Note(
    "表示されたメールアドレスが違う場合は、「メールアドレスを誤って入力した場合」をクリックして、入力し直してください。"
)
