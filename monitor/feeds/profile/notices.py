"""Find items about the feed itself: it has moved, it ends, or it is a test. Pure."""

import re
from collections.abc import Iterable

from monitor.model import Item
from monitor.text.patterns import late_pattern

#: Stems for "feed" and for its end, in the languages of the bundled feeds.
_FEED = "rss feed newsfeed xml-feed канал лент стрічк flux fuente canal akış besleme 订阅".split()
_ENDS = (
    "has moved|have moved|been moved|was moved|is moving|relocated|been replaced|discontinu|deprecated"
    "|retired|no longer available|no longer supported|no longer updated|no longer maintained|shut down"
    "|shutting down|eingestellt|umgezogen|déplacé|supprimé|abandonné|trasladad|ha sido cerrad|descontinuad"
    "|перемещ|перенес|закрыт|больше не обновля|переміщен|закрит|більше не оновлю|taşındı|kapatıldı"
    "|已停止|已迁移|已关闭|已停用"
)
_NAMED = rf"\b(?:{'|'.join(_FEED)})\w{{0,4}}"
_NOTICE = late_pattern(
    rf"{_NAMED}[^.!?。]{{0,60}}?(?:{_ENDS})|(?:{_ENDS})[^.!?。]{{0,40}}?{_NAMED}", re.IGNORECASE
)
_TEST = late_pattern(
    r"\W*(?:test|testing|test (?:post|item|feed|entry)|hello world|lorem ipsum.*)\W*", re.IGNORECASE
)
_MAX_LENGTH = 300


def notice_title(items: Iterable[Item]) -> str:
    """Return the title of the first item about the feed itself, "" if there is none.

    Only short items qualify; a longer one is a report about some other feed.
    """
    for item in items:
        text = f"{item.title}. {item.summary}"
        if _TEST.fullmatch(item.title) or (len(text) <= _MAX_LENGTH and _NOTICE.search(text)):
            return item.title or item.summary
    return ""
