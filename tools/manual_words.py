"""Reads the operating manual of the real service: what each of its pictures and mails says, word by word.

The manual is a text that was read off its pages: pictures are the words in them, tables in Markdown, and here and
there a description in English whose quotations are the words of the picture.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

CHAPTER = re.compile(r"^#+ *(\d)\.")
STEP = re.compile(r"^\s*(?:- )?([①-⑳])")
BADGES = ("必須", "任意", "OK")
WITH_ICON = "🔄🏠👉"
GLYPHS = re.compile(rf"^(?:[{WITH_ICON}☰☑📄↓📌①❶«<>・*#\s]|- )+|[?*\s]+$|📞 ?")
LABEL_AND_BADGE = re.compile(rf"^(.+?)\s+\**({'|'.join(BADGES)})\**$")
JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
NAMES = re.compile(r"[『「]([^』」]+)[』」]")
QUOTED = re.compile(rf"'([^']*{JAPANESE.pattern}[^']*)'")
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)|</?a[^>]*>")
TAG = re.compile(r"<[^>]+>")
DATE = re.compile(r"\d{4}年\d\d月\d\d日 \d\d時\d\d分\d\d秒")
URL = re.compile(r"https?://\S+")
LOGO = {"軽自動車保有関係手続の", "ワンストップサービス"}
SUBJECT = "件名："


@dataclass(frozen=True)
class Said:
    """Words of a picture or a mail; `icon`: a small picture stands before them."""

    text: str
    icon: bool = False


def letters(text: str) -> str:
    """Give the text without its spaces; moments and addresses of mails, which always differ, by name."""
    return re.sub(r"\s", "", URL.sub("（URL）", DATE.sub("（日時）", text)))


def steps(manual: str) -> dict[tuple[int, int], list[Said]]:
    """Give what is said at each step, by the numbers of its chapter and its own."""
    chapter, step, found = 0, 0, dict[tuple[int, int], list[str]]()
    for line in manual.splitlines():
        if head := CHAPTER.match(line):
            step = step if int(head[1]) == chapter else 0
            chapter = int(head[1])
            continue
        mark = STEP.match(line)
        # A picture has ① before some sentences; the next step has the next number.
        if chapter and mark and ord(mark[1]) - ord("①") == step:
            step += 1
            found[chapter, step] = []
        if (chapter, step) in found:
            found[chapter, step].append(line)
    return {place: said_at(lines) for place, lines in found.items()}


def said_at(lines: list[str]) -> list[Said]:
    """Give what the first picture of a step says; where it is lost, what the step itself names."""
    sentence, picture = lines[0], list[str]()
    for line in lines[1:]:
        if "補足" in line:
            break
        picture.append(line)
    said = [*_words(picture)]
    return said or [Said(name) for name in NAMES.findall(sentence)]


def _words(picture: list[str]) -> Iterator[Said]:
    seen = set[str]()
    for row in _rows(picture):
        for each in _read(row, seen):
            seen.add(each.text)
            if each.text not in LOGO:
                yield each


def _rows(picture: list[str]) -> Iterator[str]:
    """Give the lines of a picture, without what a mail says of itself."""
    for line in picture:
        text = line.strip()
        if not re.match(r"#+ ■|- 送信元|\[key=|\|[-|\s]+$|!\[", text):
            yield text.replace("\\", "").removeprefix("- ").removeprefix(SUBJECT)


def _read(text: str, seen: set[str]) -> Iterator[Said]:
    if text.startswith("|"):
        yield from _cells(text)
    elif text.startswith(("The ", "On the ", "A ")):
        yield from (Said(each) for each in QUOTED.findall(text) if each not in seen)
    elif JAPANESE.search(text) or text.startswith("http"):
        plain = TAG.sub("", LINK.sub(r"\1", text))
        words, icon = GLYPHS.sub("", plain), plain[:1] in WITH_ICON
        pair = LABEL_AND_BADGE.match(words)
        yield from map(Said, pair.groups()) if pair else [Said(words, icon)]


def _cells(row: str) -> Iterator[Said]:
    """Read a row of a table: its label, its badge, its choices; what was typed is of no interest."""
    label, *others = (each.strip() for each in row.strip("|").split("|"))
    yield Said(GLYPHS.sub("", TAG.sub("", label)))
    for cell in others:
        value = re.search('type="button" value="([^"]+)"', cell)
        plain = value[1] if value else TAG.sub("", cell).strip()
        if plain in BADGES:
            yield Said(plain)
        elif 'type="radio"' in cell:
            yield from (Said(text.strip()) for text in TAG.split(cell) if text.strip())
