"""Engines of files, kept between runs for as long as neither the files nor the code that builds engines change."""

import fcntl
from collections.abc import Mapping
from hashlib import sha256

from monitor.app.engine_cache import cached_engine
from monitor.match import engine
from monitor.match.engine import Engine
from tests.conftest import CACHE


def engine_of(
    lexicon: Mapping[str, str],
    rules: Mapping[str, str],
    scoring: tuple[str, str],
    own_names: Mapping[str, tuple[str, ...]] | None = None,
    *,
    has_index: bool = False,
) -> Engine:
    """Return what `engine.build` makes of the texts of files.

    A folder is for the files of one set of names, so that one test does not push the engine of another out.
    Of processes that begin at once, one builds it and the others wait.
    """
    names = sha256(
        repr((sorted(lexicon), sorted(rules), sorted(own_names or ()), has_index)).encode()
    ).hexdigest()[:12]
    inputs = (
        tuple(lexicon.items()),
        tuple(rules.items()),
        scoring,
        tuple((own_names or {}).items()),
        has_index,
    )
    folder = CACHE / "engines" / names
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return cached_engine(
            inputs,
            lambda: engine.build(lexicon, rules, scoring, own_names, has_index=has_index),
            folder,
        )
