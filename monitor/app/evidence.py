"""Judge stored items again by the files of their versions, with the settings of one installation."""

from monitor.config import Settings
from monitor.jobs.evidence import Records, Replayer, RulesFrom, VersionedRules
from monitor.model import RuleFile

from . import derive
from .rulebook import rulebook_from


def replayer_of(records: Records, settings: Settings) -> Replayer:
    """Return the replayer of stored items; lists and feeds are those of now."""
    return Replayer(records, rules_from_files(settings))


def rules_from_files(settings: Settings) -> RulesFrom:
    """Return a function that makes rules from stored files; lists and feeds are those of now."""
    tiers = {name: feed.tier for name, feed in derive.feeds_of(settings).items()}

    def rules_from(files: tuple[RuleFile, ...]) -> VersionedRules:
        book = rulebook_from(files, settings)
        return VersionedRules(
            judge=book.engine.judge, table=book.table, tiers=tiers, versions=book.engine.versions
        )

    return rules_from
