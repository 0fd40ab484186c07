"""Where templates/, static/ and db/ lie: beside the package in a checkout, inside it in the wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "share" if (_PACKAGE / "share").is_dir() else _PACKAGE.parent

TEMPLATES = _ROOT / "templates"
STATIC = _ROOT / "static"
SCHEMA = _ROOT / "db" / "schema.sql"
MIGRATIONS = _ROOT / "db" / "migrations"
