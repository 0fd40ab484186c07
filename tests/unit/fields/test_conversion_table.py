"""What was typed → what is registered, and what is refused with which words."""

from collections.abc import Callable

import pytest

from web.fields.email import email
from web.fields.field import Refused
from web.fields.kana import kana
from web.fields.names import name
from web.fields.text import password
from web.fields.user_id import user_id

KANA = [
    # Any kana becomes full-width katakana.
    ("ｹｲｼﾞ", "ケイジ"),
    ("けいじ", "ケイジ"),
    ("ケイジ", "ケイジ"),
    ("けいｼﾞ", "ケイジ"),
    ("ﾊﾟｰｸ", "パーク"),
    ("ぱーく", "パーク"),
    ("ｶﾞｷﾞｸﾞｹﾞｺﾞ", "ガギグゲゴ"),
    ("ﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞ", "バビブベボ"),
    ("ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ", "パピプペポ"),
    ("ｳﾞｧｲｵﾘﾝ", "ヴァイオリン"),
    ("ゔぁいおりん", "ヴァイオリン"),
    ("ﾜﾞｦﾞ", "ヷヺ"),
    ("ゕゖ", "ヵヶ"),
    ("いすゞ", "イスヾ"),
    ("こゝろ", "コヽロ"),
    ("ｦｧｨｩｪｫｬｭｮｯ", "ヲァィゥェォャュョッ"),
    ("わゐゑをん", "ワヰヱヲン"),
    # Small kana stay small.
    ("ギョウセイショシ", "ギョウセイショシ"),
    ("ぎょうせいしょし", "ギョウセイショシ"),
    ("ｷｬﾉﾝ", "キャノン"),
    ("ヤマッハ", "ヤマッハ"),
    ("ｹｲｼﾞｷﾞﾖｳｾｲｼﾖｼｼﾞﾑｼﾖ", "ケイジギヨウセイシヨシジムシヨ"),
    # 濁点 and 半濁点 typed apart join their kana.
    ("カ\u3099", "ガ"),
    ("か\u3099", "ガ"),
    ("は\u309a", "パ"),
    ("カ゛", "ガ"),
    ("は゜", "パ"),
    ("ｶ゛", "ガ"),
    ("カﾞ", "ガ"),
    ("う゛", "ヴ"),
    ("ゝﾞ", "ヾ"),
    # Letters and digits become full-width capitals and digits.
    ("ABC", "ＡＢＣ"),
    ("abc", "ＡＢＣ"),
    ("ａｂｃ", "ＡＢＣ"),
    ("Jネット24", "Ｊネット２４"),
    ("ＮＴＴ", "ＮＴＴ"),
    ("0123456789", "０１２３４５６７８９"),
    # Spaces.
    ("ケイジ タロウ", "ケイジ\u3000タロウ"),
    ("ケイジ\u3000タロウ", "ケイジ\u3000タロウ"),
    ("ケイジ  タロウ", "ケイジ\u3000タロウ"),
    ("ケイジ \u3000 タロウ", "ケイジ\u3000タロウ"),
    ("ケイジ\u00a0タロウ", "ケイジ\u3000タロウ"),
    ("ケイジ\u2003\u2009タロウ", "ケイジ\u3000タロウ"),
    (" ケイジ ", "ケイジ"),
    ("\u3000ケイジ\u3000", "ケイジ"),
    ("\u00a0 \u3000ケイジ", "ケイジ"),
    # The middle dot.
    ("ジョン・スミス", "ジョン・スミス"),
    ("ｼﾞｮﾝ･ｽﾐｽ", "ジョン・スミス"),
    # Every dash behind a kana is the long mark.
    ("カーナビ", "カーナビ"),
    ("ｶｰﾅﾋﾞ", "カーナビ"),
    ("ｶ-ﾅﾋﾞ", "カーナビ"),
    ("か-なび", "カーナビ"),
    ("カ\u002dド", "カード"),  # hyphen-minus
    ("カ\u02d7ド", "カード"),  # modifier letter minus sign
    ("カ\u2010ド", "カード"),  # hyphen
    ("カ\u2011ド", "カード"),  # non-breaking hyphen
    ("カ\u2012ド", "カード"),  # figure dash
    ("カ\u2013ド", "カード"),  # en dash
    ("カ\u2014ド", "カード"),  # em dash
    ("カ\u2015ド", "カード"),  # horizontal bar
    ("カ\u2043ド", "カード"),  # hyphen bullet
    ("カ\u2212ド", "カード"),  # minus sign
    ("カ\u23afド", "カード"),  # horizontal line extension
    ("カ\u2500ド", "カード"),  # box drawings light horizontal
    ("カ\u2501ド", "カード"),  # box drawings heavy horizontal
    ("カ\u2e3aド", "カード"),  # two-em dash
    ("カ\u2e3bド", "カード"),  # three-em dash
    ("カ\ufe58ド", "カード"),  # small em dash
    ("カ\ufe63ド", "カード"),  # small hyphen-minus
    ("カ\uff0dド", "カード"),  # full-width hyphen-minus
    ("カ\uff70ド", "カード"),  # half-width long mark
    ("ｶﾞ-ﾄﾞ", "ガード"),
    ("カ゛-ド", "ガード"),
    ("ラーー", "ラーー"),
    ("ラ--", "ラーー"),
    ("ラー-", "ラーー"),
    ("ラ-ー−", "ラーーー"),
    ("ッ-", "ッー"),
    ("いすゞ-", "イスヾー"),
    ("ーア", "ーア"),
    ("", ""),
    ("\u3000 ", ""),
]

NAMES = [
    # Half-width becomes full-width.
    ("ABC 123", "ＡＢＣ\u3000１２３"),
    ("abc", "ａｂｃ"),
    ("(株)軽自", "（株）軽自"),
    ("軽自(有)", "軽自（有）"),
    ("A&B", "Ａ＆Ｂ"),
    ("A~B", "Ａ～Ｂ"),
    ("O'Neil", "Ｏ＇Ｎｅｉｌ"),
    ('"軽自"', "＂軽自＂"),
    ("A\\B", "Ａ＼Ｂ"),
    ("<b>軽自</b>", "＜ｂ＞軽自＜／ｂ＞"),
    ("A-1", "Ａ－１"),
    ("No.1", "Ｎｏ．１"),
    ("a_b@c", "ａ＿ｂ＠ｃ"),
    ("!#$%*+,/", "！＃＄％＊＋，／"),
    (":;=?[]^`{|}", "：；＝？［］＾｀｛｜｝"),
    ("ｶﾞﾚｰｼﾞ軽自", "ガレージ軽自"),
    ("ｳﾞｨﾗ", "ヴィラ"),
    ("｢軽自｣､ほか｡", "「軽自」、ほか。"),
    ("ｼﾞｮﾝ･ｽﾐｽ", "ジョン・スミス"),
    ("ｶ\u3099", "ガ"),
    ("ｶﾟ", "カ゜"),
    # Full-width stays.
    ("ＡＢＣ\u3000１２３", "ＡＢＣ\u3000１２３"),
    ("けいじ車検", "けいじ車検"),
    ("カー−ド‐ー〜", "カー−ド‐ー〜"),
    # Spaces.
    ("軽自 太郎", "軽自\u3000太郎"),
    ("軽自\u3000太郎", "軽自\u3000太郎"),
    ("軽自  太郎", "軽自\u3000太郎"),
    ("軽自 \u3000\u00a0太郎", "軽自\u3000太郎"),
    ("  軽自 太郎\u3000", "軽自\u3000太郎"),
    ("\u2003軽自\u202f太郎\u205f", "軽自\u3000太郎"),
    # Compatibility symbols are kept.
    ("㈱軽自", "㈱軽自"),
    ("㈲軽自", "㈲軽自"),
    ("①軽自", "①軽自"),
    ("㍿軽自", "㍿軽自"),
    ("第Ⅲ㌔℡№", "第Ⅲ㌔℡№"),
    ("昭㍼㋿", "昭㍼㋿"),
    ("☆軽自♪", "☆軽自♪"),
    ("軽自™®", "軽自™®"),
    ("々〆〇ヶ", "々〆〇ヶ"),
    # Kanji stay exactly as typed.
    ("軽自行政書士事務所", "軽自行政書士事務所"),
    ("\ufa19", "\ufa19"),  # 神, compatibility ideograph
    ("\ufa45", "\ufa45"),  # 海, compatibility ideograph
    ("\ufa10", "\ufa10"),  # 塚, compatibility ideograph
    ("\uf900\ufa11", "\uf900\ufa11"),  # 豈 﨑
    ("\U0002f800", "\U0002f800"),  # 丽, compatibility ideograph of plane 2
    ("山﨑", "山﨑"),
    ("髙橋", "髙橋"),
    ("濵田", "濵田"),
    ("德永", "德永"),
    ("𠮷田", "𠮷田"),
    ("\U00030000\U00031350", "\U00030000\U00031350"),  # plane 3, newer than this Python
    ("葛\U000e0100城", "葛\U000e0100城"),  # ideographic variation selectors
    ("辻\U000e0101", "辻\U000e0101"),
    ("神\ufe00", "神\ufe00"),  # standardised variant
    ("é\u0301", "é\u0301"),  # no normalisation of anything else either
    ("e\u0301", "ｅ\u0301"),
    ("한글", "한글"),
    ("", ""),
    (" \u3000", ""),
]

EMAIL = [
    ("taro@example.jp\u200b", "taro@example.jp"),
    ("\ufefftaro@example.jp", "taro@example.jp"),
    ("\u202ataro@example.jp\u202c ", "taro@example.jp"),
    ("k-oss@example.jp", "k-oss@example.jp"),
    ("Ａ@ｅｘ．jp", "A@ex.jp"),
    ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
    ("ｋ－ｏｓｓ＿１@example.jp", "k-oss_1@example.jp"),
    ("Taro@Example.JP", "Taro@example.jp"),
    ("  taro@example.jp ", "taro@example.jp"),
    ("\u3000taro@example.jp\u3000", "taro@example.jp"),
    ("\u00a0taro@example.jp", "taro@example.jp"),
    ("taro+oss@example.jp", "taro+oss@example.jp"),
    ("a.b.c@sub.example.co.jp", "a.b.c@sub.example.co.jp"),
    ("!#$%&'*+/=?^_`{|}~-@example.jp", "!#$%&'*+/=?^_`{|}~-@example.jp"),
    ("taro～x@example.jp", "taro~x@example.jp"),
    ("1@2.jp", "1@2.jp"),
    ("a@b--c.jp", "a@b--c.jp"),
    ("a@XN--WGV71A119E.XN--JP-X", "a@xn--wgv71a119e.xn--jp-x"),
    ("a" * 64 + "@example.jp", "a" * 64 + "@example.jp"),
    ("a@" + "b" * 63 + ".jp", "a@" + "b" * 63 + ".jp"),
    ("a@" + "b." * 124 + "jpn", "a@" + "b." * 124 + "jpn"),  # 253 characters
    ("", ""),
    (" \u3000", ""),
]

USER_ID = [
    ("KNCA6288\u200b", "KNCA6288"),
    ("\u2060KNCA6288\u00ad", "KNCA6288"),
    ("KNCA6288", "KNCA6288"),
    ("knca6288", "KNCA6288"),
    ("Knca6288", "KNCA6288"),
    ("ＫＮＣＡ６２８８", "KNCA6288"),
    ("ｋｎｃａ６２８８", "KNCA6288"),
    (" KNCA6288 ", "KNCA6288"),
    ("\u3000ＫＮＣＡ６２８８\u3000", "KNCA6288"),
    ("KNCA 6288", "KNCA 6288"),
    ("KNCA\u30006288", "KNCA 6288"),
    ("だれか", "だれか"),
    ("ﬁ ı ſ ß", "ﬁ ı ſ ß"),  # no letter turns into an ASCII one
    ("' OR 1=1 --", "' OR 1=1 --"),
    ("A" * 1024, "A" * 1024),
    ("", ""),
    (" ", ""),
]

PASSWORD = [
    (" spaces stay ", " spaces stay "),
    ("ＦＵＬＬ　ｗｉｄｔｈ", "ＦＵＬＬ　ｗｉｄｔｈ"),
    ("p" * 1024, "p" * 1024),
    ("", ""),
]


def converting(convert: Callable[[str], str], rows: list[tuple[str, str]]) -> list[object]:
    """Name each row by what is typed, so that a failure can be found in the table."""
    return [pytest.param(convert, *row, id=ascii(row[0][:40])) for row in rows]


@pytest.mark.parametrize(
    ("convert", "typed", "registered"),
    converting(kana(), KANA)
    + converting(name(60), NAMES)
    + converting(email, EMAIL)
    + converting(user_id, USER_ID)
    + converting(password, PASSWORD),
)
def test_typed_is_registered_as(convert: Callable[[str], str], typed: str, registered: str) -> None:
    assert convert(typed) == registered
    assert convert(registered) == registered


KANA_REFUSED = [
    ("山田", "「山」などの漢字は使えません。カタカナかひらがなで入力してください。"),
    ("\ufa19", "「\ufa19」などの漢字は使えません"),
    ("𠮷", "「𠮷」などの漢字は使えません"),
    ("葛\U000e0100", "「葛」などの漢字は使えません"),
    ("一", "「一」などの漢字は使えません"),
    ("\u9fef", "「\u9fef」などの漢字は使えません"),
    ("サ々", "「々」などの漢字は使えません"),
    ("㈱ケイジ", "「㈱」は使えません。「カブシキガイシャ」と入力してください。"),
    ("㍿ケイジ", "「カブシキガイシャ」と入力"),
    ("㈲ケイジ", "「ユウゲンガイシャ」と入力"),
    ("㈳ケイジ", "「シャダンホウジン」と入力"),
    ("㈶ケイジ", "「ザイダンホウジン」と入力"),
    ("㈻ケイジ", "「ガッコウホウジン」と入力"),
    ("①", "「①」は使えません。「１」と入力してください。"),
    ("⑳", "「２０」と入力"),
    ("Ⅲ", "「ＩＩＩ」と入力"),
    ("㌔", "「キロ」と入力"),
    ("℡", "「ＴＥＬ」と入力"),
    ("㋿", "「レイワ」と入力"),
    ("㈹", "「㈹」は使えません。読みをカタカナかひらがなで入力"),
    ("A&B", "「&」は使えません。「アンド」と入力"),
    ("-ケイジ", "「-」は使えません。のばす音の「ー」にできるのは、かなのすぐ後"),
    ("AB-CD", "「-」は使えません"),
    ("１\u22122", "「\u2212」は使えません"),
    ("ケイジ -", "「-」は使えません"),
    ("ア・\uff0dイ", "「\uff0d」は使えません"),
    ("ラ\u301cメン", "「\u301c」は使えません。のばす音は「ー」で入力"),
    ("ラ\uff5eメン", "「\uff5e」は使えません。のばす音は「ー」で入力"),
    ("ラ~メン", "「~」は使えません。のばす音は「ー」で入力"),
    ("(カブ)", "「(」は使えません。使えるのは、カタカナ、ひらがな"),
    ("ケイジ、タロウ", "「、」は使えません"),
    ("ケイジ｡", "「｡」は使えません"),
    ("ﾞ", "「ﾞ」は使えません"),
    ("é", "「é」は使えません"),
    ("カ\u0301", "「\u25cc\u0301」(U+0301)は使えません"),
    ("カ\nナ", "改行は使えません"),
    ("カ😀", "「😀」は使えません"),
    ("ア" * 61, "60文字以内で入力してください。現在は61文字です。"),
]

NAMES_REFUSED = [
    ("軽自\n太郎", "改行は使えません。1行で入力してください。"),
    ("軽自\r\n", "改行は使えません"),
    ("軽自\u2028太郎", "改行は使えません"),
    ("軽自\t太郎", "タブは使えません。空白に置き換えてください。"),
    ("軽自\x00", "制御文字(U+0000)は使えません"),
    ("軽自\x07", "制御文字(U+0007)は使えません"),
    ("軽自\x7f", "制御文字(U+007F)は使えません"),
    ("軽自\u200b太郎", "目に見えない文字(U+200B)は使えません"),
    ("\ufeff軽自", "目に見えない文字(U+FEFF)は使えません"),
    ("軽\u00ad自", "目に見えない文字(U+00AD)は使えません"),
    ("軽\u200d自", "目に見えない文字(U+200D)は使えません"),
    ("\u202e軽自", "目に見えない文字(U+202E)は使えません"),
    ("\u2066軽自\u2069", "目に見えない文字(U+2066)は使えません"),
    ("\u3164", "目に見えない文字(U+3164)は使えません"),
    ("あ\ufe0f", "目に見えない文字(U+FE0F)は使えません"),
    ("あ\U000e0100", "目に見えない文字(U+E0100)は使えません"),
    ("葛\U000e0100\U000e0101", "目に見えない文字(U+E0101)は使えません"),
    ("軽\ufffd自", "文字化けした文字(U+FFFD)は使えません"),
    ("軽\ud83d自", "文字化けした文字(U+D83D)は使えません"),
    ("\ue000田", "外字(U+E000)は使えません。ふつうの漢字か、かなに"),
    ("\U000f0000", "外字(U+F0000)は使えません"),
    ("\u0378", "割り当てのない文字(U+0378)は使えません"),
    ("\U0002ffff", "割り当てのない文字(U+2FFFF)は使えません"),
    ("軽自😀", "「😀」は使えません。絵文字を消してください。"),
    ("❤\ufe0f軽自", "「❤\ufe0f」は使えません。絵文字を"),
    ("❤軽自", "「❤」は使えません"),
    ("☎\ufe0f", "「☎\ufe0f」は使えません"),
    ("㊙\ufe0f", "「㊙\ufe0f」は使えません"),
    ("1\ufe0f\u20e3", "「1\ufe0f\u20e3」は使えません"),
    ("１\u20e3", "「１\u20e3」は使えません"),
    ("👍🏽", "「👍🏽」は使えません"),
    ("🏽", "「🏽」は使えません"),
    ("🇯🇵", "「🇯🇵」は使えません"),
    ("👨\u200d👩\u200d👧", "「👨\u200d👩\u200d👧」は使えません"),
    ("⭐", "「⭐」は使えません"),
    ("✅", "「✅」は使えません"),
    ("🫨", "「🫨」は使えません"),
    ("軽" * 61, "60文字以内で入力してください。現在は61文字です。"),
    ("𠮷" * 61, "現在は61文字です。"),
]

EMAIL_REFUSED = [
    ("taro.example.jp", "「@」がありません"),
    ("taro@jiro@example.jp", "「@」が2つ以上あります"),
    ("@example.jp", "「@」の前がありません"),
    ("taro@", "「@」の後ろがありません"),
    ("a@example.jp,b@example.jp", "「,」が含まれています。メールアドレスは1つだけ"),
    ("a@example.jp;b@example.jp", "「;」が含まれています"),
    ("taro@example，jp", "「,」が含まれています"),
    ("taro@example、jp", "「、」が含まれています。メールアドレスは1つだけ"),
    ("taro@example。jp", "「。」が含まれています。「.」に直してください。"),
    ("taroー1@example.jp", "「ー」が含まれています。「-」に直してください。"),
    ("Taro <taro@example.jp>", "空白が含まれています"),
    ("<taro@example.jp>", "「<」が含まれています"),
    ('"taro"@example.jp', '「"」が含まれています'),
    ("taro(home)@example.jp", "「(」が含まれています"),
    ("taro\\@example.jp", "「\\」が含まれています"),
    ("mailto:taro@example.jp", "「:」が含まれています"),
    ("taro@[127.0.0.1]", "「[」が含まれています"),
    ("ta ro@example.jp", "空白が含まれています"),
    ("ta\u3000ro@example.jp", "空白が含まれています"),
    ("太郎@example.jp", "全角文字「太」が含まれています。半角の英数字と記号で"),
    ("あ@example.jp", "全角文字「あ」が含まれています"),
    ("taro@例え.jp", "全角文字「例」が含まれています"),
    ("é@example.jp", "「é」が含まれています"),
    ("ｱ@example.jp", "「ｱ」が含まれています"),
    ("taro😀@example.jp", "「😀」は使えません"),
    ("taro@example.jp\r\nBcc: x@example.jp", "改行は使えません"),
    ("taro@example.jp\n", "改行は使えません"),
    ("taro\x00@example.jp", "制御文字(U+0000)は使えません"),
    ("taro\u200b@example.jp", "目に見えない文字(U+200B)は使えません"),
    ("ta..ro@example.ne.jp", "「@」の前で「.」が続いています"),
    ("taro.@example.ne.jp", "「@」のすぐ前に「.」があります"),
    (".taro@docomo.ne.jp", "「.」で始まっています"),
    ("=?utf-8?q?taro?=@example.jp", "「=?」と「?=」が含まれています"),
    ("t=?aro?=@docomo.ne.jp", "「=?」と「?=」が含まれています"),
    ("taro.@example.ne.jp", "別のアドレスにしてください"),
    ("taro@example", "「@」の後ろに「.」がありません"),
    ("taro@example..jp", "「@」の後ろで「.」が続いているか"),
    ("taro@.example.jp", "端にあります"),
    ("taro@example.jp.", "端にあります"),
    ("taro@ex_ample.jp", "「@」の後ろに「_」は使えません"),
    ("taro@-example.jp", "「-example」の端に「-」があります"),
    ("taro@example-.jp", "「example-」の端に「-」があります"),
    ("taro@127.0.0.1", "最後が「jp」や「com」のような英字になっていません"),
    ("taro@" + "b" * 64 + ".jp", "63文字以内"),
    ("a" * 65 + "@example.jp", "「@」の前は64文字以内です。現在は65文字あります。"),
    ("a@" + "b." * 125 + "jpn", "254文字以内で入力してください。現在は255文字です。"),
]

USER_ID_REFUSED = [
    ("KNCA6288\n", "改行は使えません"),
    ("KNCA\t6288", "タブは使えません"),
    ("KNCA\x006288", "制御文字(U+0000)は使えません"),
    ("\u202eKNCA6288", "目に見えない文字(U+202E)は使えません"),
    ("\ud83d", "文字化けした文字(U+D83D)は使えません"),
    ("A" * 1025, "長すぎます"),
    ("あ" * 342, "長すぎます"),
]

PASSWORD_REFUSED = [
    ("p" * 1025, "長すぎます。半角で1024文字以内で入力してください。"),
    ("パ" * 342, "長すぎます"),
    ("\ud83d", "読み取れない文字が含まれています"),
]


@pytest.mark.parametrize(
    ("convert", "typed", "words"),
    converting(kana(), KANA_REFUSED)
    + converting(name(60), NAMES_REFUSED)
    + converting(email, EMAIL_REFUSED)
    + converting(user_id, USER_ID_REFUSED)
    + converting(password, PASSWORD_REFUSED),
)
def test_typed_is_refused_with(convert: Callable[[str], str], typed: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        convert(typed)
    assert words in str(refusal.value)


def test_the_tables_are_as_long_as_promised() -> None:
    assert len(KANA + NAMES + EMAIL + USER_ID + PASSWORD) >= 120


@pytest.mark.parametrize("limit", [40, 60])
def test_a_name_may_have_exactly_its_limit(limit: int) -> None:
    convert = name(limit)
    full = "𠮷\U000e0100" * limit
    assert convert(full) == full
    assert convert("ｶﾞ" * limit) == "ガ" * limit
    with pytest.raises(Refused, match=f"^{limit}文字以内で入力してください。現在は{limit + 1}文字"):
        convert(full + "軽")


def test_a_kana_of_another_length_may_be_asked_for() -> None:
    assert kana(3)(" ｶﾞｷﾞｸﾞ ") == "ガギグ"
    with pytest.raises(Refused, match=r"^3文字以内で入力してください。現在は4文字です。$"):
        kana(3)("ガギグゲ")
