"""The engine: an item and the tier of its source in, a verdict with all its reasons out.

Immutable: when rules, lexicon or lists change, a new one is built beside it and swapped in.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from monitor.match.events.choose import choose, comments, counts
from monitor.match.events.completing import with_systems
from monitor.match.events.find import find_events
from monitor.match.names.resolve import Names
from monitor.match.query.fields import asks_categories
from monitor.match.query.parser import terms
from monitor.match.query.pattern import Pattern
from monitor.match.query.pattern import parse as parse_pattern
from monitor.match.query.pattern_index import index_rows, row_of
from monitor.match.query.prefilter import Prefilter, prefilter_of
from monitor.model import Credibility, Event, Evidence, Item, Tier, Verdict
from monitor.text import tokenize
from monitor.text.languages import language_code

from . import lexicon as lexicon_files
from . import rules as rule_files
from . import score
from . import score_tables as scoring_files
from .disambiguate import annotate
from .examples import failed
from .frames import tables as frame_files
from .frames.find import find_acts
from .frames.language import language_of
from .frames.tables import Tables
from .lexicon import LANGUAGES, Lexicon
from .mentions import evidence_of_names, mentions
from .rules import TOPICS, EventType, Rule, RuleSet
from .score import Scoring
from .spans import CATEGORY, Doc, Span, with_acts, with_categories
from .spotting import Spotter
from .tag_patterns import patterns_of_tag

#: News is in the first sentences; what comes later costs time and proves little.
LONGEST_SUMMARY = 6_000
LONGEST_BODY = 10_000

#: The concept of saying something and naming nobody who says so.
UNSOURCED = "unsourced"


#: Who makes an act in a title one of states.
STATES = ("country", "authority")

#: Why an event whose topic is not flagged is no news.
OFF_TOPIC = "its topic is not flagged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Judges items. `versions` name exactly what it judges by; `prefilter` finds the rules that can hold.

    `reads_categories`: a rule asks for the categories of items.
    """

    lexicon: Lexicon
    rules: RuleSet
    scoring: Scoring
    spotter: Spotter
    versions: Mapping[str, str]
    prefilter: Prefilter[Rule | EventType]
    tables: Tables
    states: Mapping[str, tuple[str, ...]]
    reads_categories: bool = False

    @property
    def tags(self) -> frozenset[str]:
        """The @names by which queries may ask for what was recognised."""
        return self.lexicon.tags | self.tables.tags

    def judge(self, item: Item, tier: Tier) -> Verdict:
        """Return the verdict on an item from a source of this tier."""
        categories = item.category_text if self.reads_categories else ""
        doc = self.annotate(item.title, item.summary, item.body, item.lang, categories=categories)
        able = self.able(doc)
        day = min(item.published_at or item.first_seen_at, item.first_seen_at)
        kinds = (each for each in able if isinstance(each, EventType))
        events = find_events(doc, kinds, self.tables, day, self.states)
        found = tuple(self._evidence(doc, (each for each in able if isinstance(each, Rule)), events))
        relevance = {topic: score.total(e.points for t, e in found if t == topic) for topic in TOPICS}
        told = tuple(self._of_topic(doc, event, relevance) for _, event in events)
        main, background = choose(told, comments=bool(told) and comments(doc, self.tables))
        main = with_systems(main, doc) if main else None
        verdict = Verdict(
            topics=tuple(topic for topic in TOPICS if relevance[topic] >= self.scoring.flagged),
            relevance=relevance,
            event=_raised(main, doc),
            background=background,
            entities=tuple(mentions(doc, self.lexicon)),
            evidence=(*_unique(e for _, e in found if e.points >= 0), *evidence_of_names(doc)),
            penalties=_unique(e for _, e in found if e.points < 0),
            credibility=self._credibility(item, tier, doc, main),
            rules=tuple(dict.fromkeys(_rule_of(e) for _, e in found if e.points > 0 and _rule_of(e))),
            possible=tuple(t for t in TOPICS if self.scoring.possible <= relevance[t] < self.scoring.flagged),
            versions=self.versions,
        )
        changes = tuple(would_change(verdict, self.scoring))
        return replace(verdict, would_change=changes) if changes else verdict

    def annotate(
        self, title: str, summary: str = "", body: str = "", lang: str = "", *, categories: str = ""
    ) -> Doc:
        """Return a text with everything recognised in it; `categories` as `Item.category_text` has them."""
        texts = {"title": tokenize(title), "summary": tokenize(summary[:LONGEST_SUMMARY])}
        texts |= {"body": tokenize(body[:LONGEST_BODY])} if body else {}
        lang = self._language(f"{title} {summary}", language_code(lang))
        doc = annotate(texts, self.spotter, self.lexicon, lang, self.tables.small)
        doc = with_acts(doc, find_acts(doc, self.tables))
        if not categories:
            return doc
        text = {CATEGORY: tokenize(categories[:LONGEST_SUMMARY])}
        return with_categories(doc, annotate(text, self.spotter, self.lexicon, lang))

    def _language(self, raw: str, declared: str) -> str:
        """Return the language of a text; one that an operator has added is taken from the feed."""
        added = declared in self.tables.languages and declared not in LANGUAGES
        return declared if added else language_of(raw, self.tables.verb_of, declared)

    def also(self, words: Iterable[str]) -> "Engine":
        """Return an engine that spots these words of a query (``w:…`` tags) too."""
        more = ((tag, parse_pattern(tag.removeprefix("w:"))) for tag in sorted(words))
        return replace(self, spotter=self.spotter.also(more))

    def patterns_of(self, tag: str) -> tuple[Pattern, ...] | None:
        """Return patterns of which a text with a tag has one; None for a tag that is derived from others."""
        has_names = self.spotter.names is not None
        return patterns_of_tag(tag, self.lexicon, self.tables, has_names=has_names)

    def with_names(self, names: Names) -> "Engine":
        """Return an engine that finds these listed names too."""
        spotter = Spotter(indexes=self.spotter.indexes, names=names)
        return replace(self, spotter=spotter, versions={**self.versions, "lists": names.index.version})

    def able(self, doc: Doc) -> tuple[Rule | EventType, ...]:
        """Return the rules and event types that can hold at all: all that they need was spotted."""
        return self.prefilter.able(doc.spans)

    def _evidence(
        self, doc: Doc, rules: Iterable[Rule], events: Iterable[tuple[EventType, Event]]
    ) -> Iterator[tuple[str, Evidence]]:
        """Yield (topic, evidence), the heaviest rule first; events count once for each topic.

        A penalty is left out where a topic has no points to take.
        """
        matched = [(rule, matches) for rule in rules if (matches := rule.when.find(doc))]
        events = [(kind, event) for kind, event in events if counts(event)]
        given = {topic for rule, _ in matched for topic in rule.topics if rule.points > 0}
        given |= {kind.topic for kind, _ in events}
        for rule, matches in sorted(matched, key=lambda pair: (-abs(pair[0].points), pair[0].id)):
            for each in score.evidence_of_rule(doc, rule, matches, self.scoring):
                yield from ((topic, each) for topic in rule.topics if rule.points >= 0 or topic in given)
        counted: set[str] = set()
        for kind, event in events:
            if kind.topic not in counted:
                counted.add(kind.topic)
                yield kind.topic, score.evidence_of_event(event, kind, self.scoring)

    def _of_topic(self, doc: Doc, event: Event, relevance: Mapping[str, int]) -> Event:
        """Return an event as background if its topic has too few points and no state stands beside it."""
        points = relevance[event.topic]
        named = any(span.field == "title" for tag in STATES for span in doc[tag])
        by_state = named and event.field == "title" and event.status == "done"
        if event.background or points >= self.scoring.possible or (points and by_state):
            return event
        return replace(event, background=True, why=OFF_TOPIC)

    def _credibility(self, item: Item, tier: Tier, doc: Doc, main: Event | None) -> Credibility:
        official = tier is Tier.OFFICIAL
        primary = not official and score.links_primary(item, self.scoring)
        unsourced = main is not None and not official and any(_beside(doc, main, s) for s in doc[UNSOURCED])
        return score.credibility(tier, self.scoring, primary, unsourced)

    def corroborated(self, verdict: Verdict, tier: Tier, families: int) -> Verdict:
        """Return a verdict that so many publishers, independent of one another, bear out."""
        said = score.corroborated(verdict.credibility, tier, families, self.scoring)
        return replace(verdict, credibility=said)


def build(
    lexicon: Mapping[str, str],
    rules: Mapping[str, str],
    scoring: tuple[str, str],
    own_names: Mapping[str, tuple[str, ...]] | None = None,
    own_scoring: tuple[str, str] | None = None,
    *,
    has_index: bool = False,
) -> Engine:
    """Make an engine from the texts of its files (name → text); `scoring` is (name, text), and so is what
    the operator lays over it. The tables of frames stand among the files of the lexicon.

    With `has_index` watch lists too long to be patterns are left to the names that `Engine.with_names` adds.

    Raises:
        ConfigError: every mistake in any file, one a line.
    """
    tables = frame_files.load(lexicon)
    words = lexicon_files.load(frame_files.others(lexicon))
    watched = lexicon_files.watched(own_names or {}, has_index)
    words = replace(words, entries={**words.entries, **watched})
    ruleset = rule_files.load(rules, words.tags | tables.tags)
    name, marks = scoring_files.merged(scoring, own_scoring)
    scores = scoring_files.load(marks, name)
    version = version_of(lexicon, scoring, own_scoring)
    return assemble(words, ruleset, scores, version, tables=tables)


def version_of(lexicon: Mapping[str, str], *scoring: tuple[str, str] | None) -> str:
    """Return the version of lexicon, frame and scoring files, which changes with any letter of them."""
    return _hash({**lexicon, **dict(filter(None, scoring))})


def assemble(
    words: Lexicon,
    ruleset: RuleSet,
    scores: Scoring,
    version: str,
    names: Names | None = None,
    tables: Tables | None = None,
) -> Engine:
    """Make an engine from parsed files; `version` is that of lexicon, frames and scoring."""
    ruleset = scores.graded(ruleset)
    all_of_them: tuple[Rule | EventType, ...] = (*ruleset.rules, *ruleset.events)
    wanted = {tag for each in all_of_them for tag in terms(each.when)}
    used = (row_of(tag, parse_pattern(tag.removeprefix("w:"))) for tag in sorted(wanted))
    prefilter = prefilter_of((each.when, each) for each in all_of_them)
    versions = {
        "rules": ruleset.version,
        "lexicon": version,
        "lists": names.index.version if names else "",
    }
    spotter = Spotter(indexes=(index_rows((*words.rows(), *used)),), names=names)
    return Engine(
        lexicon=words,
        rules=ruleset,
        scoring=scores,
        spotter=spotter,
        versions=versions,
        prefilter=prefilter,
        tables=tables or frame_files.load({}),
        states=words.states,
        reads_categories=any(asks_categories(each.when) for each in all_of_them),
    )


def mistaken_examples(engine: Engine, but_of: str = "") -> tuple[str, ...]:
    """Run the examples of rules, but of files whose names begin so; say in a sentence each that is wrong."""
    every: tuple[Rule | EventType, ...] = (*engine.rules.rules, *engine.rules.events)
    asked = (each for each in every if not but_of or not each.origin.startswith(but_of))
    return tuple(map(str, failed(asked, engine)))


def would_change(verdict: Verdict, scoring: Scoring) -> Iterator[str]:
    """Say what would have changed the verdict, nearest first."""
    for topic in verdict.possible:
        short = scoring.flagged - verdict.relevance[topic]
        yield f"{topic}: {short} more points would flag it (the threshold is {scoring.flagged})"
    if verdict.event and verdict.event.hedged:
        yield f"without the hedge the severity would be {min(verdict.event.severity + 1, 5)}"
    if verdict.penalties and not verdict.topics:
        worst = min(verdict.penalties, key=lambda each: each.points)
        yield f'without "{worst.quote}" {-worst.points:g} points would not have been taken'
    if verdict.topics and verdict.credibility.letter != "A":
        yield "an official notice of the same would raise the credibility to A"


def _beside(doc: Doc, event: Event, span: Span) -> bool:
    """Say whether a span stands in the sentence of an event."""
    text = doc.texts[event.field]
    at = bisect_left(text.stops, event.start + 1)
    return span.field == event.field and text.sentences[at] == text.sentences[span.start]


def _raised(event: Event | None, doc: Doc) -> Event | None:
    """A watched name in the main event's field makes it one step graver."""
    if event is None or not any(span.field == event.field for span in doc["watch"]):
        return event
    return replace(event, severity=min(event.severity + 1, 5))


def _rule_of(evidence: Evidence) -> str:
    return evidence.because.partition(":")[0] if ":" in evidence.because else ""


def _unique(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return each piece of evidence once, the weightiest first."""
    return tuple(sorted(dict.fromkeys(evidence), key=lambda each: -abs(each.points)))


def _hash(texts: Mapping[str, str]) -> str:
    joined = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    return sha256(joined.encode()).hexdigest()[:12]
