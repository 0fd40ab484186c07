"""Time: UTC seconds inside, Asia/Tokyo on screens and in mails. The only reader of the clock."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# Japan has had no daylight saving since 1951, so a fixed offset needs no tz database.
TOKYO = timezone(timedelta(hours=9), "JST")
_YEAR_3000 = int(datetime(3000, 1, 1, tzinfo=TOKYO).timestamp())


_ahead = 0  # seconds that the machine's clock is ahead of the one that is followed


def now() -> int:
    """Read the time in UTC seconds; tests replace this function."""
    return machine() - _ahead


def machine() -> int:
    """Read the clock of this machine, right or wrong."""
    return int(time.time())


def follow(ahead: int) -> None:
    """Go by another clock, of which this machine's is ahead by so many seconds."""
    global _ahead  # noqa: PLW0603 a process has one time
    _ahead = ahead


def followed() -> int:
    """Give by how much this machine's clock is ahead of the one that is followed."""
    return _ahead


def in_tokyo(at: int) -> datetime:
    """Give a moment as people in Japan read it."""
    return datetime.fromtimestamp(at, TOKYO)


def start_of(day: date) -> int:
    """Give the moment at which a day begins in Japan."""
    return int(datetime(day.year, day.month, day.day, tzinfo=TOKYO).timestamp())


def day_of(iso: str) -> date:
    """Read a day that fields.day has judged."""
    return date.fromisoformat(iso)


def day_style(day: date) -> str:
    """Write a day inside a sentence: 2019年9月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_at(at: int) -> str:
    """Write the day of a moment inside a sentence: 2019年9月24日."""
    return day_style(in_tokyo(at).date())


@lru_cache(maxsize=1000)
def mypage_style(at: int) -> str:
    """Write a moment as My Page does: 2019年 09月 24日 10時 08分 (manual, chapter 2)."""
    return in_tokyo(at).strftime("%Y年 %m月 %d日 %H時 %M分")


def day_and_time(at: int) -> tuple[str, str]:
    """Write a moment as My Page does, its day apart: lists say a day once."""
    day, _, time_of_day = mypage_style(at).partition("日 ")
    return f"{day}日", time_of_day


@lru_cache(maxsize=100)
def mypage_style_with_seconds(at: int) -> str:
    """Write a moment as My Page does, so exactly that a refresh within the minute shows."""
    return in_tokyo(at).strftime("%Y年 %m月 %d日 %H時 %M分 %S秒")


def table_style(at: int) -> str:
    """Write a moment as spreadsheets read it: 2019/09/24 10:08:05."""
    return in_tokyo(at).strftime("%Y/%m/%d %H:%M:%S")


def mail_style(at: int) -> str:
    """Write a moment as the mails do: 2019年09月20日 15時57分55秒 (manual, chapter 4)."""
    return in_tokyo(at).strftime("%Y年%m月%d日 %H時%M分%S秒")


def announcement_style(at: int) -> str:
    """Write a moment that people plan by: 11月24日（火） 6時00分."""
    moment = in_tokyo(at)
    day = "月火水木金土日"[moment.weekday()]
    return f"{moment.month}月{moment.day}日（{day}） {moment.hour}時{moment.minute:02d}分"


@lru_cache(maxsize=100)
def iso_utc(at: int) -> str:
    """Write a moment for logs and machine-readable output."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def iso_tokyo(at: int) -> str:
    """Write a moment for people who read a file of ours."""
    return in_tokyo(at).isoformat()


def parse_iso(text: str) -> int:
    """Read an ISO 8601 moment from 1970 to 2999; without an offset it is Japanese time. Raises ValueError.

    Of the year 10000, or 0, no screen could be shown.
    """
    moment = datetime.fromisoformat(text)
    at = int((moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)).timestamp())
    if not 0 <= at < _YEAR_3000:
        raise ValueError(f"{text} is not between 1970 and 2999")
    return at
