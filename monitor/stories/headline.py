"""The headline of an item: its title without a wire's label and the publisher's name. Pure."""

import re

from monitor.text import words
from monitor.text.patterns import late_pattern

#: Labels that wires put before a title: another version of the same text, not a correction.
_LABEL = late_pattern(
    r"^\s*(?:\W*(?:update \d+|refile|recast|wrapup \d+|exclusive|breaking(?: news)?|urgent|flash"
    r"|just in|watch|video|son dakika|срочно|терміново|eilmeldung|urgente?|عاجل)\s*[-:—–|!.\]]+\s*)+",
    re.IGNORECASE,
)
_TAIL = late_pattern(
    r"^(?P<title>.{12,}\S)\s*(?:\s[-–—|·:]{1,2}\s|\s?\|\s?)(?P<who>[^|–—]{2,40})$", re.DOTALL
)
_WIRES = frozenset(
    "reuters afp ap dpa tass тасс ria риа интерфакс interfax aa ukrinform укринформ efe ansa"
    " pap tt xinhua 新华社 bbc cnn dw rfi nhk kyodo yonhap".split()
)
_PAPER = late_pattern(
    r"\b(?:news|times|post|daily|journal|tribune|herald|agency|press"
    r"|gazette|today|online|tv|radio|magazine|review"
    r"|weekly|monitor|chronicle|international|zeitung|welle|haber|ajansi|новости|правда|газета)\b"
    r"|\.(?:com|net|org|ru|ua|de|fr|tr|eu)\b"
)


def headline(title: str, feed_title: str = "") -> str:
    """Return a title without the label a wire put before it and the publisher's name behind it."""
    plain = _LABEL.sub("", title, count=1)
    if match := _TAIL.match(plain):
        who = words(match["who"])
        ours = bool(feed_title) and frozenset(who) <= frozenset(words(feed_title))
        if who and (ours or who[0] in _WIRES or _PAPER.search(match["who"].casefold())):
            return match["title"].rstrip()
    return plain.strip()


def main_clause(title: str) -> str:
    """Return a folded title up to where another clause begins, unless that is too soon."""
    boundary = next(
        (each.start() for each in _CLAUSE.finditer(title) if each.start() >= _SHORTEST), len(title)
    )
    return title[:boundary]


#: Where another clause of a title begins; a shorter main clause says too little.
_CLAUSE = late_pattern(
    r"[,;:–—] | - | (?:as|after|amid|while|but|despite|before|ahead of"
    r"|following|because|when|nachdem|wahrend|weil"
    r"|trotz|apres|alors que|malgre|tras|mientras|pese a|после|на фоне|после того|несмотря)\b"
)
_SHORTEST = 24
