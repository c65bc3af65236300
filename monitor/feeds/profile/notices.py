"""Items that are about the feed itself: it moved, it ends, it is a test. Pure."""

import re
from collections.abc import Iterable

from monitor.model import Item

#: What a feed is called, and what is said when it ends; beginnings of words in the languages of our feeds.
_FEED = "rss feed newsfeed xml-feed канал лент стрічк flux fuente canal akış besleme 订阅".split()
_ENDS = (
    "has moved|have moved|been moved|was moved|is moving|relocated|been replaced|discontinu|deprecated"
    "|retired|no longer available|no longer supported|no longer updated|no longer maintained|shut down"
    "|shutting down|eingestellt|umgezogen|déplacé|supprimé|abandonné|trasladad|ha sido cerrad|descontinuad"
    "|перемещ|перенес|закрыт|больше не обновля|переміщен|закрит|більше не оновлю|taşındı|kapatıldı"
    "|已停止|已迁移|已关闭|已停用"
)
_NAMED = rf"\b(?:{'|'.join(_FEED)})\w{{0,4}}"
_NOTICE = re.compile(
    rf"{_NAMED}[^.!?。]{{0,60}}?(?:{_ENDS})|(?:{_ENDS})[^.!?。]{{0,40}}?{_NAMED}", re.IGNORECASE
)
_TEST = re.compile(
    r"\W*(?:test|testing|test (?:post|item|feed|entry)|hello world|lorem ipsum.*)\W*", re.IGNORECASE
)
_LONGEST = 300


def notice(items: Iterable[Item]) -> str:
    """Return the title of the first item that is about the feed itself, "" if none is.

    Only short items are: a report about somebody's news feed says more.
    """
    for item in items:
        said = f"{item.title}. {item.summary}"
        if _TEST.fullmatch(item.title) or (len(said) <= _LONGEST and _NOTICE.search(said)):
            return item.title or item.summary
    return ""
