"""Read feeds from the disk: ``seed:`` is a bundled file, ``file:`` one of the operator's."""

import hashlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.http.inflate import TooLarge, Unreadable, inflate
from monitor.model import Feed, FeedState
from monitor.resources import SEEDS

from .base import Fetched, NotModified

SCHEMES = frozenset({"seed", "file"})


def read_local(
    feed: Feed, state: FeedState, *, seeds: Path = SEEDS, max_bytes: int = 20_000_000
) -> Fetched | NotModified:
    """Read a feed from the disk; the same bytes as last time are `NotModified`.

    ``seed:sample/feed.xml`` is found among the seeds; ``file:/abs/path``, ``file:///abs/path`` and
    ``file:relative`` (to the working folder) are understood.

    Raises:
        FeedError: no such file, not readable, too large, or a seed outside the folder of seeds.
    """
    path = _path_of(feed.url, seeds)
    body = _read(path, max_bytes)
    body_hash = hashlib.sha256(body).hexdigest()
    if body_hash == state.body_hash:
        return NotModified(proved=True)
    return Fetched(
        body=body, content_type="", etag=None, last_modified=None, body_hash=body_hash, final_url=feed.url
    )


def _path_of(url: str, seeds: Path) -> Path:
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"} or not parts.path:
        raise FeedError(
            f"{url[:200]}: write file:///path/to/feed.xml, a file of this machine", FeedHealth.PROTOCOL
        )
    path = Path(unquote(parts.path))
    if parts.scheme == "file":
        return path
    inside = (seeds / path.as_posix().lstrip("/")).resolve()
    if not inside.is_relative_to(seeds.resolve()):
        raise FeedError(
            f"{url[:200]} leads out of the folder of seeds; use file: for files of your own",
            FeedHealth.GUARDED,
        )
    return inside


def _read(path: Path, max_bytes: int) -> bytes:
    if not path.is_file():
        raise FeedError(f"{path}: there is no such file", FeedHealth.GONE)
    try:
        with path.open("rb") as stream:
            return inflate(stream.read(max_bytes + 1), "", max_bytes).body
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}", FeedHealth.PROTOCOL) from error
    except TooLarge as error:
        raise FeedError(f"{path} is larger than {max_bytes:,} bytes", FeedHealth.TOO_LARGE) from error
    except Unreadable as error:
        raise FeedError(f"{path} is {error}", FeedHealth.PROTOCOL) from error
