"""Texts that an operator puts in the place of ours: plain text in a file of MYPAGE_TEXTS_DIR."""

import re
from dataclasses import dataclass
from pathlib import Path

from web.settings import Settings

# A heading is a line that begins with #; what follows it needs no blank line between.
_HEADING_LINE = re.compile(r"^# .*$", re.MULTILINE)
_GAP = re.compile(r"\n\s*\n")
_HEADING = "# "


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph."""

    heading: bool
    words: str


def own(settings: Settings, name: str) -> list[Block]:
    """Read the operator's text: headings, and paragraphs between blank lines; none without such a file."""
    file = Path(settings.texts_dir) / f"{name}.txt"
    if not settings.texts_dir or not file.is_file():
        return []
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    parts = _GAP.split(_HEADING_LINE.sub(r"\n\g<0>\n\n", text))
    return [_block(part.strip()) for part in parts if part.strip()]


def _block(part: str) -> Block:
    return Block(part.startswith(_HEADING), part.removeprefix(_HEADING))
