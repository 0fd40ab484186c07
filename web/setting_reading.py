"""How a setting is declared, and read from what the environment gives."""

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
HIDDEN = {
    "MYPAGE_DATABASE_URL",
    "MYPAGE_SECRET_KEY",
    "MYPAGE_SMTP_URL",
    "MYPAGE_METRICS_TOKEN",
}  # never repeated


class BadSetting(ValueError):
    """A setting stops the start-up; the message is one line that names it."""


def setting(name: str, parse: Callable[[str], T], default: str | None, meaning: str) -> T:
    """Declare a setting: its environment name, how it is read, its default and its meaning."""
    meta: dict[str, Any] = {"name": f"MYPAGE_{name}", "parse": parse, "default": default}
    value: T = field(metadata={**meta, "meaning": meaning})
    return value


def read(given: Mapping[str, str], meta: Mapping[str, Any]) -> Any:
    """Read a setting. Raises BadSetting."""
    name, default = meta["name"], meta["default"]
    value = given.get(name, default)
    if value is None:
        raise BadSetting(f"{name}: not set; needed outside the demo: {meta['meaning']}")
    try:
        return meta["parse"](value)
    except ValueError as wrong:
        shown = "(hidden)" if name in HIDDEN else repr(value)
        raise BadSetting(f"{name}: {shown} given; allowed: {wrong}") from wrong


def read_secret_file(given: dict[str, str]) -> None:
    """Read the secret key from its file, unless it is given itself. Raises BadSetting."""
    name = "MYPAGE_SECRET_KEY_FILE"
    if not given.get(name) or "MYPAGE_SECRET_KEY" in given:
        return
    try:
        given["MYPAGE_SECRET_KEY"] = Path(given[name]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadSetting(
            f"{name}: {given[name]!r} given; a readable text file is needed"
        ) from wrong
