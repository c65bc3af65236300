"""Whether an item reports, or asks, explains, comments, runs live or is a video. Pure."""

from enum import StrEnum

from monitor.model import Item, Verdict
from monitor.text import fold
from monitor.text.patterns import late_pattern


class ReportKind(StrEnum):
    """What an item is; only a report opens a story as an act, or updates one."""

    REPORT = "report"
    QUESTION = "question"
    EXPLAINER = "explainer"
    OPINION = "opinion"
    LIVE = "live"
    VIDEO = "video"


#: Parts of a link's path by which publishers sort their pages.
_PATHS = {
    ReportKind.VIDEO: late_pattern(r"/(?:videos?|watch|av|program|newsfeed)/"),
    ReportKind.LIVE: late_pattern(r"/(?:liveblog|live|live-updates?)/|live-updates?"),
    ReportKind.OPINION: late_pattern(
        r"/(?:opinions?|commentisfree|editorials?|op-?eds?|columns?|meinung|debatt)/"
    ),
    ReportKind.EXPLAINER: late_pattern(r"/(?:explainers?|gallery|longform)/"),
}

_ENDS_ASKING = late_pattern(r"[?？؟][\s\"'”’»)]*(?:[-–—|][^?]{2,40})?$")

#: Folded beginnings of titles, up to a colon or a bar, and words anywhere in them.
_LABELS = {
    ReportKind.VIDEO: "watch|video|photos?|in pictures|listen|podcast|видео",
    ReportKind.OPINION: "opinion|editorial|op-?ed|analysis|comment|commentary|column|kommentar"
    "|meinung|leitartikel"
    "|tribune|analyse|мнение|колонка|analiz|yorum",
}
_BEGINNINGS = {
    ReportKind.LIVE: r"the latest\b|live\b|[^:]{3,40}\bday \d+:|[^:]{3,40}\blist of key events\b",
    ReportKind.EXPLAINER: "(?:how|why|what|where|who|when|which|inside|explained|explainer"
    "|timeline|factbox|fact check"
    "|q&a|key takeaways|warum|wie|was|wieso|wer|pourquoi|comment|que sait-on|por que|como|que es|claves"
    r"|почему|как|что известно|зачем|чому|як|що відомо|neden|لماذا|كيف|ما هو|ما هي|چرا)\b|为何|为什么",
}
_ANYWHERE = {
    ReportKind.LIVE: r"\blive(?: updates?| blog)?:|\blive updates\b|as it happened"
    r"|liveticker|\ben (?:direct|vivo)\b"
    "|прямая трансляция|онлайн:|canli (?:blog|anlatim)|直播",
    ReportKind.VIDEO: r"\|\s?video$|视频",
    ReportKind.OPINION: r"\|\s?opinion$",
    ReportKind.EXPLAINER: r"\b(?:what (?:to|we|you) (?:need to )?know|explained|explainer"
    r"|takeaways|why it matters"
    r"|what(?:'|’)s next|here(?:'|’)s (?:what|why|how)|in charts|what is at stake|nedir)\b",
}
_NEVER = "(?!)"
_TITLES = {
    kind: late_pattern(
        rf"^(?:{_LABELS.get(kind, _NEVER)})\s?[:|]|^(?:{_BEGINNINGS.get(kind, _NEVER)})|{_ANYWHERE[kind]}"
    )
    for kind in _ANYWHERE
}

_COMMENTARY = "commentary"


def kind_of(item: Item, verdict: Verdict) -> ReportKind:
    """Return what an item is, by its link, its title, and the type of its event."""
    path = item.url.partition("://")[2].partition("?")[0].lower()
    for kind, pattern in _PATHS.items():
        if pattern.search(path):
            return kind
    if (kind := kind_of_title(item.title)) is not ReportKind.REPORT:
        return kind
    is_comment = verdict.event is not None and verdict.event.type == _COMMENTARY
    return ReportKind.OPINION if is_comment else ReportKind.REPORT


def kind_of_title(title: str) -> ReportKind:
    """Return what a title says of its item; a report if it says nothing else."""
    folded = fold(title).strip()
    for kind, pattern in _TITLES.items():
        if pattern.search(folded):
            return kind
    return ReportKind.QUESTION if _ENDS_ASKING.search(folded) else ReportKind.REPORT
