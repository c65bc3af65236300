"""Find the feeds whose language is not judged."""

from collections.abc import Collection, Iterator

from monitor.config import Settings
from monitor.text.languages import is_language, language_code


def unjudged_feeds(settings: Settings, judged: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (feed, why) of the enabled feeds whose language is not judged."""
    for name, feed in settings.feeds.items():
        code = language_code(feed.lang)
        if not feed.enabled or not code or code in judged:
            continue
        if is_language(code):
            known = ", ".join(sorted(judged))
            yield name, f"items in {feed.lang!r} are not judged, only {known}; add words of it to the lexicon"
        else:
            yield name, f"{feed.lang!r} is no language: write an ISO 639 code such as en or ko"
