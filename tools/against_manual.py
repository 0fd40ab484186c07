"""Compares every screen and mail that the operating manual shows with ours, letter by letter.

`python -m tools.against_manual MANUAL` walks the real application as the manual does and prints one table for
each screen and mail: what the manual says, what ours says at that place, and what ours says besides. It ends with 1
if words of the manual are missing or stand in another order.
"""

import argparse
import asyncio
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import httpx

from tests.conftest import log_in
from tests.support.journeys import (
    ASK_BULK,
    ASK_PAYMENT,
    BETTER,
    CHANGE,
    EDIT,
    GOOD,
    GUIDES,
    ask_bulk,
    ask_payment,
    change_profile,
    choose,
    propose,
    twice,
)
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.post import Mail, PostOffice
from tests.support.press import natively, visit
from tests.support.product import Product, running
from tools.manual_words import Said, letters, steps

LOGIN, MYPAGE = "/useridmg/login", "/useridmg/mypage"
INLINE = {"a", "span", "strong", "wbr", "bdi", "code", "small"}
APART = {"button", "badge"}
UNSEEN = {"script", "template", "svg", "dialog", "option"}
SAME, BADGE, ICON, MISSING, MOVED, OURS = (
    "同じ",
    "入力後に同じ",
    "絵がない",
    "ない",
    "順が違う",
    "当方のみ",
)
WRONG = {ICON, MISSING, MOVED}


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    manual: str
    ours: str
    verdict: str


def units(page: Page) -> list[Said]:
    """Give what a screen says, in the order of its document; what stands on every page is left out."""
    return _said(next(page.root.iter("main")))


def _said(root: Element) -> list[Said]:
    found, line, icon = list[Said](), list[str](), False

    def flush() -> None:
        nonlocal icon
        if text := "".join(line).strip():
            found.append(Said(re.sub(r"\s+", " ", text), icon))
            icon = False
        line.clear()

    def walk(element: Element) -> None:
        nonlocal icon
        looks = set(element.get("class", "").split())
        icon = icon or "icon" in looks
        if not isinstance(element.tag, str) or element.tag in UNSEEN or "hidden" in element.attrib:
            return
        if "unseen" in looks or "busy" in looks:
            return
        apart = element.tag not in INLINE or bool(looks & APART)
        if apart:
            flush()
        line.append(element.text or "")
        for child in element:
            walk(child)
            line.append(child.tail or "")
        if apart:
            flush()

    walk(root)
    return found


def compared(manual: Sequence[Said], ours: Sequence[Said]) -> Iterator[Row]:
    """Set side by side what the manual says and what we say, in the manual's order."""
    place = 0
    for said in manual:
        at = next(_places(said, ours, place), None)
        if at is None:
            moved = next(_places(said, ours, 0), None)
            here, verdict = ("", MISSING) if moved is None else (ours[moved].text, MOVED)
            yield Row(said.text, here, verdict)
            continue
        yield from (Row("", each.text, OURS) for each in ours[place:at])
        yield Row(said.text, ours[at].text, _verdict(said, ours[at]))
        left = letters(ours[at].text).partition(letters(said.text))[2]
        place = at if left else at + 1
    yield from (Row("", each.text, OURS) for each in ours[place:])


def _verdict(said: Said, ours: Said) -> str:
    if said.icon and not ours.icon:
        return ICON
    return BADGE if _is_badge(said.text) and said.text != ours.text else SAME


def _is_badge(text: str) -> bool:
    return text in {"OK", "必須"}


def _places(said: Said, ours: Sequence[Said], first: int) -> Iterator[int]:
    wanted = letters(said.text)
    for at, each in enumerate(ours[first:], first):
        here = letters(each.text)
        whole = here == wanted or ("。" in wanted and wanted in here)
        # A picture of the manual is filled in: there OK stands where a fresh page says 必須.
        if whole or (said.text == "OK" and each.text == "必須"):
            yield at


def in_mail(mail: Mail) -> list[Said]:
    """Give what a mail says, its subject first."""
    return [Said(mail.subject), *(Said(line) for line in mail.body.splitlines() if line.strip())]


class Walk:
    """Goes through the real application as the manual does, and keeps what is said at each of its steps."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self.at = dict[tuple[int, int], list[Said]]()

    def see(self, page: Page, *places: tuple[int, int]) -> Page:
        """Keep what a page says for the steps where the manual shows it."""
        self.at |= dict.fromkeys(places, units(page))
        return page

    async def mailed(self, place: tuple[int, int], subject: str) -> str:
        """Keep what the last mail with a subject says; give its link."""
        await self._product.settle()
        mails = [each for each in self._product.post.mails if each.subject.endswith(subject)]
        self.at[place] = in_mail(mails[-1])
        return mails[-1].link

    async def outside(self, browser: httpx.AsyncClient) -> None:
        """Take the steps of chapters 2, 5 and 6 that need no log-in."""
        self.see(await visit(browser, LOGIN), (2, 1), (5, 1), (6, 1))
        self.see(await visit(browser, ASK_PAYMENT), (6, 2))
        self.see((await ask_payment(browser, ALICE)).page, (6, 3))
        form = self.see(
            await visit(browser, await self.mailed((6, 4), GUIDES[ASK_PAYMENT])), (6, 5)
        )
        self.see((await choose(browser, form, BETTER)).page, (6, 6))
        change = self.see(await visit(browser, CHANGE), (5, 2))
        user_id = {"user_id": ALICE.account.payment_user_id, "current_password": BETTER}
        typed = {**change.fields(CHANGE), **user_id, **twice(GOOD)}
        self.see((await natively(browser, CHANGE, typed)).page, (5, 3))

    async def inside(self, browser: httpx.AsyncClient) -> None:
        """Take the steps of chapters 2 to 4 on My Page."""
        self.see(await visit(browser, MYPAGE), (2, 2), (3, 1), (4, 1))
        self.see(await visit(browser, EDIT), (3, 2))
        self.see((await propose(browser, representative="軽自　次郎")).page, (3, 3))
        self.see(await change_profile(browser, representative="軽自　三郎"), (3, 4))
        self.see(await visit(browser, ASK_BULK), (4, 2))
        self.see((await ask_bulk(browser)).page, (4, 3))
        form = self.see(await visit(browser, await self.mailed((4, 4), GUIDES[ASK_BULK])), (4, 5))
        self.see((await choose(browser, form, GOOD)).page, (4, 6))


async def rendered() -> dict[tuple[int, int], list[Said]]:
    """Give what ours says at each step of the manual, by its chapter and number."""
    post = PostOffice()
    post.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with running(Path(folder), post) as product:
                walk = Walk(product)
                async with product.browser() as browser:
                    await log_in(browser, ALICE)
                    await walk.inside(browser)
                async with product.browser() as browser:
                    await walk.outside(browser)
    finally:
        post.stop()
    return walk.at


def table(chapter: int, step: int, rows: Sequence[Row]) -> str:
    """Write the table of a step in Markdown."""
    body = "\n".join(f"| {row.manual} | {row.ours} | {row.verdict} |" for row in rows)
    return f"### {chapter}. {chr(ord('①') + step - 1)}\n\n| 操作手順書 | 当方 | |\n|---|---|---|\n{body}\n"


def main() -> None:
    """Print all tables and a count of the verdicts."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("manual", type=Path)
    said = steps(arguments.parse_args().manual.read_text(encoding="utf-8"))
    counts = Counter[str]()
    for (chapter, step), ours in sorted(asyncio.run(rendered()).items()):
        rows = [*compared(said[chapter, step], ours)]
        counts.update(row.verdict for row in rows)
        print(table(chapter, step, rows))
    print("、".join(f"{verdict} {number}" for verdict, number in counts.most_common()))
    sys.exit(bool(WRONG & counts.keys()))


if __name__ == "__main__":
    main()
