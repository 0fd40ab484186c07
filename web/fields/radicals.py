"""Radicals, which PDF files give instead of the kanji they look like: ⾼橋⼀郎 → 高橋一郎.

The table is the property Equivalent_Unified_Ideograph of Unicode 15.0 (EquivalentUnifiedIdeograph.txt),
for the blocks CJK Radicals Supplement and Kangxi Radicals; radicals without such a kanji stay. Nothing
else about kanji changes: 髙 and 﨑 are kanji of their own.
"""

# The kanji of a run of code points, by the first of them.
_RUNS = {
    0x2E81: "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵",
    0x2E9B: (
        "旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤"
        "覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾"
        "斉齐歯齿竜龙龜亀龟"
    ),
    0x2F00: (
        "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀"
        "寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋"
        "比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸"
        "缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛"
        "辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻"
        "黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠"
    ),
}
_TO_KANJI = {
    first + place: kanji for first, run in _RUNS.items() for place, kanji in enumerate(run)
}


def radicals_as_kanji(text: str) -> str:
    """Put the kanji in the place of every radical that stands for one."""
    return text.translate(_TO_KANJI)
