"""The key that signs links: made once, and readable for its owner alone."""

import os
import secrets
from pathlib import Path

from monitor.errors import ConfigError


def kept_secret(path: Path) -> str:
    """Return the key in a file; if there is none, make one.

    Raises:
        ConfigError: the file can be neither read nor written, or holds too little.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
        kept = path.read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(
            f"web.secret: {path} cannot be used: {why}; set web.secret or secret_file"
        ) from error
    if len(kept) < 32:
        raise ConfigError(f"web.secret: {path} holds no key; delete it, and a new one is made")
    return kept


def _make(path: Path) -> None:
    """Write a new key, unless another program was faster; nobody ever reads half of one."""
    if path.exists():
        return
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        new.unlink()
