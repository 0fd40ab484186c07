"""What was measured: a line per ratio, with what it should be."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A measurement, and its bound if it has one."""

    what: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether it is within its bound."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)

    @property
    def bound(self) -> str:
        """Write the bound."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""

    def __str__(self) -> str:
        value = f"{self.value:,.0f}" if abs(self.value) >= 100 else f"{self.value:.3g}"  # noqa: PLR2004
        verdict = "" if not self.bound else "yes" if self.holds else "**no**"
        return f"| {self.what} | {value}{self.unit} | {self.bound} | {verdict} |"


def written(title: str, lines: Iterable[Line]) -> str:
    """Write a table in Markdown."""
    head = f"\n## {title}\n\n| | measured | wanted | holds |\n|---|---|---|---|\n"
    return head + "\n".join(map(str, lines))
