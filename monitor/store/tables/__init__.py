"""The tables, the same on every database. A column has the name of the field it holds.

Values that are compared, sorted or counted have a column; values that are only read whole are JSON. Any
change here needs a migration, see `monitor.store`.
"""

from .actions import actions, escalations, silences, unsubscriptions
from .alerts import alerts, deadlines, incidents, stories
from .base import meta, metadata
from .cluster import channel_rates, leases, shared_files, workers
from .desk import assignments, audit, notes, saved_views, sessions, tokens, undos, users
from .digests import digest_alerts, digests, subscriptions
from .feeds import aliases, articles, documents, feeds, forgotten, hosts, items, polls
from .outbox import attempts, channels, deliveries
from .rule_files import rule_files
from .story_list import story_facets, story_rows
from .websub import hub_subscriptions

__all__ = [
    "actions",
    "alerts",
    "aliases",
    "articles",
    "assignments",
    "attempts",
    "audit",
    "channel_rates",
    "channels",
    "deadlines",
    "deliveries",
    "digest_alerts",
    "digests",
    "documents",
    "escalations",
    "feeds",
    "forgotten",
    "hosts",
    "hub_subscriptions",
    "incidents",
    "items",
    "leases",
    "meta",
    "metadata",
    "notes",
    "polls",
    "rule_files",
    "saved_views",
    "sessions",
    "shared_files",
    "silences",
    "stories",
    "story_facets",
    "story_rows",
    "subscriptions",
    "tokens",
    "undos",
    "unsubscriptions",
    "users",
    "workers",
]
