"""Banks that are no longer in the list under their names, and what they became.

What they were called, and their codes, stand in older lists of the 全銀 system (zengin-code/source-data, commit
26e8320). A code is given where no bank has it any more. Each line names the day and where it was read; what could
not be read anywhere is not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from web.banks.directory import Bank, banks
from web.banks.folding import folded_bank

MERGER, NEW_NAME = "合併", "商号変更"


@dataclass(frozen=True, slots=True)
class Change:
    """What one or more banks became: code and name of the successor, names and codes of before."""

    code: str
    name: str
    former: Mapping[str, str]
    how: str = MERGER


CHANGES = (
    # 2025-04-01, newsdig.tbs.co.jp/articles/tbc/1818483, github.com/zengin-code/source-data/issues/34
    Change(
        "3636", "仙台農協",
        {
            "岩沼市農業協同組合": "3647",
            "名取岩沼農業協同組合": "3652",
            "みやぎ亘理農業協同組合": "3653",
        },
    ),
    # 2026-05-02, github.com/zengin-code/source-data/issues/38, www.fukuibank.co.jp/merger/
    Change("0147", "福井銀行", {"福邦銀行": "0537"}),
    # 2026-01-01, media.finasee.jp/articles/-/14014
    Change("0143", "八十二長野銀行", {"八十二銀行": "", "長野銀行": "0533"}),
    # 2025-01-01, newsdig.tbs.co.jp/articles/atv/1647140
    Change("0117", "青森みちのく銀行", {"青森銀行": "", "みちのく銀行": "0118"}),
    # 2025-01-01, maonline.jp/tags/ご当地銀行の合従連衡史
    Change("0542", "あいち銀行", {"愛知銀行": "", "中京銀行": "0544"}),
    # 2021-05-01, tokai-tv.com/tokainews/article_20210501_170365
    Change("0154", "三十三銀行", {"三重銀行": "", "第三銀行": "0546"}),
    # 2021-01-01, www.nikkei.com/article/DGXZQOFB248FE0U0A221C2000000/
    Change("0140", "第四北越銀行", {"第四銀行": "", "北越銀行": "0141"}),
    # 2020-10-01, data-max.co.jp/article/37908
    Change("0181", "十八親和銀行", {"十八銀行": "0180", "親和銀行": ""}),
    # 2020-09-07, www.news-japan.net/archives/202009-1.html
    Change("1444", "はくさん信金", {"北陸信用金庫": "", "鶴来信用金庫": "1445"}),
    # 2020-01-01, www.iwate-np.co.jp/article/kyodo/2019/12/25/401488
    Change("0572", "徳島大正銀行", {"徳島銀行": "", "大正銀行": "0555"}),
    # 2019-07-16, www.nikkei.com/article/DGXMZO47391380W9A710C1L61000/
    Change("1501", "しずおか焼津信金", {"静岡信用金庫": "", "焼津信用金庫": "1512"}),
    # 2019-06-24, www.chunichi.co.jp/article/shizuoka/shizuoka-economy/list/2019/CK2019061302000095.html
    Change("1513", "島田掛川信金", {"島田信用金庫": "1509", "掛川信用金庫": ""}),
    # 2019-04-01, www.sankeibiz.jp/business/news/190402/bse1904020500003-n1.htm
    Change("0159", "関西みらい銀行", {"関西アーバン銀行": "0554", "近畿大阪銀行": ""}),
    # 2019-02-25, inou2002.cocolog-nifty.com/blog/2018/12/08/index.html
    Change("1583", "桑名三重信金", {"桑名信用金庫": "", "三重信用金庫": "1582"}),
    # 2019-01-21, www.sugimoto-consul.biz/blog-20190122
    Change("1503", "浜松磐田信金", {"浜松信用金庫": "", "磐田信用金庫": "1511"}),
    # 2018-05-01, www.sankeibiz.jp/business/news/180501/bse1805012127003-n1.htm
    Change(
        "0137", "きらぼし銀行",
        {"東京都民銀行": "", "八千代銀行": "0597", "新銀行東京": "0322"},
    ),
    # 2018-01-01, www.shinkin.co.jp/hokkaido/merger/merger_sapporo/index.html
    Change(
        "1001", "北海道信金",
        {"札幌信用金庫": "", "小樽信用金庫": "1016", "北海信用金庫": "1018"},
    ),
    # 2017-01, social.hokkaido.jp/areanews/credit-union
    Change("1014", "道南うみ街信金", {"函館信用金庫": "1012", "江差信用金庫": ""}),
    # 2016-02-15, www.fukuishimbun.co.jp/articles/-/58795
    Change("1470", "福井信金", {"武生信用金庫": "1472"}),
    # 2016, www.bb-building.net/city/info/1818.html
    Change("1531", "大垣西濃信金", {"大垣信用金庫": "", "西濃信用金庫": "1540"}),
    # 2021-04-05, gapsis.jp/2021/04/japannetbank-to-paypay-bank-chuui.html
    Change("0033", "ＰａｙＰａｙ銀行", {"ジャパンネット銀行": ""}, NEW_NAME),
    # 2018-04-01, www.asahi.com/articles/ASL4141YWL41ULFA00D.html
    Change("0005", "三菱ＵＦＪ銀行", {"三菱東京UFJ銀行": ""}, NEW_NAME),
    # 2026, alis.to/Shozao-web/articles/aoNRMReEbzPg, and the list itself
    Change("0038", "ドコモＳＭＴＢネット銀行", {"住信SBIネット銀行": ""}, NEW_NAME),
)  # fmt: skip


def _keys(name: str, code: str) -> set[str]:
    return {folded_bank(each) for each in (name, code, f"{code} {name}") if each.strip()}


_BY_KEY = {
    key: (f"{name}（{code}）" if code else name, change)
    for change in CHANGES
    for name, code in change.former.items()
    for key in _keys(name, code)
}


def successor(typed: str) -> Bank | None:
    """Give the bank that a former one became; None for any other."""
    _, change = _BY_KEY.get(folded_bank(typed), ("", None))
    return banks().get(change.code) if change else None


def explained(typed: str) -> str:
    """Say in a sentence what a former bank became; '' for any other."""
    bank = successor(typed)
    if bank is None:
        return ""
    former, change = _BY_KEY[folded_bank(typed)]
    return f"{former}は、{change.how}により{bank.name}（{bank.code}）になりました。"
