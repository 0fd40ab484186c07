"""What a commit may concern, so that it wakes no other work in the background."""

from enum import StrEnum


class Topic(StrEnum):
    """The work in the background that waits for rows."""

    REQUESTS = "requests"
    ISSUANCES = "issuances"
    MAIL = "mail"
