"""Tell whether a month named beside an act dates it back before the day of publication."""

from datetime import datetime

from monitor.match.query.nodes import Match
from monitor.match.spans import Doc
from monitor.text import Text, words

_ROWS = (
    "January February March April May June July August September October November December",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "styczniu lutym marcu kwietniu maju czerwcu lipcu sierpniu wrześniu październiku listopadzie grudniu",
    "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні",
    "ocakta şubatta martta nisanda mayısta haziranda temmuzda ağustosta eylülde ekimde kasımda aralıkta",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)

#: Month by folded name.
MONTHS = {words(name)[0]: number for row in _ROWS for number, name in enumerate(row.split(), 1)}

#: Words of the sentence on either side of the act that may carry its date.
REACH = 10

_BEFORE = frozenset("in im en au у в i w a debut fin since seit early late mid anfang ende في منذ".split())

#: Words before a month, within `UNTIL_REACH`, that make it an end: "jusqu'en octobre", "bis Ende Mai".
_UNTIL = frozenset("until till through jusqu jusque fino sino bis до do hasta fram حتي تا".split())
UNTIL_REACH = 4


def dates_back(doc: Doc, match: Match, day: datetime) -> bool:
    """Say whether the nearest month named by the act's sentence is another than that of publication."""
    text = doc.texts[match.field]
    first, last = text.bounds(match.start)
    first, last = max(first + 1, match.start - REACH), min(last, match.stop + REACH)
    months = (
        MONTHS[text.words[at]]
        for at in range(first, last)
        if text.words[at] in MONTHS and text.words[at - 1] in _BEFORE and not _is_end(text, at)
    )
    return any(month != day.month for month in months)


def _is_end(text: Text, at: int) -> bool:
    """Say whether a month is when something ends: "verlängert bis Ende Januar"."""
    return not _UNTIL.isdisjoint(text.words[max(at - UNTIL_REACH, 0) : at])
