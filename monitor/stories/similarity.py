"""Whether two texts tell one event: by their words, or by whom and what they name. Pure."""

from collections.abc import Iterable

from monitor.model import Fingerprint, Stage, Story
from monitor.text.sums import agreeing, differing

from .fingerprint import stems

#: Titles tell the same when this share of the shorter one's words (0-1) is common to both,
WORD_SHARE = 0.5
#: of which so many are more than the event's and the states' own.
_FEWEST = 2
#: What a word weighs that only names the event or a state.
_PLAIN = 0.3

#: Summaries of so many words are one wire's when this share of the shorter one is common to both.
_LONG, _COPIED = 10, 0.75

#: What is named alike in two texts weighs so much; the event is the same from `_ENOUGH` on, if that is also
#: this share of the names in the shorter title.
_WEIGHTS = {"country": 1.0, "authority": 0.5, "programme": 1.0, "agency": 1.5, "maker": 1.5, "weapon": 1.5}
_PARTY = 2.0
_FIGURE, _SUM, _NAME, _STEP = 1.5, 1.5, 1.25, 1.0
_ENOUGH, _MOST = 3.5, 0.6

#: Steps of one act: what is proposed is agreed, and then imposed.
_IMPOSING = frozenset({"proposed", "agreed", "imposed", "tightened"})
#: Acts that one state repeats against another within days: two states alone do not tell them apart.
_OFTEN = frozenset({"imposed", "enforced", "tightened", "guidance", "commentary", "evasion_reported", ""})


#: How alike two texts are that only name the same two states and the same act.
FAINT = 0.4


def similarity(mine: Fingerprint, step: tuple[str, str], story: Story, *, anyhow: bool = False) -> float:
    """Return how surely a text whose event is of this type and stage retells a story (0-1); 0 if it does not.

    What any telling of the story contradicts is not the story. What speaks of another text, to correct or to
    deny it, need not tell of the same event: `anyhow`.
    """
    if any(contradict(mine, other) for other in story.fingerprints):
        return 0.0
    same = anyhow or same_event(*step, story)
    return max((_of_two(mine, other, same, step[0], story) for other in story.fingerprints), default=0.0)


def _of_two(mine: Fingerprint, other: Fingerprint, same: bool, type: str, story: Story) -> float:
    if same and (by_words := _by_words(mine, other)):
        return by_words
    foreign = mine.lang != other.lang
    unknown = not (type and story.event_type)  # an event may not have been recognised
    act = type == story.event_type and type not in _OFTEN
    if same or (unknown and (foreign or _share_a_figure(mine, other))):
        facts = _facts(mine, other, foreign) + (_STEP if foreign and act else 0)
        if facts >= _ENOUGH and _covers(mine, other, foreign):
            return min(0.45 + facts / 20, 0.95)
    return FAINT if act and _same_pair(mine, other) else 0.0


def same_event(type: str, stage: str, story: Story) -> bool:
    """Say whether an event is the one told, or another step of it."""
    if not type:
        return not story.event_type
    steps = type in _IMPOSING and story.event_type in _IMPOSING
    return type == story.event_type or Stage.NONE not in {stage, story.stage} or steps


def contradict(one: Fingerprint, other: Fingerprint) -> bool:
    """Say whether two titles tell of two events: each gives a figure, names a state or a weapon the other
    lacks, or they give sums that differ."""
    return (
        _apart(one.figures, other.figures)
        or _apart(_kind(one, "country:"), _kind(other, "country:"))
        or _disjoint(_kind(one, "weapon:"), _kind(other, "weapon:"))
        or differing(one.sums, other.sums) is not None
    )


def _by_words(one: Fingerprint, other: Fingerprint) -> float:
    mine, theirs = frozenset(one.words), frozenset(other.words)
    if not mine or not theirs:
        return 0.0
    plain = frozenset((*one.plain, *other.plain))
    common = mine & theirs
    share = _weight(common, plain) / min(_weight(mine, plain), _weight(theirs, plain))
    if mine == theirs or (share >= WORD_SHARE and len(common - plain) >= _FEWEST):
        return share
    return 0.9 if one.lang == other.lang and _copied(one.body, other.body) else 0.0


def _weight(words: Iterable[str], plain: frozenset[str]) -> float:
    return sum(_PLAIN if word in plain else 1.0 for word in words)


def _copied(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    mine, theirs = frozenset(one), frozenset(other)
    shorter = min(len(mine), len(theirs))
    return shorter >= _LONG and len(mine & theirs) / shorter >= _COPIED


def _facts(one: Fingerprint, other: Fingerprint, foreign: bool) -> float:
    """Return how much two texts name and count alike; 0 if that is no more than states and acts."""
    shared = _named(one, other)
    figures, sum_agrees = _figures_of_both(one, other), agreeing(one.sums, other.sums)
    spelled = _shared_spellings(one, other) if foreign else 0
    if not (figures or sum_agrees or spelled > 1 or any(map(_is_specific, shared))):
        return 0.0
    named = sum(map(_weight_of, shared)) + _NAME * spelled
    return named + _FIGURE * min(len(figures), 2) + _SUM * sum_agrees


def _covers(one: Fingerprint, other: Fingerprint, foreign: bool) -> bool:
    """Say whether what both name is most of what the shorter title names."""
    shared = sum(map(_weight_of, _named(one, other)))
    spelled = _NAME * _shared_spellings(one, other) if foreign else 0
    return shared + spelled >= _MOST * min(sum(map(_weight_of, each.titled)) for each in (one, other))


def _share_a_figure(one: Fingerprint, other: Fingerprint) -> bool:
    """Say whether two texts name the same thing and give a figure or a sum of it alike."""
    counted = _figures_of_both(one, other) or agreeing(one.sums, other.sums)
    return bool(counted) and any(map(_is_specific, _named(one, other)))


def _named(one: Fingerprint, other: Fingerprint) -> frozenset[str]:
    return frozenset(one.named) & frozenset(other.named)


def _figures_of_both(one: Fingerprint, other: Fingerprint) -> frozenset[str]:
    """A figure of one title that the other text gives too."""
    titled = frozenset((*one.figures, *other.figures))
    return titled & frozenset((*one.figures, *one.counted)) & frozenset((*other.figures, *other.counted))


def _shared_spellings(one: Fingerprint, other: Fingerprint) -> int:
    """Count names spelled alike in two languages, two at most."""
    mine, theirs = (stems(set(each.words) - set(each.plain)) for each in (one, other))
    return min(len(mine & theirs), 2)


def _same_pair(one: Fingerprint, other: Fingerprint) -> bool:
    """Two states or more in both titles, in one of them no others, and the same figures."""
    mine, theirs = _kind(one, "country:"), _kind(other, "country:")
    return len(mine & theirs) > 1 and (mine <= theirs or theirs <= mine) and one.figures == other.figures


def _is_specific(name: str) -> bool:
    return name.partition(":")[0] not in {"country", "authority", "programme"}


def _weight_of(name: str) -> float:
    return _WEIGHTS.get(name.partition(":")[0], _PARTY)


def _kind(fingerprint: Fingerprint, prefix: str) -> frozenset[str]:
    return frozenset(name for name in fingerprint.titled if name.startswith(prefix))


def _apart(one: Iterable[str], other: Iterable[str]) -> bool:
    mine, theirs = frozenset(one), frozenset(other)
    return bool(mine - theirs and theirs - mine)


def _disjoint(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)
