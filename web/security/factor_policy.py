"""Who must have a second factor, and from when."""

from web.settings import Settings

_ASKED = {"all": {"individual", "corporate"}, "corporate": {"corporate"}}


def concerns(settings: Settings, kind: str) -> bool:
    """Tell whether a 利用者 of a kind must have one, now or from a day on."""
    return kind in _ASKED.get(settings.second_factor, set())


def of_account(settings: Settings, kind: str, now: int) -> bool:
    """Tell whether a 利用者 of a kind must have one now."""
    return concerns(settings, kind) and _begun(settings, now)


def concerns_staff(settings: Settings) -> bool:
    """Tell whether a 担当者 must have one, now or from a day on."""
    return settings.office_second_factor == "required"


def of_staff(settings: Settings, now: int) -> bool:
    """Tell whether a 担当者 must have one now."""
    return concerns_staff(settings) and _begun(settings, now)


def announced(settings: Settings, now: int) -> tuple[str, ...]:
    """Give the kinds of 利用者 who will have to have one from a day on that has not come."""
    if _begun(settings, now):
        return ()
    return tuple(sorted(_ASKED.get(settings.second_factor, set())))


def announced_to_staff(settings: Settings, now: int) -> bool:
    """Tell whether every 担当者 will have to have one from a day on that has not come."""
    return concerns_staff(settings) and not _begun(settings, now)


def _begun(settings: Settings, now: int) -> bool:
    return settings.second_factor_from is None or now >= settings.second_factor_from
