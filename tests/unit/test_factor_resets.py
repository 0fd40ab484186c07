"""確認手段の解除: what overtakes one, to the second."""

from dataclasses import replace
from typing import Any

import pytest

from web.steps.factor_resets import Why, why_over
from web.store.factor_resets import FactorReset

PROPOSED, EXPIRES, DUE = 1_000, 2_000, 3_000
WAITING = FactorReset(
    id="r", account_id="a", payment_user_id="KNCA6288", reason="免許証", proposed_by="madoguchi",
    proposed_at=PROPOSED, base_version=7, expires_at=EXPIRES, approved_by="", due_at=None,
    profile_version=7, disabled_at=None, proved=0, told=0, late=0,
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
        (replace(APPROVED, told=1), DUE, None),
        (replace(APPROVED, told=1), DUE + 1, None),
        (replace(APPROVED, told=1, late=1), DUE - 1, Why.UNTOLD),
        (replace(APPROVED, told=1, late=1), DUE, Why.UNTOLD),
    ],
)
def test_one_goes_on_as_long_as_nothing_overtakes_it(
    reset: FactorReset, now: int, why: Why | None
) -> None:
    """Nobody approved it; nobody could object."""
    assert why_over(reset, now) == why


@pytest.mark.parametrize("reset", [WAITING, replace(APPROVED, told=1)], ids=["waits", "approved"])
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
