"""Full texts that are to be fetched."""

from datetime import datetime
from typing import Protocol

from monitor.model import Article, ArticleOutcome


class ArticleStore(Protocol):
    """The queue of articles behind items; a page is in one of the states of `ArticleState`."""

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
        """Write an outcome in one transaction, and when its host may be asked again.

        False if the article is no longer as it was taken, or if its item was revised meanwhile: then it
        stays owed.
        """
