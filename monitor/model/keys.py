"""Keys derived from the values that they identify."""

import hashlib


def key_of(*parts: str) -> str:
    """Return a short key that is the same for the same parts, on every machine and in every run."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
