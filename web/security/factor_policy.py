"""Who must have a second factor, and from when."""

from web.settings import Settings


def of_account(settings: Settings, kind: str, now: int) -> bool:
    """Tell whether a 利用者 of a kind must have one now."""
    asked = {"all": {"individual", "corporate"}, "corporate": {"corporate"}}
    return kind in asked.get(settings.second_factor, set()) and _begun(settings, now)


def of_staff(settings: Settings, now: int) -> bool:
    """Tell whether a 担当者 must have one now."""
    return settings.office_second_factor == "required" and _begun(settings, now)


def _begun(settings: Settings, now: int) -> bool:
    return settings.second_factor_from is None or now >= settings.second_factor_from
