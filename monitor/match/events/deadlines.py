"""Times to come as news of contracts writes them: "by the end of 2029", "до 2027 года", "d'ici 2030"."""

import re
from collections.abc import Iterator

from monitor.text.patterns import late_pattern

_BEFORE = (
    r"(?:by|until|before|in|from|beginning|starting|no\slater\sthan|bis|ab|im|d['’]ici|avant|en|jusqu['’]en|dès"
    r"|para|antes|hasta|desde|до|к|с|в|у|з|починаючи|начиная|بحلول|قبل|حتى|في|تا|senast|till|före|från|i)"
)
_AFTER = (
    r"(?:\s(?:года?|году|року|році)\b|年(?:底|前|之前|以前|起)?"
    r"|['’]?(?:ye|ya|e|a)?\s(?:yılı\s)?(?:sonuna\s)?kadar\b)"
)
_MONTH = (
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|août|ago|sep|oct|okt|nov|dec|dez|dic|déc"
    r"|ene|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру)[^\W\d]*"
)
_BETWEEN = (
    r"(?:the|end|of|early|mid|late|spring|summer|autumn|first|second|third|fourth|half|quarter|year|\d{1,2}"
    r"|ende|anfang|mitte|jahr|zum|la|fin|début|à|le|l['’]an|de|del|el|año|fines|finales|slutet|av"
    r"|конца|начала|середины|кінця|початку|عام|سنة|نهاية|سال|پایان"
    rf"|{_MONTH})"
)
_DEADLINE = late_pattern(
    rf"(?:(?<!\w){_BEFORE}\s(?:{_BETWEEN}[\s-]){{0,4}})?(?<!\d)(?P<year>[2۲٢]\d{{3}})(?!\d)(?:{_AFTER})?",
    re.IGNORECASE,
)

_DAY = late_pattern(
    rf"(?:until|till|to|through|by|on|before|bis|am|до|по|jusqu['’]au|le|hasta\sel|el)\s"
    rf"(?P<day>\d{{1,2}}\.?\s(?:de\s)?{_MONTH}(?:,?\s(?:de\s)?2\d{{3}})?|{_MONTH}\s\d{{1,2}}\b(?:,?\s2\d{{3}})?)",
    re.IGNORECASE,
)


def days(raw: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of the days on or until which something holds: "until 29 April"."""
    for match in _DAY.finditer(raw):
        yield match.span("day")


def deadlines(raw: str, year_now: int) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of times that lie in this year or later, in reading order.

    A bare year dates nothing: a word of time stands before or after it.
    """
    for match in _DEADLINE.finditer(raw):
        if match.group() != match["year"] and year_now <= int(match["year"]) < year_now + 40:
            yield match.span()
