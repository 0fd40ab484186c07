"""Which versions the schema has had, and the file that leads to each."""

import re
from pathlib import Path

from web import paths

BASE_VERSION = 1
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


def migrations(folder: Path = paths.MIGRATIONS) -> list[tuple[int, Path]]:
    """List the migrations as (version they lead to, file), oldest first."""
    found = [(match[1], path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    return sorted((int(number), path) for number, path in found)


def newest(folder: Path = paths.MIGRATIONS) -> int:
    """Give the version of db/schema.sql."""
    return max((number for number, _ in migrations(folder)), default=BASE_VERSION)


def what_differs(found: int) -> str:
    """Say what to do about a database of another version than ours; '' when it is ours."""
    wanted = newest()
    if found == wanted:
        return ""
    cure = (
        "run `mypage init-db`" if found < wanted else "a newer release than this one has written it"
    )
    return f"schema version {found}, {wanted} needed; {cure}"
