"""Tell the English verb "sanctions" from the noun, by what stands before and behind it."""

import re

from monitor.text import Text

from . import small_words

#: Forms that are nouns as well.
AMBIGUOUS = frozenset({"sanction", "sanctions", "blacklist", "blacklists"})

#: Behind a participle these show that nothing is acted upon.
NO_OBJECT = frozenset({"", "on", "in", "over", "for"})

#: Behind "sanctions" these make it a noun.
_STOPS = frozenset(
    "on against over for in at by from to after as amid and or but are is were was be been has have"
    " had will would could may might must should can cannot do did does that which who with under"
    " since during through despite without upon relief waiver waivers list lists regime regimes"
    " package packages evasion bill bills law laws policy policies enforcement violations violation"
    " breach breaches threat threats designation designations pressure risk risks office remain"
    " remained hit hits bite bites hurt hurts loom looms force forced push pushed threaten cut cuts"
    " block blocked imposed lifted extended eased imposition leave left mean make keep kept work"
    " fail failed squeeze cripple deepen grow mount take took begin start end expire come go get got"
    " stay weigh drive deter target affect trigger fuel deny deprive prevent stop slow disrupt cost"
    " if unless until than not now again yet today coming exacerbate worsen aggravate undermine"
    " weaken strangle crush choke punish harm damage harden paralyse impede hamper hinder create add"
    " draw spark raise send prompt violate show reveal bring pinch dent slash curb limit restrict"
    " expose test reach appear become seem pose help allow give set isolate lead continue also still"
    " snapback busting compliance team chief envoy adviser expert experts says said say"
    " notice notices act action identification identifications listing listings regulations removal"
    " removals".split()
)

#: Before "sanctions" these make it a noun.
_BEFORE_NOUN = frozenset(
    "new fresh more further additional tough harsh heavy secondary sweeping unilateral crippling"
    " tougher russian american german cuban dutch french israeli iraqi qatari emirati kuwaiti yemeni"
    " pakistani somali omani rwandan ugandan sudanese greek czech of on over the these those such any no its"
    " their his and under from to against for with as after amid despite by in face faces impose"
    " imposes imposed lift lifts lifted ease eases".split()
)
_NOUNS = frozenset(
    "japan iran sudan jordan taiwan oman spain britain bahrain pakistan kazakhstan council vatican".split()
)
_PARTICIPLES = frozenset(
    "accused alleged suspected jailed exiled linked elected convicted retired wanted armed disgraced"
    " ousted deposed indicted disputed".split()
)


def is_verb(text: Text, at: int, first: int, last: int, names: frozenset[int]) -> bool:
    """Say whether "sanctions" or "sanction" at a word acts; its clause is [first, last).

    `names` are the words that belong to names of states, authorities and persons.
    """
    if at == first or _hyphenated(text, at) or not takes_object(text, at, last):
        return False
    before = text.words[at - 1]
    if before in small_words.MODALS or (before == "and" and "to" in text.words[first:at]):
        return text.words[at] in {"sanction", "blacklist"}
    if before in _BEFORE_NOUN or _ends_like_adjective(before):
        return False
    return all(_subject(text, i, names) for i in range(first, at))


def takes_object(text: Text, at: int, last: int) -> bool:
    """Say whether what stands behind "sanctions" may be whom it sanctions; its clause ends at `last`."""
    if at + 1 >= last:
        return False
    after = text.words[at + 1]
    if after == "over" and at + 2 < last and text.words[at + 2].isdigit():
        return True
    return after not in _STOPS and (not after.endswith("ed") or after in _PARTICIPLES)


def _ends_like_adjective(word: str) -> bool:
    return (
        word not in _NOUNS and re.search(r"(?:[^p]ian|yan|[^i]can|ean|ish|ese|ern|ical)$", word) is not None
    )


#: Common words of a subject beside names: articles, adverbs, and the names of a state's bodies.
_OF_SUBJECTS = frozenset(
    "and the of s also administration government ministry cabinet regulators officials treasury lawmakers"
    " president department parliament council foreign now finally jointly formally countries states nations"
    " allies powers".split()
)


def _subject(text: Text, at: int, names: frozenset[int]) -> bool:
    """Say whether a word may belong to a subject: it is a name, capitalised, or common in subjects."""
    return at in names or text.words[at] in _OF_SUBJECTS or text.as_written(at)[0].isupper()


def _hyphenated(text: Text, at: int) -> bool:
    return text.raw[text.starts[at] - 1 : text.starts[at]] == "-" if text.starts[at] else False


def is_attribute(text: Text, at: int) -> bool:
    """Say whether a participle before a noun, or behind a hyphen, only describes: "a sanctioned bank"."""
    return _hyphenated(text, at) or owned(text, at) or text.words[at - 1] in _BEFORE_ATTRIBUTE


def owned(text: Text, at: int) -> bool:
    """Say whether a possessive stands before a word: "the Council's renewed sanctions"."""
    return at > 0 and text.raw[text.stops[at - 1] : text.stops[at - 1] + 1] in {"'", "’"}


_BEFORE_ATTRIBUTE = frozenset(
    "the a an of on under newly recently previously its their these those some many other another"
    " for with from over against by his her and in to as about more".split()
)

#: Auxiliaries that make a clause of what stands before them.
FINITE = frozenset("is are was were has have had will would can could may might".split())

#: Verbs of headlines that are no act of ours; in a clause with one a bare participle describes.
HEADLINE_VERBS = frozenset(
    "arrests meets visits hosts slams condemns accuses frees releases docks arrives returns dies"
    " wins loses runs says tells warns urges asks praises thanks greets receives welcomes rejects"
    " defies dodges avoids evades uses sells buys hires pays sues backs supports helps aids probes"
    " investigates reveals finds shows faces strikes hits kills attacks destroys sinks enters leaves"
    " joins leads heads appoints names elects fires seizes detains boards intercepts extradites"
    " jails charges carries ships transports delivers brings lands flies sails anchors leaks spills"
    " burns spotted calls seeks wants needs gets takes makes gives puts holds opens closes starts"
    " ends begins continues resumes invites bans blocks denies admits confirms claims believes"
    " thinks expects fears hopes plans vows pledges promises refuses agrees decides orders allows"
    " lets lists links ties tracks traces follows targets suspects".split()
)
