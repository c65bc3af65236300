"""Who speaks in an item: the agency it credits, or the publisher of its feed. Pure."""

import re

from monitor.model import Feed, Item
from monitor.text import fold
from monitor.text.patterns import late_pattern

#: The publisher of the fictitious feeds that ship with the program.
FICTITIOUS = "seed:"

#: Second-level names under which whole countries register.
_SHARED = frozenset("co com net org gov ac edu mil or ne go gob gouv gub".split())

#: Agencies as their customers credit them, and the domain they speak from themselves.
_AGENCIES = {
    "reuters": "reuters.com", "рейтер": "reuters.com", "afp": "afp.com", "ap": "apnews.com",
    "associated press": "apnews.com", "dpa": "dpa.com", "tass": "tass.com", "тасс": "tass.com",
    "interfax": "interfax.ru", "интерфакс": "interfax.ru", "риа новости": "ria.ru",
    "ria novosti": "ria.ru", "anadolu": "aa.com.tr", "aa": "aa.com.tr",
    "ukrinform": "ukrinform.net", "укринформ": "ukrinform.net", "укрінформ": "ukrinform.net",
    "efe": "efe.com", "ansa": "ansa.it", "xinhua": "xinhuanet.com", "新华社": "xinhuanet.com",
    "bloomberg": "bloomberg.com", "kyodo": "kyodonews.net", "yonhap": "yna.co.kr",
    "رويترز": "reuters.com", "فرانس برس": "afp.com",
}  # fmt: skip
#: Other domains of the same agencies.
_SAME = {"tass.ru": "tass.com", "ukrinform.ua": "ukrinform.net", "news.cn": "xinhuanet.com"}

_NAMES = "|".join(sorted(map(re.escape, map(fold, _AGENCIES)), key=len, reverse=True))
#: "(Reuters)" and "/TASS/" where a text begins or ends; "- AFP" and "| Reuters" at the end of a title.
_CREDIT = late_pattern(rf"[(/\[（【]\s?({_NAMES})\s?[)/\]）】]|(?:^|\s)[-–—|]\s?({_NAMES})\s*$", re.MULTILINE)
_BEGINNING, _END = 160, 60
_OF_NAME = {fold(name): domain for name, domain in _AGENCIES.items()}


def publisher_of(feed: Feed, item: Item) -> str:
    """Return whose account an item is: the agency it credits, which speaks once however many print it, or
    its publisher."""
    if feed.host == FICTITIOUS:
        return FICTITIOUS
    text = f"{item.title}\n{item.summary[:_BEGINNING]}\n{item.summary[_BEGINNING:][-_END:]}"
    if credit := _CREDIT.search(fold(text)):
        return _OF_NAME[credit[1] or credit[2]]
    own = publisher(feed)
    return _SAME.get(own, own)


def publisher(feed: Feed) -> str:
    """Return the registered domain of a feed's host, as far as its name shows; of an address the address."""
    host = feed.host.rpartition(":")[0] if feed.host.rpartition(":")[2].isdigit() else feed.host
    labels = host.lower().strip(".").split(".")
    if labels[-1].isdigit():
        return host
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3:] if deep else labels[-2:])
