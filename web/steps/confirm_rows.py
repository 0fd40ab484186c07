"""The lines of 確認: what will be registered, what it was, and where it was typed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of 確認."""

    label: str
    value: str
    was: str = ""
    changed: bool = False
    place: str = ""  # the field that its link 変更 leads to
    removed: bool = False  # no longer asked: what was registered is deleted
