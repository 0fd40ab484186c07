"""Banks that are no longer in the list because they merged, and what they became."""

from web.banks.directory import Bank, banks
from web.banks.folding import folded_bank

# By name, and by code where the code has not been given to another: the code of the successor.
_BECAME = {
    "青森": "0117", "みちのく": "0117", "0118": "0117",
    "第四": "0140", "北越": "0140", "0141": "0140",
    "八十二": "0143", "長野": "0143",
    "三重": "0154", "第三": "0154",
    "愛知": "0542", "中京": "0542",
    "十八": "0181", "親和": "0181", "0180": "0181",
    "東京都民": "0137", "八千代": "0137", "新銀行東京": "0137",
    "関西アーバン": "0159", "近畿大阪": "0159",
    "徳島": "0572", "大正": "0572",
}  # fmt: skip
_BY_KEY = {folded_bank(name): (name, successor) for name, successor in _BECAME.items()}


def successor(typed: str) -> tuple[str, Bank] | None:
    """Give the former name and the bank that a merged one became; None for any other."""
    name, code = _BY_KEY.get(folded_bank(typed), ("", ""))
    bank = banks().get(code)
    if bank is None:
        return None
    return (name if name.isdigit() or name.endswith("東京") else f"{name}銀行"), bank


def explained(typed: str) -> str:
    """Say in a sentence what a merged bank became; '' for any other."""
    found = successor(typed)
    if found is None:
        return ""
    return f"{found[0]}は、合併により{found[1].name}（{found[1].code}）になりました。"
