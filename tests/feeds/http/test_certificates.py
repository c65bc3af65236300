"""A certificate file of a feed: a private authority, and an intermediate certificate that a server omits."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.base import Fetched
from monitor.feeds.http.authorities import authorities_with
from monitor.feeds.http.fetch import Fetcher
from monitor.model import Request
from tests.feeds.conftest import LOOPBACK
from tests.feeds.samples import NOW, RSS, feed, state
from tests.support.servers import Reply, Site


@pytest.fixture(scope="module")
def root() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def intermediate(root: trustme.CA) -> trustme.CA:
    return root.create_child_ca()


@pytest.fixture
def secure_site(intermediate: trustme.CA, tmp_path: Path) -> Iterator[Site]:
    """A site that sends its own certificate without the intermediate one, as many offices do."""
    certificate = intermediate.issue_cert("127.0.0.1")
    key, alone = tmp_path / "key.pem", tmp_path / "alone.pem"
    certificate.private_key_pem.write_to_path(key)
    certificate.cert_chain_pems[0].write_to_path(alone)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(alone, key)
    with Site({"/feed": Reply(RSS)}, tls=context) as site:
        yield site


def written(authority: trustme.CA, path: Path) -> str:
    authority.cert_pem.write_to_path(path)
    return str(path)


async def fetched(fetch: Fetcher, site: Site, ca: str) -> bytes:
    async with fetch:
        got = await fetch(feed(site.url("/feed"), request=Request(ca=ca)), state(), NOW)
    assert isinstance(got, Fetched)
    return got.body


async def test_the_intermediate_certificate_that_a_server_omits_can_be_given(
    secure_site, fetch, intermediate, tmp_path
):
    assert await fetched(fetch, secure_site, written(intermediate, tmp_path / "ca.pem")) == RSS


async def test_a_root_alone_does_not_replace_a_missing_intermediate(secure_site, fetch, root, tmp_path):
    with pytest.raises(FeedError) as caught:
        await fetched(fetch, secure_site, written(root, tmp_path / "ca.pem"))
    assert caught.value.health is FeedHealth.TLS


async def test_without_the_file_the_error_names_the_key(secure_site, fetch):
    with pytest.raises(FeedError, match="an intermediate certificate is missing, set ca of the feed"):
        await fetched(fetch, secure_site, "")


async def test_the_certificates_of_one_feed_are_not_trusted_for_another(
    secure_site, http, intermediate, tmp_path
):
    ca = written(intermediate, tmp_path / "ca.pem")
    async with Fetcher(http, LOOPBACK) as fetch:
        await fetch(feed(secure_site.url("/feed"), request=Request(ca=ca)), state(), NOW)
        with pytest.raises(FeedError):
            await fetch(feed(secure_site.url("/feed")), state(), NOW)


async def test_a_file_that_disappeared_is_a_fault_of_its_feed(secure_site, fetch, tmp_path):
    with pytest.raises(FeedError, match=r"absent\.pem cannot be read") as caught:
        await fetched(fetch, secure_site, str(tmp_path / "absent.pem"))
    assert caught.value.health is FeedHealth.TLS


def test_public_authorities_stay_trusted_besides_the_file(root, tmp_path):
    written(root, tmp_path / "ca.pem")
    assert len(authorities_with(tmp_path / "ca.pem").get_ca_certs()) > 50
