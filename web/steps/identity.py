"""How people say who they are, on every screen that asks for it."""

from web.fields.field import Field
from web.fields.user_id import user_id

USER_ID = Field("user_id", "納付利用者ID", user_id, autocomplete="username", inputmode="email")
