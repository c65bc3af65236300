"""Sort the judged languages by the order in which verbs, objects and subjects stand."""

#: Languages whose object may stand before an active verb, and those whose verb comes last.
FREE = frozenset("de tr fa ru uk pl zh".split())
VERB_LAST = frozenset("tr fa".split())

#: Languages in which the object stands behind the verb nearest to it.
VERB_FIRST = frozenset("ar fr es it sv ru uk pl".split())

#: Languages whose instrument needs no word before it.
INSTRUMENTAL = frozenset("ru uk pl zh tr fa ar".split())

#: Languages in which the subject of a verb of arriving stands behind it: "Llegan los primeros cazas".
SUBJECT_BEHIND = frozenset("es it fr pl ru uk ar de sv".split())

#: Languages in which a participle behind its noun describes it, unless an auxiliary stands before it.
DESCRIBING_BEHIND = frozenset("fr es it pl".split())
