"""The modes of a journey: with and without JavaScript, unless it is about scripts."""

import pytest

with_javascript = pytest.mark.parametrize(
    "javascript", [True], ids=["javascript"], indirect=True, scope="module"
)
without_javascript = pytest.mark.parametrize(
    "javascript", [False], ids=["no-javascript"], indirect=True, scope="module"
)
