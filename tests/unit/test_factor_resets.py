"""確認手段の解除: what overtakes one, to the second."""

from dataclasses import replace
from typing import Any

import pytest

from web.clock import HOUR
from web.steps.factor_resets import SOON, Why, put_off, why_over
from web.store.factor_resets import FactorReset

PROPOSED, EXPIRES, DUE = 1_000, 2_000, 3_000
WAITING = FactorReset(
    id="r", account_id="a", payment_user_id="KNCA6288", reason="免許証", proposed_by="madoguchi",
    proposed_at=PROPOSED, base_version=7, expires_at=EXPIRES, approved_by="", due_at=None,
    profile_version=7, disabled_at=None, proved=0, told_at=None,
)  # fmt: skip
APPROVED = replace(WAITING, approved_by="kanri", due_at=DUE)


@pytest.mark.parametrize(
    ("reset", "now", "why"),
    [
        (WAITING, PROPOSED, None),
        (WAITING, EXPIRES - 1, None),
        (WAITING, EXPIRES, Why.EXPIRED),
        (APPROVED, EXPIRES, None),
        (APPROVED, DUE - 1, None),
        (APPROVED, DUE, Why.UNTOLD),
        (replace(APPROVED, told_at=DUE - HOUR), DUE, None),
        (replace(APPROVED, told_at=DUE - HOUR), DUE + 1, None),
    ],
)
def test_one_goes_on_as_long_as_nothing_overtakes_it(
    reset: FactorReset, now: int, why: Why | None
) -> None:
    """Nobody approved it; nobody could object."""
    assert why_over(reset, now) == why


@pytest.mark.parametrize(
    "reset", [WAITING, replace(APPROVED, told_at=DUE - HOUR)], ids=["waits", "approved"]
)
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"proved": 1}, Why.USED),
        ({"disabled_at": 1_500}, Why.SHUT),
        ({"disabled_at": 0}, Why.SHUT),
        ({"profile_version": 8}, Why.CHANGED),
        ({"profile_version": 6}, Why.CHANGED),
        ({"proved": 1, "disabled_at": 1_500, "profile_version": 8}, Why.USED),
        ({"disabled_at": 1_500, "profile_version": 8}, Why.SHUT),
    ],
)
@pytest.mark.parametrize("now", [PROPOSED, EXPIRES, DUE])
def test_what_shows_that_the_story_is_not_true_ends_it_at_any_time(
    reset: FactorReset, changed: dict[str, Any], why: Why, now: int
) -> None:
    """The first reason is the one that is written down."""
    assert why_over(replace(reset, **changed), now) == why


@pytest.mark.parametrize(
    ("told_at", "later"),
    [
        (None, None),
        (DUE - HOUR, None),
        (DUE - HOUR + SOON, None),
        (DUE - HOUR + SOON + 1, DUE + SOON + 1),
        (DUE - 1, DUE - 1 + HOUR),
        (DUE + 1, DUE + 1 + HOUR),
    ],
)
def test_whoever_is_told_late_has_all_the_time_from_then_on(
    told_at: int | None, later: int | None
) -> None:
    """Some minutes are no delay; nobody can put it off twice for one mail."""
    reset = replace(APPROVED, told_at=told_at)
    assert put_off(reset, 1) == later
    if later:
        assert put_off(replace(reset, due_at=later), 1) is None
    assert put_off(replace(reset, due_at=None), 1) is None
