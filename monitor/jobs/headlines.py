"""Translate the headlines of alerts before they are rendered; a failure holds up no alert."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import structlog

from monitor.match.frames.language import language_of
from monitor.model import Alert, Feed, Judged
from monitor.text.languages import language_code

from .policy import Policy

log = structlog.get_logger()


async def translated_titles(policy: Policy, feed: Feed, judged: Iterable[Judged]) -> Mapping[str, str]:
    """Return the translations of titles in other languages, by title; of items that may alert only."""
    translate = policy.translate
    if translate is None:
        return {}
    alertable = [each for each in judged if each.decision.placement]
    titles = [each.item.title for each in alertable if _is_foreign(policy, feed, each)]
    if not titles:
        return {}
    before = translate.fault
    found = await translate(titles)
    if translate.fault != before:
        log.warning("translation_failed" if translate.fault else "translation_works", reason=translate.fault)
    return found


def with_translations(alerts: Iterable[Alert], titles: Mapping[str, str]) -> tuple[Alert, ...]:
    """Return alerts with the translation of their title, where there is one."""
    return tuple(
        replace(alert, translation=titles[alert.item.title]) if alert.item.title in titles else alert
        for alert in alerts
    )


def _is_foreign(policy: Policy, feed: Feed, judged: Judged) -> bool:
    """Say whether a title is in a known language other than the target."""
    declared = language_code(judged.item.lang or feed.lang)
    engine, target = policy.engine, policy.translate.target if policy.translate else ""
    language = language_of(judged.item.title, engine.tables.verb_of, declared) if engine else declared
    return (language or declared) not in {"", target}
