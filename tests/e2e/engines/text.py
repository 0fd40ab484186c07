"""w3m and lynx in a terminal that nobody sees: found by what stands on the screen, moved by keys, as a person does it."""

import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from tests.e2e.waiting import until

COLUMNS, LINES, FOOT = 110, 200, 4  # a page is on the screen whole; at its foot the browser speaks
ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": os.environ["PATH"], "TERM": "screen"}
COMMANDS = {
    "w3m": ["w3m", "-cookie", "-o", "confirm_qq=0", "-o", "accept_cookie=1"],
    "lynx": [
        "lynx",
        "-accept_all_cookies",
        "-assume_charset=utf-8",
        "-display_charset=utf-8",
        "-nopause",
    ],
}
OPEN = {"w3m": "U", "lynx": "g"}
BADGE = r"\s*(?:必須|任意|OK)?\s*$"
STOPS, BELOW = 100, 9


def found(name: str) -> bool:
    """It is there, and the terminal too."""
    return all(map(shutil.which, (name, "tmux")))


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


class TextBrowser:
    """One browser in one terminal; `seen` is every screen that it showed."""

    def __init__(self, name: str, folder: Path, address: str) -> None:
        self._name = name
        self._socket = f"mypage-{token_hex(4)}"
        self.seen: list[str] = []
        environment = [
            f"{key}={value}" for key, value in {**ENVIRONMENT, "HOME": str(folder)}.items()
        ]
        # lynx keeps Referer back on pages with a query, unless it is told otherwise: docs/browsers.md
        (folder / "lynx.cfg").write_text("INCLUDE:/etc/lynx/lynx.cfg\nREFERER_WITH_QUERY:PARTIAL\n")
        environment.append(f"LYNX_CFG={folder / 'lynx.cfg'}")
        command = ["env", "-i", *environment, *COMMANDS[name], address]
        self._tmux(
            "-f", os.devnull, "new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES), *command
        )

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._socket, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def close(self) -> None:
        """End it."""
        self._tmux("kill-server")

    def screen(self) -> list[str]:
        """The lines as they stand."""
        return self._tmux("capture-pane", "-p").splitlines()

    def _told(self) -> str:
        return "\n".join(filter(str.strip, self.screen()))

    def keys(self, *names: str) -> None:
        self._tmux("send-keys", *names)

    def text(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def arrive(self, heading: str) -> None:
        """Wait for a screen, which is kept."""
        wanted = "".join(heading.split())  # w3m takes spaces between Japanese letters away
        self._until(lambda line: "".join(line.split()) == wanted, heading)
        self.seen.append(self._told())

    def _until(self, fits: Callable[[str], bool], words: str) -> None:
        there = until(lambda: any(map(fits, self.screen())) or None, seconds=20)
        assert there, f"no {words} in\n{self._told()}"

    def open(self, address: str) -> None:
        self.keys(OPEN[self._name])
        self.keys("C-u")
        self.text(address)
        self.keys("Enter")

    def fill(self, label: str, text: str) -> None:
        """Type into the field below a label."""
        row = self._row(re.escape(label) + BADGE)
        self._go(lambda at: row < at[1] < row + BELOW, label)
        if self._name == "w3m":
            self.keys("Enter")  # it asks at the foot of the screen
            self.keys("C-u")
            self.text(text)
            self.keys("Enter")
        else:
            row = self._cursor()[1]
            self.keys("C-u")
            self.text(text)
            self.keys("Tab")
            assert until(lambda: self._cursor()[1] != row or None, seconds=20)
        if "パスワード" not in label:
            self._until(lambda line: text in line, text)

    def tick(self, label: str) -> None:
        """Choose or tick what stands before a label."""
        row = self._row(rf".*[\])]\s?{re.escape(label)}")
        start = width(self.screen()[row].partition(label)[0])
        self._go(lambda at: at[1] == row and start - 5 <= at[0] < start, label)
        self.keys("Enter")

    def press(self, name: str) -> None:
        """Press a button or follow a link: the first stop where its name begins."""
        before = ("", "(BUTTON) ") if self._name == "lynx" else ("",)
        places = {
            (width(line[: found.start()]) - width(word) - (self._name == "lynx" and not word), row)
            for row, line in enumerate(self._lines())
            for found in re.finditer(re.escape(name), line)
            for word in before
        }
        self._go(places.__contains__, f"{name} at {places}")
        self.keys("Enter")

    def _lines(self) -> list[str]:
        return self.screen()[: LINES - FOOT]

    def _row(self, pattern: str) -> int:
        rows = [row for row, line in enumerate(self._lines()) if re.match(rf"\W*{pattern}", line)]
        assert rows, f"no {pattern} in\n{self._told()}"
        return rows[-1]

    def _go(self, there: Callable[[tuple[int, ...]], bool], where: str) -> None:
        """Go from stop to stop until the cursor is there."""
        if self._name == "w3m":
            self.keys("g")  # to the top; lynx is there after each page
            until(lambda: self._cursor()[1] == 0 or None, seconds=20)
        seen = []
        for _ in range(STOPS):
            seen.append(self._cursor())
            if there(seen[-1]):
                return
            self.keys("Tab")
            until(
                lambda: self._cursor() != seen[-1] or None, seconds=20
            )  # a second Tab goes too far
            if len(seen) > 1 and seen[-1] == seen[-2]:
                break
        raise AssertionError(f"Tab leads to {seen}, not to {where} in\n{self._told()}")

    def _cursor(self) -> tuple[int, ...]:
        """Where it rests: while a page is drawn it goes about, and it is at the foot while the browser speaks."""
        return until(self._resting, seconds=20) or self._at()

    def _resting(self) -> tuple[int, ...] | None:
        at = self._at()
        return at if at[1] < LINES - FOOT and at == self._at() else None

    def _at(self) -> tuple[int, ...]:
        return tuple(map(int, self._tmux("display", "-p", "#{cursor_x} #{cursor_y}").split()))
