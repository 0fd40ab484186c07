"""The query of an address: as the standard library writes it."""

from urllib.parse import urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from web.http.templating import query

TEXTS = st.from_regex(r"\w*", fullmatch=True) | st.text()
VALUES = TEXTS | st.integers() | st.lists(TEXTS, max_size=3)


@given(st.dictionaries(TEXTS, VALUES))
@example({"draft": "0123456789abcdef"})
@example({"again": "1", "名": "a&b"})
@example({"a\n": "1", "b": "２"})
def test_a_query_is_written_as_usual(values: dict[str, object]) -> None:
    """Whatever it is made of."""
    assert query(values) == urlencode(values, doseq=True)
