"""Why a 担当者 does something: words that the audit trail keeps."""

from web.fields.characters import refuse_hidden
from web.fields.text import refuse_longer, single_spaced

LONGEST = 200


def reason(typed: str) -> str:
    """Give the reason as it is kept."""
    text = single_spaced(typed)
    refuse_hidden(text)
    refuse_longer(text, LONGEST)
    return text
