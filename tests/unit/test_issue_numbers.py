"""The numbers of new IDs: after the highest, of the settings' prefix and width, without an end."""

import pytest

from tests.support.product import Product
from web.features.issuance import flow
from web.settings import Settings

GIVEN = {
    "MYPAGE_MAIL_FROM": "notice@example.jp",
    "MYPAGE_SECRET_KEY": "a secret of the tests that is long enough",
}


@pytest.mark.parametrize(
    ("number", "digits", "following"),
    [
        ("", 4, "0001"),
        ("0001", 4, "0002"),
        ("6288", 4, "6289"),
        ("9999", 4, "10000"),
        ("10000", 4, "10001"),
        ("999999999999", 4, "1000000000000"),
        ("0009", 6, "000010"),
        ("000123", 4, "000124"),
        ("", 1, "1"),
        ("9", 1, "10"),
        ("CA6288", 4, "0001"),
        ("６２８８", 4, "0001"),
        ("²", 4, "0001"),
    ],
)
def test_a_number_follows_another(number: str, digits: int, following: str) -> None:
    """It keeps its width until that is full; what is no number is none."""
    assert flow.following(number, digits) == following


def test_both_ids_share_the_number_under_the_prefixes_of_the_settings() -> None:
    """Nothing about KNCA or four digits is fixed."""
    settings = Settings.from_env(
        {**GIVEN, "MYPAGE_PAYMENT_ID_PREFIX": "NN", "MYPAGE_BULK_ID_PREFIX": "II"}
    )
    assert flow.pair(settings, "10000") == ("NN10000", "II10000")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("payment", "bulk", "free"),
    [
        ("KNCA9999", "KICA9999", "10000"),
        ("KNCA10000", "KICA10000", "10001"),
        ("KNCA0001", "KICA0001", "6290"),  # Bob has 6289
        ("ZZZZ9999", "YYYY9999", "6290"),
        ("ZZZZ1", "KICA6290", "6291"),  # half of the pair is taken
    ],
)
async def test_the_next_free_number_is_above_every_other(
    product: Product, payment: str, bulk: str, free: str
) -> None:
    """Compared as numbers, not as texts; other prefixes do not count; both IDs must be free."""
    await product.meddle(
        "UPDATE accounts SET payment_user_id = :payment, bulk_user_id = :bulk"
        " WHERE payment_user_id = 'KNCA7001'",
        payment=payment,
        bulk=bulk,
    )
    assert await product.services.write(flow.next_free) == free
