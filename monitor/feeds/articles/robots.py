"""Check robots.txt (RFC 9309). Needs the extra ``fulltext``.

It runs in a worker, because a hostile file can take very long.
"""

MAX_ROBOTS = 512_000
_MAX_LINES = 5_000


def is_allowed(robots: str, agent: str, url: str) -> bool:
    """Say whether a robots.txt lets this user agent fetch an address."""
    from protego import Protego  # noqa: PLC0415  an extra

    lines = robots[:MAX_ROBOTS].splitlines()[:_MAX_LINES]
    return bool(Protego.parse("\n".join(lines)).can_fetch(url, agent))
