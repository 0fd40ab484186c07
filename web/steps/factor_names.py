"""What an owner calls an app."""

from web.fields.characters import refuse_unusable
from web.fields.field import Field
from web.fields.text import refuse_longer, trim

LONGEST = 40


def _name(typed: str) -> str:
    text = trim(typed)
    refuse_unusable(text)
    refuse_longer(text, LONGEST)
    return text


NAME = Field(
    "name", "名前", _name, hint="端末を区別できる名前。例：花子のスマートフォン", badge=False
)
