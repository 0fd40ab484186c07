"""口座名義カナ: the 法人格 as the banks write it, wherever it stands and however it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.fields.bank_kana import to_bank
from web.fields.field import Refused
from web.fields.holder import holder_kana

# 法人格, reading and short form, as banks publish them.
TABLE = """
株式会社 カブシキガイシャ カ
有限会社 ユウゲンガイシャ ユ
合名会社 ゴウメイガイシャ メ
合資会社 ゴウシガイシャ シ
合同会社 ゴウドウガイシャ ド
相互会社 ソウゴガイシャ ソ
医療法人 イリョウホウジン イ
医療法人社団 イリョウホウジンシャダン イ
医療法人財団 イリョウホウジンザイダン イ
社会医療法人 シャカイイリョウホウジン イ
財団法人 ザイダンホウジン ザイ
一般財団法人 イッパンザイダンホウジン ザイ
公益財団法人 コウエキザイダンホウジン ザイ
社団法人 シャダンホウジン シヤ
一般社団法人 イッパンシャダンホウジン シヤ
公益社団法人 コウエキシャダンホウジン シヤ
宗教法人 シュウキョウホウジン シユウ
学校法人 ガッコウホウジン ガク
社会福祉法人 シャカイフクシホウジン フク
更生保護法人 コウセイホゴホウジン ホゴ
特定非営利活動法人 トクテイヒエイリカツドウホウジン トクヒ
ＮＰＯ法人 エヌピーオーホウジン トクヒ
ＮＰＯ法人 ＮＰＯホウジン トクヒ
独立行政法人 ドクリツギョウセイホウジン ドク
地方独立行政法人 チホウドクリツギョウセイホウジン チドク
国立大学法人 コクリツダイガクホウジン ダイ
公立大学法人 コウリツダイガクホウジン ダイ
有限責任中間法人 ユウゲンセキニンチュウカンホウジン チユウ
無限責任中間法人 ムゲンセキニンチュウカンホウジン チユウ
農事組合法人 ノウジクミアイホウジン ノウ
管理組合法人 カンリクミアイホウジン カンリ
弁護士法人 ベンゴシホウジン ベン
司法書士法人 シホウショシホウジン シホウ
行政書士法人 ギョウセイショシホウジン ギヨ
税理士法人 ゼイリシホウジン ゼイ
社会保険労務士法人 シャカイホケンロウムシホウジン ロウム
"""
FORMS = [tuple(line.split()) for line in TABLE.split("\n") if line]
HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("カブシキ　ガイシャ　タカハシ", "ｶ)ﾀｶﾊｼ"),
        ("タカハシ ユウゲン ガイシャ", "ﾀｶﾊｼ(ﾕ"),
        ("イッパン シャダン ホウジン ケイジ", "ｼﾔ)ｹｲｼﾞ"),
        ("㊑タカハシ", "ｶ)ﾀｶﾊｼ"),
        ("タカハシ㏍", "ﾀｶﾊｼ(ｶ"),
        ("㊒タカハシ", "ﾕ)ﾀｶﾊｼ"),
        ("㊖タカハシ", "ｻﾞｲ)ﾀｶﾊｼ"),
        ("㊫タカハシ", "ｶﾞｸ)ﾀｶﾊｼ"),
        ("（カブ）タカハシ", "ｶ)ﾀｶﾊｼ"),
        ("タカハシ（ユウ）", "ﾀｶﾊｼ(ﾕ"),
    ],
)
def test_a_legal_form_is_read_with_blanks_and_in_every_sign(typed: str, value: str) -> None:
    """As people write it, and as old machines had it."""
    assert holder_kana(typed) == value
    assert holder_kana(value) == value


@pytest.mark.parametrize(("name", "reading", "short"), FORMS)
def test_a_legal_form_is_shortened_in_front_behind_and_between(
    name: str, reading: str, short: str
) -> None:
    """ｶ)ﾀｶﾊｼ, ﾀｶﾊｼ(ｶ, ﾀｶﾊｼ(ｶ)ﾁﾊﾞ: in kana of every kind, large or small, and in kanji."""
    form = to_bank(short)
    for typed in (reading, reading.translate(HIRAGANA), to_bank(reading), name):
        for space in ("", " ", "　"):
            assert holder_kana(f"{typed}{space}タカハシ") == f"{form})ﾀｶﾊｼ"
            assert holder_kana(f"たかはし{space}{typed}") == f"ﾀｶﾊｼ({form}"
            assert holder_kana(f"タカハシ{space}{typed}{space}チバ") == f"ﾀｶﾊｼ({form})ﾁﾊﾞ"


@pytest.mark.parametrize(("short"), sorted({short for _, _, short in FORMS}))
def test_a_short_form_gets_the_brackets_that_the_banks_use(short: str) -> None:
    """（カ）タカハシ and カ） タカハシ are both written; the banks take ｶ)ﾀｶﾊｼ only."""
    form = to_bank(short)
    for typed in (f"（{short}）タカハシ", f"{short}）　タカハシ", f"{short})タカハシ"):
        assert holder_kana(typed) == f"{form})ﾀｶﾊｼ"
    for typed in (f"タカハシ（{short}）", f"タカハシ　（{short}", f"タカハシ({short}"):
        assert holder_kana(typed) == f"ﾀｶﾊｼ({form}"
    assert holder_kana(f"タカハシ({short}) チバ") == f"ﾀｶﾊｼ({form})ﾁﾊﾞ"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("かぶしきかいしゃたかはし", "ｶ)ﾀｶﾊｼ"),
        ("㈱タカハシ", "ｶ)ﾀｶﾊｼ"),
        ("タカハシ㈲", "ﾀｶﾊｼ(ﾕ"),
        ("（株）タカハシ", "ｶ)ﾀｶﾊｼ"),
        ("(一社)タカハシ", "ｼﾔ)ﾀｶﾊｼ"),
        ("カブシキガイシャ", "ｶﾌﾞｼｷｶﾞｲｼﾔ"),
        ("カトウ シンヤ", "ｶﾄｳ ｼﾝﾔ"),
        ("ユ", "ﾕ"),
    ],
)
def test_other_ways_to_write_a_legal_form(typed: str, value: str) -> None:
    """As it is spoken, and by signs; what is no legal form stays."""
    assert holder_kana(typed) == value


PARTS = [
    "カブシキガイシャ",
    "ゆうげんがいしゃ",
    "㈱",
    "カ)",
    "(カ",
    "(カ)",
    "シヤ)",
    " ",
    "　",
    "(",
    ")",
    "ア",
]


@given(st.lists(st.sampled_from(PARTS), max_size=8))
def test_a_shortened_name_stays_as_it_is(parts: list[str]) -> None:
    """Whatever was taken is taken again as it is."""
    try:
        value = holder_kana("".join(parts))
    except Refused:
        return
    assert holder_kana(value) == value


@given(st.text(st.sampled_from("アカサタナハマヤラワガパョッー"), max_size=15))
def test_a_name_without_a_legal_form_keeps_its_kana(typed: str) -> None:
    """Nothing else is shortened."""
    assert holder_kana(typed) == to_bank(typed)
