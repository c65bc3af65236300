import gzip

import pytest

from monitor.errors import FeedError
from monitor.feeds.base import Fetched, NotModified
from monitor.feeds.local import read_local
from tests.feeds.samples import RSS, feed, state


@pytest.fixture
def seeds(tmp_path):
    (tmp_path / "seeds" / "sample").mkdir(parents=True)
    (tmp_path / "seeds" / "sample" / "feed.xml").write_bytes(RSS)
    (tmp_path / "secret.xml").write_bytes(RSS)
    (tmp_path / "seeds" / "leak.xml").symlink_to(tmp_path / "secret.xml")
    return tmp_path / "seeds"


@pytest.mark.parametrize("url", ["seed:sample/feed.xml", "seed:/sample/feed.xml", "SEED:sample/feed.xml"])
def test_a_seed_is_read_from_the_folder_of_seeds(url, seeds):
    got = read_local(feed(url), state(), seeds=seeds)
    assert isinstance(got, Fetched)
    assert (got.body, got.etag, got.partial, got.final_url) == (RSS, None, False, url)


def test_the_same_bytes_are_not_modified(seeds):
    got = read_local(feed("seed:sample/feed.xml"), state(), seeds=seeds)
    again = read_local(feed("seed:sample/feed.xml"), state(body_hash=got.body_hash), seeds=seeds)
    assert again == NotModified(proved=True)


@pytest.mark.parametrize(
    "url", ["seed:../secret.xml", "seed:sample/../../secret.xml", "seed:%2e%2e/secret.xml", "seed:leak.xml"]
)
def test_a_seed_never_leads_out_of_the_folder(url, seeds):
    with pytest.raises(FeedError, match="leads out of the folder of seeds") as caught:
        read_local(feed(url), state(), seeds=seeds)
    assert caught.value.health == "guarded"


def test_files_of_the_operator_are_read_by_path_and_by_url(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two words.xml").write_bytes(RSS)
    for url in (f"file:{tmp_path}/two words.xml", f"file://{tmp_path}/two%20words.xml", "file:two words.xml"):
        assert read_local(feed(url), state()).body == RSS


def test_a_compressed_file_is_read(tmp_path):
    (tmp_path / "feed.xml.gz").write_bytes(gzip.compress(RSS))
    assert read_local(feed(f"file:{tmp_path}/feed.xml.gz"), state()).body == RSS


@pytest.mark.parametrize(
    ("name", "health", "words"),
    [
        ("missing.xml", "gone", "there is no such file"),
        ("folder", "gone", "there is no such file"),
        ("large.xml", "too_large", "larger than 1,000 bytes"),
        ("bomb.gz", "too_large", "larger than 1,000 bytes"),
        ("broken.gz", "protocol", "damaged from the start"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(name, health, words, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "large.xml").write_bytes(bytes(1_001))
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(100_000)))
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08" + b"\xff" * 40)
    with pytest.raises(FeedError, match=words) as caught:
        read_local(feed(f"file:{tmp_path}/{name}"), state(), max_bytes=1_000)
    assert name in str(caught.value)
    assert caught.value.health == health


@pytest.mark.parametrize("url", ["file://other.example/feed.xml", "file:", "seed:"])
def test_a_file_of_another_machine_is_refused(url):
    with pytest.raises(FeedError, match=r"write file:///path/to/feed\.xml"):
        read_local(feed(url), state())
