"""A typed password: taken as it is; whether it is good enough is judged elsewhere."""

from web.fields.text import refuse_oversize


def password(typed: str) -> str:
    """Give the password unchanged, unless it is too large to be hashed."""
    refuse_oversize(typed)
    return typed
