"""Who must have a second factor, and from when."""

from dataclasses import replace

import pytest

from web.security import factor_policy
from web.settings import Settings

DAY = 1_790_000_000
KINDS = ("individual", "corporate")
ASKED = {
    "off": (), "optional": (), "corporate": ("corporate",), "all": ("corporate", "individual"),
}  # fmt: skip


@pytest.mark.parametrize(("policy", "asked"), ASKED.items())
def test_a_policy_asks_whom_it_names_from_its_day_on(
    settings: Settings, policy: str, asked: tuple[str, ...]
) -> None:
    """Whom it concerns is known before; a second before the day it is announced, on the day it holds."""
    settings = replace(settings, second_factor=policy, second_factor_from=DAY)
    for kind in KINDS:
        assert factor_policy.concerns(settings, kind) == (kind in asked)
        assert not factor_policy.of_account(settings, kind, DAY - 1)
        assert factor_policy.of_account(settings, kind, DAY) == (kind in asked)
    assert factor_policy.announced(settings, DAY - 1) == asked
    assert factor_policy.announced(settings, DAY) == ()


def test_without_a_day_it_holds_at_once_and_nothing_is_announced(settings: Settings) -> None:
    """For 利用者 and 担当者."""
    settings = replace(
        settings, second_factor="all", office_second_factor="required", second_factor_from=None
    )
    assert factor_policy.of_account(settings, "individual", 0)
    assert factor_policy.of_staff(settings, 0)
    assert factor_policy.announced(settings, 0) == ()
    assert not factor_policy.announced_to_staff(settings, 0)


@pytest.mark.parametrize("policy", ["off", "optional", "required"])
def test_a_member_of_staff_must_have_one_where_it_is_required(
    settings: Settings, policy: str
) -> None:
    """From the same day on; the key is asked for before it, too."""
    settings = replace(settings, office_second_factor=policy, second_factor_from=DAY)
    required = policy == "required"
    assert factor_policy.concerns_staff(settings) == required
    assert not factor_policy.of_staff(settings, DAY - 1)
    assert factor_policy.of_staff(settings, DAY) == required
    assert factor_policy.announced_to_staff(settings, DAY - 1) == required
    assert not factor_policy.announced_to_staff(settings, DAY)
