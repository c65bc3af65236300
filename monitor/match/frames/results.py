"""Tell a gerund that says what the main subject does as well: "ends talks, lifting sanctions"."""

from monitor.match.spans import Span

from . import word_order
from .clauses import at
from .lexemes import Hit
from .sentences import Sentence

#: Classes of verbs whose gerund may tell a result.
_CLASSES = "impose hit lift ease extend tighten ban allow freeze unfreeze delist unlist revoke halt evade"
RESULTS = frozenset(f"v:{name}:g" for name in _CLASSES.split())


def is_result(sentence: Sentence, verb: Hit, thing: Span | None) -> bool:
    """Say whether a gerund opens a clause behind the comma of a main clause that a state opens.

    Where verbs come last the gerund stands before the main verb of a title.
    """
    endings = sentence.small.adverbial_gerunds.get(sentence.lang, ())
    word = sentence.text.words[verb.stop - 1 if sentence.lang in word_order.VERB_LAST else verb.start]
    if verb.tag not in RESULTS or not endings or not word.endswith(endings):
        return False
    if thing is not None and "of" in sentence.text.words[verb.stop : thing.start]:
        return False  # "reducing the impact of sanctions"
    clause, names = sentence.clause(verb.start), sentence.names()
    if sentence.lang in word_order.VERB_LAST:
        return sentence.field == "title" and sentence.start in names and verb.stop < clause.stop
    number = at(sentence.clauses, verb.start)
    if number == 0 or verb.start != clause.start or not _behind_comma(sentence, verb):
        return False
    main = sentence.clauses[number - 1]
    return not main.subordinate and main.start == sentence.start and bool(_opening(sentence) & names)


def _opening(sentence: Sentence) -> set[int]:
    """Return the first words, of which one is an article at most."""
    return {sentence.start, sentence.start + 1}


def _behind_comma(sentence: Sentence, verb: Hit) -> bool:
    text = sentence.text
    return "," in text.raw[text.stops[verb.start - 1] : text.starts[verb.start]]
