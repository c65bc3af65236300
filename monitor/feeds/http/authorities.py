"""The certificate authorities that connections trust."""

import os
import ssl
from functools import lru_cache
from pathlib import Path

import httpx


def trusted_authorities() -> ssl.SSLContext:
    """Return the context that trusts the authorities of ``SSL_CERT_FILE`` or ``SSL_CERT_DIR``, or certifi's.

    They are read once, and again when the file or folder changes: that costs as much as a hundred requests.
    """
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR") or ""
    changed_at = Path(named).stat().st_mtime_ns if named and Path(named).exists() else 0
    return _authorities_of(named, changed_at)


def authorities_with(file: Path) -> ssl.SSLContext:
    """Return a context that also trusts the certificates of a PEM file, read again when the file changes.

    A certificate in it may be of an authority, or the intermediate one that a server fails to send.

    Raises:
        OSError: it cannot be read, or holds no certificate (`ssl.SSLError`).
    """
    return _with_file(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _with_file(file: Path, changed_at: int) -> ssl.SSLContext:
    del changed_at
    context = httpx.create_ssl_context()
    context.load_verify_locations(cafile=file)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # an intermediate certificate suffices
    return context


@lru_cache(maxsize=4)
def _authorities_of(named: str, changed_at: int) -> ssl.SSLContext:
    del named, changed_at  # httpx reads the environment itself
    return httpx.create_ssl_context()
