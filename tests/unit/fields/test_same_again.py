"""The (確認用) field."""

from web.fields.email import email
from web.fields.field import Field, same_again
from web.fields.text import password

ADMIN = Field("admin_email", "利用者管理用メールアドレス", email)
ADMIN_AGAIN = Field("admin_email_again", "利用者管理用メールアドレス(確認用)", email)
NOTICE = Field("notice_email", "申請状況通知用メールアドレス", email, required=False)
NOTICE_AGAIN = Field(
    "notice_email_again", "申請状況通知用メールアドレス(確認用)", email, required=False
)
NEW = Field("new", "新しいパスワード", password)
NEW_AGAIN = Field("new_again", "新しいパスワード(確認用)", password)


def test_the_same_again_is_good() -> None:
    again = same_again(ADMIN.check("a@example.jp"), ADMIN_AGAIN.check("a@example.jp"))
    assert again.good


def test_it_is_compared_after_converting() -> None:
    again = same_again(ADMIN.check(" a@EXAMPLE.jp"), ADMIN_AGAIN.check("ａ＠example．jp"))
    assert again.good
    assert again.converted == "a@example.jp"


def test_something_else_is_refused_and_kept() -> None:
    again = same_again(ADMIN.check("a@example.jp"), ADMIN_AGAIN.check("A@example.jp"))
    assert again.error == (
        "利用者管理用メールアドレスと(確認用)が一致しません。同じものをもう一度入力してください。"
    )
    assert again.typed == "A@example.jp"
    assert not again.good


def test_a_refused_first_field_is_scolded_alone() -> None:
    for typed in ("a", "", "b@example.jp"):
        again = same_again(ADMIN.check("a"), ADMIN_AGAIN.check(typed))
        assert again == ADMIN_AGAIN.blank(typed)


def test_a_second_field_with_an_error_of_its_own_keeps_it() -> None:
    first = ADMIN.check("a@example.jp")
    for typed in ("", "a@@example.jp"):
        second = ADMIN_AGAIN.check(typed)
        assert second.error
        assert same_again(first, second) == second


def test_an_optional_pair_may_be_empty() -> None:
    again = same_again(NOTICE.check(""), NOTICE_AGAIN.check(" "))
    assert again.error == ""
    assert not again.good


def test_an_optional_pair_must_be_filled_in_twice() -> None:
    again = same_again(NOTICE.check("a@example.jp"), NOTICE_AGAIN.check(""))
    assert again.error == (
        "申請状況通知用メールアドレスと(確認用)が一致しません。同じものをもう一度入力してください。"
    )


def test_an_optional_pair_must_not_be_filled_in_below_alone() -> None:
    again = same_again(NOTICE.check(""), NOTICE_AGAIN.check("a@example.jp"))
    assert again.error == (
        "申請状況通知用メールアドレスが空です。"
        "両方に同じものを入力するか、両方とも空にしてください。"
    )


def test_passwords_are_compared_to_the_letter() -> None:
    assert same_again(NEW.check("correct horse"), NEW_AGAIN.check("correct horse")).good
    for typed in ("correct horse ", "Correct horse", "ｃorrect horse"):
        again = same_again(NEW.check("correct horse"), NEW_AGAIN.check(typed))
        assert again.error == (
            "新しいパスワードと(確認用)が一致しません。同じものをもう一度入力してください。"
        )
