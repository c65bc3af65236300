"""Pages to read in full, on every database."""

from dataclasses import replace
from datetime import timedelta

from monitor.model import Article, ArticleOutcome, Feed, Item
from monitor.store import SqlStore
from tests.conftest import NOW, alert, delivery, item
from tests.store.builders import feed, judged, outcome, state_of
from tests.support.archive import found

SOON = NOW + timedelta(seconds=2)
UNTIL = SOON + timedelta(seconds=30)
NEWS: Feed = feed(full_text=True)


def behind(one: Item, host: str = "news.example") -> Article:
    return Article(one.id, f"https://{host}/{one.guid}", host)


def shard_of(article: Article) -> int:
    return feed(host=article.host).shard


def owed(store: SqlStore, *items: Item) -> list[Article]:
    """A poll that owes a page for each item."""
    if not store.feed_states():
        store.enrol([NEWS], NOW)
    articles = tuple(map(behind, items))
    assert store.commit([outcome(state_of(store), *items, articles=articles)])
    return list(articles)


def read(
    article: Article, one: Item, text: str = "a text about zeppelins", **changes: object
) -> ArticleOutcome:
    done = ArticleOutcome(
        article=article,
        then=article,
        state="read",
        due_at=SOON,
        host_free_at=SOON + timedelta(seconds=2),
        judged=judged(replace(one, body=text)),
    )
    return replace(done, **changes)


def test_a_page_is_owed_with_its_item_and_taken_by_one_only(store: SqlStore):
    (article,) = owed(store, item())
    assert store.due_article_shards(SOON) == (shard_of(article),)
    (taken,) = store.take_articles(shard_of(article), SOON, UNTIL)
    assert taken == replace(article, reserved_until=UNTIL)
    assert store.take_articles(shard_of(article), SOON, UNTIL) == ()
    assert store.due_article_shards(UNTIL) == (shard_of(article),)


def test_of_one_host_one_page_is_taken_at_a_time(store: SqlStore):
    (article, *_) = owed(store, *(item(guid=str(number)) for number in range(3)))
    assert len(store.take_articles(shard_of(article), SOON, UNTIL)) == 1
    assert store.articles_due(SOON) == 3


def test_a_text_is_stored_indexed_and_alerted_in_one_transaction(store: SqlStore):
    one = item()
    (article,) = owed(store, one)
    (taken,) = store.take_articles(shard_of(article), SOON, UNTIL)
    full = replace(one, body="a text about zeppelins")
    done = read(taken, one, alerts=(alert(item=full),), deliveries=(delivery(),))
    assert store.commit_article(done)
    assert store.item(one.id) == judged(full)
    assert [each.item for each in found(store, "zeppelins")] == [full]
    assert store.alert_of(one.id)
    assert len(store.deliveries()) == 1
    assert store.articles_due(UNTIL) == 0
    assert not store.commit_article(done)
    assert len(store.deliveries()) == 1


def test_the_host_is_free_again_when_the_outcome_says_so(store: SqlStore):
    (article, _) = owed(store, item(), item(guid="2"))
    (taken,) = store.take_articles(shard_of(article), SOON, UNTIL)
    store.commit_article(read(taken, item()))
    assert store.due_article_shards(SOON + timedelta(seconds=1)) == ()
    assert store.due_article_shards(SOON + timedelta(seconds=2)) == (shard_of(article),)


def test_one_that_lost_its_lane_does_not_shorten_anothers(store: SqlStore):
    (article, _) = owed(store, item(), item(guid="2"))
    (late,) = store.take_articles(shard_of(article), SOON, UNTIL)
    later = UNTIL + timedelta(seconds=30)
    assert store.take_articles(shard_of(article), UNTIL, later)
    store.commit_article(read(late, item()))
    assert store.due_article_shards(later - timedelta(seconds=1)) == ()


def test_a_revision_has_its_page_read_again_and_keeps_the_text_until_then(store: SqlStore):
    one, revised = item(), item(summary="Now worth $90 million.")
    (article,) = owed(store, one)
    (taken,) = store.take_articles(shard_of(article), SOON, UNTIL)
    store.commit_article(read(taken, one))
    owed(store, revised)
    assert store.articles_due(SOON) == 1
    found = store.item(one.id)
    assert found
    assert (found.item.summary, found.item.body) == (revised.summary, "a text about zeppelins")


def test_a_text_of_an_item_that_was_revised_meanwhile_is_not_taken(store: SqlStore):
    one, revised = item(), item(summary="Now worth $90 million.")
    (article,) = owed(store, one)
    (taken,) = store.take_articles(shard_of(article), SOON, UNTIL)
    assert store.commit([outcome(state_of(store), revised)])
    assert not store.commit_article(read(taken, one, deliveries=(delivery(),)))
    assert store.item(one.id) == judged(revised)
    assert store.deliveries() == ()
    assert store.articles_due(UNTIL) == 1


def test_a_page_that_moved_waits_in_the_lane_of_its_new_host(store: SqlStore):
    (article,) = owed(store, item())
    (taken,) = store.take_articles(shard_of(article), SOON, UNTIL)
    there = replace(taken, url="https://other.example/1", host="other.example", attempts=1)
    assert store.commit_article(
        ArticleOutcome(article=taken, then=there, state="owed", due_at=SOON, host_free_at=UNTIL)
    )
    assert store.due_article_shards(SOON) == (shard_of(there),)
    (again,) = store.take_articles(shard_of(there), SOON, UNTIL)
    assert (again.url, again.host, again.attempts) == (there.url, there.host, 1)
