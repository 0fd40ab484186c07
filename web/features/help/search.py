"""検索: which questions, pages and texts hold the words, in whatever width or kana they are typed."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment
from jinja2.filters import do_striptags
from starlette.requests import Request

from web.features.help.contents import QUESTIONS, SITEMAP, TEXTS
from web.features.help.synonyms import SYNONYMS
from web.http import texts
from web.http.client import services_of
from web.http.render import url

LONGEST, MOST_WORDS = 100, 8  # of a search; what follows is not looked for
BEFORE, AFTER = 24, 72  # how many characters an excerpt shows around its first hit
# Of a sentence, パスワードを変更したい, what it is about: パスワード 変更.
_NOUNS = re.compile("[ァ-ヶー]{2,}|[一-龠々]{2,}|[A-Za-zＡ-Ｚａ-ｚ]{2,}")
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found."""

    title: str
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that holds every word; `excerpt` in parts, each with whether it was searched for."""

    title: str
    address: str
    excerpt: list[tuple[str, bool]]


def search(request: Request, asked: str) -> tuple[list[Hit], str]:
    """Find what holds every word, and say which other words were looked for; what has them in the title first.

    A sentence that stands nowhere is looked for by its nouns.
    """
    entries, besides = list(_entries(request)), also(asked)
    found = _found(entries, words_of(asked), words_of(besides))
    nouns = words_of(" ".join(_NOUNS.findall(asked[:LONGEST])))
    if not found and len(nouns) > 1:
        found, besides = _found(entries, nouns), " ".join(nouns)
    return found, besides


def _found(entries: list[Entry], *ways: list[str]) -> list[Hit]:
    found = dict[str, Hit]()
    for words in filter(None, ways):
        those = [each for each in entries if _holds(words, f"{each.title}\n{each.text}")]
        those.sort(key=lambda entry: not _holds(words, entry.title))
        for each in those:
            hit = Hit(each.title, each.address, _excerpt(each.text, words))
            found.setdefault(each.address, hit)
    return list(found.values())


def also(asked: str) -> str:
    """Give the words of the help for what people say otherwise; nothing when there are none."""
    said = fold(asked).replace(" ", "")
    return next(
        (
            ours
            for theirs, ours in SYNONYMS.items()
            if any(_folded(each) in said for each in theirs)
        ),
        "",
    )


def words_of(asked: str) -> list[str]:
    """List the words of a search, folded, each once and a few of them: each is looked for everywhere."""
    return list(dict.fromkeys(fold(asked[:LONGEST]).split()))[:MOST_WORDS]


def _holds(words: list[str], text: str) -> bool:
    return all(word in _folded(text) for word in words)


def fold(text: str) -> str:
    """Make widths, cases and the two kana alike."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_TO_KATAKANA)


# What is looked through is the same at each search, and nothing that a visitor typed: a search that folded it anew
# kept everybody waiting for ten milliseconds.
@lru_cache(maxsize=512)
def _folded(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=512)
def _letter_by_letter(text: str) -> tuple[str, list[int]]:
    """Fold each letter; say of each that comes out which one it was."""
    letters = [fold(letter) for letter in text]
    return "".join(letters), [number for number, each in enumerate(letters) for _ in each]


def _entries(request: Request) -> Iterator[Entry]:
    env: Environment = request.app.state.templates
    settings = services_of(request).settings

    def said(file: str) -> str:
        return " ".join(do_striptags(env.get_template(file).render(settings=settings)).split())

    for question in QUESTIONS:
        address = f"{url(request, 'help/faq')}#{question.id}"
        yield Entry(question.asked, address, said(f"help/answers/{question.id}.html"))
    for place in (place for places in SITEMAP.values() for place in places):
        name = place.route.removeprefix("help/")
        text = place.purpose
        if name in TEXTS:
            blocks = texts.own(settings, name)
            text = " ".join(block.words for block in blocks) or said(f"help/texts/{name}.html")
        yield Entry(place.title, url(request, place.route, **place.values), text)


def _excerpt(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """Cut a piece out of a text and mark the words in it."""
    letters, numbers = _letter_by_letter(text)
    marks = [False] * len(text)
    for word in words:
        at = letters.find(word)
        while at >= 0:
            start, end = numbers[at], numbers[at + len(word) - 1] + 1
            marks[start:end] = [True] * (end - start)
            at = letters.find(word, at + 1)
    first = marks.index(True) if True in marks else 0
    start, end = max(0, first - BEFORE), first + AFTER
    parts: list[tuple[str, bool]] = [("…", False)] if start else []
    for letter, marked in zip(text[start:end], marks[start:end], strict=True):
        if parts and parts[-1][1] == marked:
            parts[-1] = (parts[-1][0] + letter, marked)
        else:
            parts.append((letter, marked))
    return [*parts, ("…", False)] if end < len(text) else parts
