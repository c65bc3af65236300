"""How many publishers tell a story independently of one another. Pure."""

from collections.abc import Iterable

from monitor.model import Feed

#: Second-level names under which whole countries register.
_SHARED = frozenset("co com net org gov ac edu mil or ne go gob gouv gub".split())


def publishers(feeds: Iterable[Feed]) -> int:
    """Count the publishers of feeds: two feeds of one registered domain speak with one voice."""
    return len({publisher(feed) for feed in feeds})


def publisher(feed: Feed) -> str:
    """Return the registered domain of a feed's host, as far as its name shows; of an address the address."""
    host = feed.host.rpartition(":")[0] if feed.host.rpartition(":")[2].isdigit() else feed.host
    labels = host.lower().strip(".").split(".")
    if labels[-1].isdigit():
        return host
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3:] if deep else labels[-2:])
