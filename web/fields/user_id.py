"""納付利用者ID, 一括利用者ID: normalised, never checked, so that log-in answers every ID alike."""

from string import ascii_lowercase, ascii_uppercase

from web.fields.characters import refuse_hidden
from web.fields.field import Field
from web.fields.text import MAX_BYTES, refuse_oversize, trim_copied, unless_ready
from web.fields.width import to_half_width

_TO_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)


@unless_ready("[0-9A-Z]*", MAX_BYTES)
def user_id(typed: str) -> str:
    """Fold an ID to the form in which it is looked up."""
    text = trim_copied(typed)
    refuse_hidden(text)
    refuse_oversize(text)
    return to_half_width(text).translate(_TO_UPPER)


USER_ID = Field(
    "user_id",
    "納付利用者ID",
    user_id,
    autocomplete="username",
    inputmode="email",
    longest=MAX_BYTES,
)
