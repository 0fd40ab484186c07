"""Which period the file is to cover."""

from dataclasses import dataclass
from datetime import date, timedelta

from web import clock
from web.fields.choice import choice
from web.fields.day import day
from web.fields.field import Answer, Field
from web.fields.form import Form, FormSpec

THIS_MONTH, LAST_MONTH, THIS_YEAR, LAST_YEAR, DAYS = (
    "this-month", "last-month", "this-year", "last-year", "days",
)  # fmt: skip
PERIODS = {
    THIS_MONTH: "今月",
    LAST_MONTH: "先月",
    THIS_YEAR: "今年度（4月から）",
    LAST_YEAR: "前年度",
    DAYS: "日付を選ぶ",
}
PERIOD = Field("period", "期間", choice(PERIODS), hint="この期間に作成されたものを出力します。")


def _not_before(since: Answer, until: Answer) -> Answer:
    if since.good and until.good and until.value < since.value:
        return until.refused("終了日は、開始日と同じか、それよりあとの日にしてください。")
    return until


_ASKED = (PERIOD.name, DAYS)
SINCE = Field("since", "開始日", day, type="date", only_for=_ASKED)
UNTIL = Field(
    "until",
    "終了日",
    day,
    type="date",
    hint="この日も含みます。",
    only_for=_ASKED,
    beside=SINCE.name,
    compare=_not_before,
)
CHOICE = FormSpec((PERIOD, SINCE, UNTIL))
_APRIL = 4


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day that the file covers."""

    first: date
    last: date

    @property
    def since(self) -> int:
        """Give the moment the period begins."""
        return clock.start_of(self.first)

    @property
    def before(self) -> int:
        """Give the moment after its end."""
        return clock.start_of(self.last) + clock.DAY

    @property
    def words(self) -> str:
        """Name the period in a sentence."""
        return f"{clock.day_style(self.first)}から{clock.day_style(self.last)}まで"


def blank() -> Form:
    """Give the form with this month chosen."""
    return CHOICE.blank({PERIOD.name: THIS_MONTH})


def period(answers: Form, today: date) -> Period:
    """Give the days of a good choice."""
    first = today.replace(day=1)
    april = date(today.year - (today.month < _APRIL), _APRIL, 1)
    return {
        THIS_MONTH: lambda: Period(first, today),
        LAST_MONTH: lambda: Period(_before(first).replace(day=1), _before(first)),
        THIS_YEAR: lambda: Period(april, today),
        LAST_YEAR: lambda: Period(april.replace(year=april.year - 1), _before(april)),
        DAYS: lambda: Period(
            clock.day_of(answers["since"].value), clock.day_of(answers["until"].value)
        ),
    }[answers["period"].value]()


def _before(day: date) -> date:
    return day - timedelta(days=1)
