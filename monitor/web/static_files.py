"""The style sheet, the script and the icon of the desk, under addresses that change with their content."""

import hashlib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("static")
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Return the media type and the content of each file, by name."""
    return {path.name: (_TYPES[path.suffix], path.read_bytes()) for path in sorted(_FOLDER.iterdir())}


@cache
def static_url(name: str) -> str:
    """Return the address of a file, with the beginning of its hash."""
    return f"/static/{name}?v={hashlib.sha256(static_files()[name][1]).hexdigest()[:12]}"
