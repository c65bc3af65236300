"""The trusted authorities are read once, and again when their file changes."""

import os
from pathlib import Path

import pytest
import trustme

from monitor.feeds.http.authorities import trusted_authorities


def test_authorities_are_read_once_and_again_when_their_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "authorities.pem"
    first, second = trustme.CA(), trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    first.cert_pem.write_to_path(bundle)
    context = trusted_authorities()
    assert trusted_authorities() is context
    assert len(context.get_ca_certs()) == 1
    second.cert_pem.write_to_path(bundle, append=True)
    os.utime(bundle, (1, 1))
    assert len(trusted_authorities().get_ca_certs()) == 2
