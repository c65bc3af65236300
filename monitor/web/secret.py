"""Load or create the key that signs links, in a file that only its owner can read."""

import os
import secrets
from pathlib import Path

from monitor.errors import ConfigError
from monitor.resources import make_private_folder


def load_or_create_key(path: Path) -> str:
    """Return the key in a file; create the file if it does not exist.

    Raises:
        ConfigError: the file can be neither read nor written, or is too short.
    """
    try:
        make_private_folder(path.parent)
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
    """Write a new key atomically, unless another process was faster."""
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
