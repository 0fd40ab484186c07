"""法人格, shortened in a 口座名義カナ as the banks write it: ｶ)ﾀｶﾊｼ, ﾀｶﾊｼ(ｶ, ﾀｶﾊｼ(ｶ)ﾁﾊﾞｼﾃﾝ.

The table is that of the 全国銀行データ通信システム (全銀システム): 「別表 1 法人略語」, as banks print
it in their rules for transfers; one short form a name, no space beside it. Their other tables, of words inside a
name (協同組合, 営業所), are left alone: passbooks differ there, and whoever has the short word types it.
"""

import re

from web.fields.bank_kana import to_bank

# 法人格, how it is read, its short form, the sign that people write for it.
_TABLE = (
    ("株式会社", "カブシキガイシャ", "カ", "株"),
    ("有限会社", "ユウゲンガイシャ", "ユ", "有"),
    ("合名会社", "ゴウメイガイシャ", "メ", "名"),
    ("合資会社", "ゴウシガイシャ", "シ", "資"),
    ("合同会社", "ゴウドウガイシャ", "ド", "同"),
    ("相互会社", "ソウゴガイシャ", "ソ", "相"),
    ("医療法人", "イリョウホウジン", "イ", "医"),
    ("医療法人社団", "イリョウホウジンシャダン", "イ", "医社"),
    ("医療法人財団", "イリョウホウジンザイダン", "イ", "医財"),
    ("社会医療法人", "シャカイイリョウホウジン", "イ", "社医"),
    ("社会医療法人社団", "シャカイイリョウホウジンシャダン", "イ", ""),
    ("社会医療法人財団", "シャカイイリョウホウジンザイダン", "イ", ""),
    ("財団法人", "ザイダンホウジン", "ザイ", "財"),
    ("一般財団法人", "イッパンザイダンホウジン", "ザイ", "一財"),
    ("公益財団法人", "コウエキザイダンホウジン", "ザイ", "公財"),
    ("社団法人", "シャダンホウジン", "シャ", "社"),
    ("一般社団法人", "イッパンシャダンホウジン", "シャ", "一社"),
    ("公益社団法人", "コウエキシャダンホウジン", "シャ", "公社"),
    ("宗教法人", "シュウキョウホウジン", "シュウ", "宗"),
    ("学校法人", "ガッコウホウジン", "ガク", "学"),
    ("社会福祉法人", "シャカイフクシホウジン", "フク", "福"),
    ("更生保護法人", "コウセイホゴホウジン", "ホゴ", "更"),
    ("特定非営利活動法人", "トクテイヒエイリカツドウホウジン", "トクヒ", "特非"),
    ("ＮＰＯ法人", "エヌピーオーホウジン", "トクヒ", ""),
    ("ＮＰＯ法人", "ＮＰＯホウジン", "トクヒ", ""),
    ("独立行政法人", "ドクリツギョウセイホウジン", "ドク", "独"),
    ("地方独立行政法人", "チホウドクリツギョウセイホウジン", "チドク", "地独"),
    ("国立大学法人", "コクリツダイガクホウジン", "ダイ", "大"),
    ("公立大学法人", "コウリツダイガクホウジン", "ダイ", "公大"),
    ("有限責任中間法人", "ユウゲンセキニンチュウカンホウジン", "チュウ", "中"),
    ("無限責任中間法人", "ムゲンセキニンチュウカンホウジン", "チュウ", ""),
    ("農事組合法人", "ノウジクミアイホウジン", "ノウ", "農"),
    ("管理組合法人", "カンリクミアイホウジン", "カンリ", "管"),
    ("弁護士法人", "ベンゴシホウジン", "ベン", "弁"),
    ("司法書士法人", "シホウショシホウジン", "シホウ", "司"),
    ("行政書士法人", "ギョウセイショシホウジン", "ギョ", "行"),
    ("税理士法人", "ゼイリシホウジン", "ゼイ", "税"),
    ("社会保険労務士法人", "シャカイホケンロウムシホウジン", "ロウム", "労"),
)
_SIGNS = {
    "㈱": "株",
    "㍿": "株",
    "㈲": "有",
    "㈴": "名",
    "㈾": "資",
    "㈶": "財",
    "㈳": "社",
    "㈻": "学",
}
# Rarer ones, which the keys of the desk's search do not leave out.
_ALSO = {
    "㊑": "株",
    "㏍": "株",
    "（カブ）": "株",
    "㊒": "有",
    "（ユウ）": "有",
    "㊖": "財",
    "㊫": "学",
}


def _readings(reading: str, sign: str) -> set[str]:
    """Give both ways to read a 法人格; 合資 alone could then be part of another word."""
    return {reading, reading.replace("ガイシャ", "カイシャ") if sign != "資" else reading}


def _names() -> set[str]:
    enclosed = {f"（{sign}）" for _, _, _, sign in _TABLE if sign} | _SIGNS.keys()
    whole = {name for name, _, _, _ in _TABLE}
    return enclosed.union(whole, *(_readings(reading, sign) for _, reading, _, sign in _TABLE))


def _spellings() -> dict[str, str]:
    """Give the short form of every way to write a 法人格, as the banks' kana."""
    found: dict[str, str] = {}
    for name, reading, short, sign in _TABLE:
        signs = {f"({sign})"} if sign else set()
        signs |= {to_bank(each) for each, meant in {**_SIGNS, **_ALSO}.items() if meant == sign}
        found |= dict.fromkeys(
            {to_bank(name), *signs, *map(to_bank, _readings(reading, sign))}, to_bank(short)
        )
    return found


NAMES = _names()  # every 法人格, written in full or as a sign, and read
_SHORT = _spellings()
_LONGEST_FIRST = "|".join(
    " ?".join(map(re.escape, each)) for each in sorted(_SHORT, key=len, reverse=True)
)
_WRITTEN = re.compile(rf"[ (]*({_LONGEST_FIRST})[ )]*")
_ABBREVIATION = "|".join(sorted(set(_SHORT.values()), key=len, reverse=True))
_SHORT_ALREADY = re.compile(
    rf"^\(?(?P<front>{_ABBREVIATION})\) *(?=.)"
    rf"|(?<=.) *\((?P<back>{_ABBREVIATION})\)?$"
    rf"|(?<=.) *\((?P<middle>{_ABBREVIATION})\) *(?=.)"
)


def without_short(text: str) -> str:
    """Take out a 法人格 that stands there as banks write it: ｶ)ﾀｶﾊｼ is ﾀｶﾊｼ."""
    plain = to_bank(text)
    found = _SHORT_ALREADY.search(plain)
    return plain[: found.start()] + plain[found.end() :] if found else text


def abbreviated(text: str) -> str:
    """Shorten the 法人格 of a name that is written in the banks' kana."""
    found = _SHORT_ALREADY.search(text)
    if found:
        form = str(found[found.lastgroup or 0])
    elif found := _WRITTEN.search(text):
        form = _SHORT[found[1].replace(" ", "")]
    else:
        return text
    before, after = text[: found.start()], text[found.end() :]
    if not (before or after):
        return text
    return f"{before}{'(' if before else ''}{form}{')' if after or not before else ''}{after}"
