"""The protocol for the queue of articles to fetch."""

from datetime import datetime
from typing import Protocol

from monitor.model import Article, ArticleOutcome


class ArticleStore(Protocol):
    """The queue of articles behind items; each is in one of the states of `ArticleState`."""

    def due_article_shards(self, now: datetime) -> tuple[int, ...]:
        """Return the shards in which some article is due and its host free, in order."""

    def articles_due(self, now: datetime) -> int:
        """Return how many articles are due, whether their hosts are free or not."""

    def take_articles(
        self, shard: int, now: datetime, until: datetime, limit: int = 50
    ) -> tuple[Article, ...]:
        """Take due articles of a shard, one of each free host, and reserve these hosts for them until then.

        A host of which a feed is due is not free for articles.
        """

    def commit_article(self, outcome: ArticleOutcome) -> bool:
        """Write an outcome, and the time of the next request to its host, in one transaction.

        False if the article has changed since it was taken, or if its item was revised: then it stays
        ``owed``.
        """
