"""What one 担当者 proposes and another approves: what may stand in the way."""


class DoneBefore(Exception):
    """It was proposed or decided already."""


class SamePerson(Exception):
    """Who proposed it cannot approve it."""
