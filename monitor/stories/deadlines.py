"""Days by which something ends or must be done, as far as a text names the day itself. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from monitor.text import fold, words
from monitor.text.patterns import late_pattern

#: A deadline within `SOON` is news; a day later than `FAR` is no deadline.
SOON, FAR = timedelta(days=7), timedelta(days=5 * 366)

_MONTHS = (
    "jan oca янв січ янва يناير",
    "feb fev sub feb фев лют فبراير",
    "mar mars mär мар бер مارس",
    "apr avr abr nis апр кві أبريل ابريل",
    "may mai mayis maj мая май тра مايو",
    "jun juin haz июн чер يونيو",
    "jul juil tem июл лип يوليو",
    "aug aou ago agu авг сер أغسطس",
    "sep eyl сен вер سبتمبر",
    "oct okt out eki окт жов أكتوبر",
    "nov kas ноя лис نوفمبر",
    "dec dez dic ara дек гру ديسمبر",
)
_MONTH = {
    name: number for number, several in enumerate(_MONTHS, 1) for name in words(several) if len(name) > 2
}
_NAMED = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY = late_pattern(
    rf"(?<!\d)(?P<d1>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s(?:de\s)?(?P<m1>{_NAMED})[^\W\d_]*\.?(?:,?\s(?:de\s)?(?P<y1>20\d\d))?"
    rf"|(?<![^\W_])(?P<m2>{_NAMED})[^\W\d_]*\.?\s(?P<d2>\d{{1,2}})(?!\d)(?:,?\s(?P<y2>20\d\d))?"
    r"|(?<!\d)(?P<y3>20\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d)(?!\d)"
    r"|(?<![\d.])(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>20\d\d)(?!\d)"
    r"|(?:(?P<y5>20\d\d)年)?(?P<m5>\d{1,2})月(?P<d5>\d{1,2})日"
)
_BEFORE = late_pattern(
    r"(?:\b(?:by|until|till|before|expires?(?: on)?|ends?(?: on)?|deadline(?: of| is|:)?|no later than"
    r"|through|bis(?: zum)?|spatestens(?: am)?|jusqu\W?au|avant le|d\W?ici le|hasta el|antes del|до"
    r"|не позднее|не пізніше|senast(?: den)?|till(?: och med)?(?: den)?|حتى|قبل|بحلول|تا)"
    r"(?:,? (?:the|midnight|end of|at|on|\d{1,2}(?::\d\d)? ?(?:[ap]\.?m\.?)?|eastern|standard|daylight|time"
    r"|e[sd]t|gmt|utc|local)){0,7},?|截至|截止)\s*$"
)
_AFTER = late_pattern(r"^\W{0,2}(?:\w{0,3}\s)?(?:kadar|до|前|之前|以前)")


def deadlines(text: str, now: datetime, within: timedelta = FAR) -> tuple[date, ...]:
    """Return the deadlines that a text states, none later than `within` after now, in reading order."""
    today = now.date()
    days = (day for day in _days(fold(text), today) if today <= day <= today + within)
    return tuple(dict.fromkeys(days))


def _days(text: str, today: date) -> Iterator[date]:
    for match in _DAY.finditer(text):
        until = _BEFORE.search(text[max(0, match.start() - 64) : match.start()])
        if until or _AFTER.match(text[match.end() : match.end() + 16]):
            found = {name[0]: value for name, value in match.groupdict().items() if value}
            if day := _day(found, today):
                yield day


def _day(found: dict[str, str], today: date) -> date | None:
    """Return a day; without a year the next that is so called."""
    month = int(found["m"]) if found["m"].isdigit() else _MONTH[found["m"]]
    try:
        if "y" in found:
            return date(int(found["y"]), month, int(found["d"]))
        day = date(today.year, month, int(found["d"]))
        return day if day >= today else day.replace(year=today.year + 1)
    except ValueError:
        return None
