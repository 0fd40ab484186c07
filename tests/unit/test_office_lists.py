"""Lists of the office: days said once, words instead of codes."""

import pytest

from web import clock
from web.office.events import UNKNOWN_REASON, not_sent
from web.steps.days import by_day

MIDNIGHT = 1_569_250_800  # 24 September 2019, 0:00 in Japan


def test_a_day_is_said_once_above_what_happened_on_it() -> None:
    """By the day of Japan, in the order that is given."""
    rows = [MIDNIGHT + 36_480, MIDNIGHT, MIDNIGHT - 1]
    assert by_day(rows, lambda each: each) == [
        ("2019年 09月 24日", [("10時 08分", rows[0]), ("00時 00分", rows[1])]),
        ("2019年 09月 23日", [("23時 59分", rows[2])]),
    ]
    assert by_day([], int) == []
    assert " ".join(clock.day_and_time(rows[0])) == clock.mypage_style(rows[0])


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("SMTP 550", "宛先のメールアドレスが存在しないか、受信を拒否されました（SMTP 550）"),
        ("SMTP 552", "宛先のメールボックスの容量が不足しています（SMTP 552）"),
        ("SMTP 451", "宛先のメールサーバーが一時的に受信できません（SMTP 451）"),
        ("link expired", "送信前に、メール内のURLの有効期限が切れました"),
        ("perhaps sent, twice", "送信できたかどうかを確認できません"),
        ("TimeoutError", UNKNOWN_REASON),
    ],
)
def test_why_a_mail_was_not_sent_is_said_in_words(reason: str, words: str) -> None:
    """The receiver's staff ask for the number; no other code is shown."""
    assert not_sent(reason) == words
