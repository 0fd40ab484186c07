"""The table that sets our screens beside the operating manual: how it reads the manual, and that it sees a difference."""

import pytest

from tools.against_manual import BADGE, ICON, MISSING, MOVED, OURS, SAME, WRONG, compared
from tools.manual_words import Said, steps

MANUAL = """
# 1.表紙

# 4.一括利用者パスワード初期化

① 『マイページ』画面より、「初期化」をクリックします。

軽自動車保有関係手続の
**ワンストップサービス**

マイページ

☰メニュー ?

- ☑ 利用者情報変更

|           |        |
|-----------|--------|
| 納付利用者ID | KN0001 |
| 個人・法人の別 | <b>OK</b> | <input type="radio"/> 個人の方<br><input checked="" type="radio"/> 法人の方 | |
| メール<br>アドレス<br>(確認用) | <input type="button" value="OK"/> | <input type="password"/> |

納付利用者パスワード **必須**

[パスワード変更](#)

① 正常に変更されました。

🏠 終了

補足：
ここは読みません。

# 4.一括利用者パスワード初期化

- ② 『登録完了』画面にて、「マイページへ戻る」ボタンをクリックします。

![](picture.png)

- ③ メールを確認します。

### ■メール情報

- 送信元アドレス：notice@example.jp
- 件名：【OSS】ご案内

(\\*）24時間です。

https://www.example.jp/INIT?

[key=2144](https://www.example.jp/INIT?key=2144)

- ④ 終わりです。

The screen has 'ワンストップサービス' (logo) and a button labeled '変更' (Change).
"""


def said(*texts: str) -> list[Said]:
    """Give words without pictures beside them."""
    return [Said(text) for text in texts]


def test_the_words_of_each_picture_are_read() -> None:
    """Labels, badges and choices of a table; no glyphs, no values, no 補足; the icon is remembered."""
    expected = said(
        "マイページ", "メニュー", "利用者情報変更", "納付利用者ID",
        "個人・法人の別", "OK", "個人の方", "法人の方", "メールアドレス(確認用)", "OK",
        "納付利用者パスワード", "必須", "パスワード変更", "正常に変更されました。",
    )  # fmt: skip
    assert steps(MANUAL)[4, 1] == [*expected, Said("終了", icon=True)]


def test_where_the_picture_is_lost_the_step_itself_is_read() -> None:
    """Its screen and its button."""
    assert steps(MANUAL)[4, 2] == said("登録完了", "マイページへ戻る")


def test_a_mail_is_read_from_its_subject_on() -> None:
    """With the brackets as printed, and its link."""
    expected = said("【OSS】ご案内", "(*）24時間です。", "https://www.example.jp/INIT")
    assert steps(MANUAL)[4, 3] == expected


def test_a_description_gives_the_words_it_quotes() -> None:
    """The logo is on every page."""
    assert steps(MANUAL)[4, 4] == said("変更")


@pytest.mark.parametrize(
    ("manual", "ours", "verdicts"),
    [
        (said("題", "終わりました。"), said("題", "終わりました。"), [SAME, SAME]),
        (said("一つ。", "二つ。"), said("一つ。二つ。"), [SAME, SAME]),
        (said("題", "次へ"), said("題", "流れ", "次へ", "案内"), [SAME, OURS, SAME, OURS]),
        (said("戻る", "次へ"), said("次へ", "戻る"), [OURS, SAME, MOVED]),
        (said("ID", "OK"), said("ID", "必須"), [SAME, BADGE]),
        (said("戻る"), said("マイページへ戻る"), [MISSING, OURS]),
        (said("(*）24時間です。"), said("(*)24時間です。"), [MISSING, OURS]),
        ([Said("終了", icon=True)], said("終了"), [ICON]),
        (said("2019年09月20日 15時57分55秒"), said("2026年11月29日 02時44分35秒"), [SAME]),
        (said("https://a.jp/INIT?"), said("https://b.jp/INIT?key=1"), [SAME]),
    ],
)
def test_a_difference_is_seen(manual: list[Said], ours: list[Said], verdicts: list[str]) -> None:
    """To the letter and in the manual's order; what is only ours is named."""
    assert [row.verdict for row in compared(manual, ours)] == verdicts


def test_what_is_only_ours_is_no_fault() -> None:
    """The other verdicts are."""
    assert {ICON, MISSING, MOVED} == WRONG
