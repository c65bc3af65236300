"""Small words that tie a name to an act, by language. They are grammar, not lexicon."""

from enum import StrEnum


class Tie(StrEnum):
    """How a name stands to the verb or the object of an act."""

    SUBJECT = "subject"  # before the verb, governed by nothing
    DIRECT = "direct"  # behind the verb, governed by it alone
    MODIFIER = "modifier"  # before the object: "EU sanctions", "Taiwan arms sale"
    OWNER = "owner"  # behind the object, as its genitive or adjective: "sanctions of the EU"
    BY = "by"
    ON = "on"
    TO = "to"
    FOR = "for"
    FROM = "from"
    WITH = "with"
    IN = "in"
    OF = "of"
    BESIDE = "beside"  # "over", "amid", "after"
    INSIDE = "inside"  # within what describes another party: "accused of aiding Iran"


_ROWS = {
    "en": {
        Tie.BY: "by",
        Tie.ON: "on against upon targeting onto",
        Tie.TO: "to",
        Tie.FOR: "for",
        Tie.FROM: "from",
        Tie.WITH: "with alongside",
        Tie.IN: "in inside within",
        Tie.OF: "of including",
        Tie.BESIDE: (
            "over amid at as after before about under during despite via through near around between among"
            " since off like without outside behind versus vs until towards toward across into if because"
            " while although though following along"
        ),
    },
    "de": {
        Tie.BY: "durch seitens",
        Tie.ON: "gegen gegenuber",
        Tie.TO: "an nach",
        Tie.FOR: "fur",
        Tie.FROM: "aus bei beim von vom",
        Tie.WITH: "mit",
        Tie.IN: "in im",
        Tie.BESIDE: (
            "wegen trotz auf uber um zu zur zum seit vor unter zwischen ohne als wie nachdem angesichts bis"
            " laut"
        ),
    },
    "fr": {
        Tie.BY: "par",
        Tie.ON: "contre envers sur visant encontre",
        Tie.TO: "a au aux vers",
        Tie.FOR: "pour",
        Tie.FROM: "aupres depuis chez",
        Tie.WITH: "avec",
        Tie.IN: "en dans",
        Tie.OF: "de du des d",
        Tie.BESIDE: "malgre apres avant sous entre sans comme pendant face selon",
    },
    "es": {
        Tie.BY: "por",
        Tie.ON: "contra sobre",
        Tie.TO: "a al hacia",
        Tie.FOR: "para",
        Tie.FROM: "desde",
        Tie.WITH: "con",
        Tie.IN: "en",
        Tie.OF: "de del",
        Tie.BESIDE: "tras ante bajo entre sin segun durante como mientras pese",
    },
    "it": {
        Tie.BY: "",
        Tie.ON: "contro su sul sulla sui sulle verso confronti",
        Tie.TO: "a al alla alle ai agli allo all",
        Tie.FOR: "per",
        Tie.FROM: "da dal dalla dai dalle dagli dall",
        Tie.WITH: "con",
        Tie.IN: "in nel nella nei negli nelle nell",
        Tie.OF: "di del della dei delle degli dello dell d",
        Tie.BESIDE: "dopo tra fra senza sotto secondo come durante mentre",
    },
    "sv": {
        Tie.BY: "",
        Tie.ON: "mot",
        Tie.TO: "till at",
        Tie.FOR: "for",
        Tie.FROM: "fran av",
        Tie.WITH: "med",
        Tie.IN: "i",
        Tie.BESIDE: "pa om efter under mellan utan enligt som trots vid over hos",
    },
    "pl": {
        Tie.BY: "przez",
        Tie.ON: "przeciw przeciwko wobec na",
        Tie.TO: "do",
        Tie.FOR: "dla",
        Tie.FROM: "od z ze",
        Tie.IN: "w we",
        Tie.BESIDE: "za o po przed pod miedzy bez wedlug jak podczas mimo",
    },
    "ru": {
        Tie.BY: "стороны",
        Tie.ON: "против отношении по",
        Tie.FOR: "для",
        Tie.FROM: "из от с со",
        Tie.IN: "в во у",
        Tie.BESIDE: "за из-за на о об при после перед между без через под про над ради к до",
    },
    "uk": {
        Tie.BY: "боку",
        Tie.ON: "проти щодо відношенню стосовно",
        Tie.TO: "до",
        Tie.FOR: "для",
        Tie.FROM: "від з із зі",
        Tie.IN: "в у",
        Tie.BESIDE: "за через на про при після перед між без під над заради к",
    },
    "tr": {Tie.BESIDE: "icin"},
    "ar": {
        Tie.BY: "قبل جانب",
        Tie.ON: "علي ضد بحق تجاه عن عليه عليها",
        Tie.TO: "الي ل",
        Tie.FROM: "من",
        Tie.WITH: "مع",
        Tie.IN: "في",
        Tie.BESIDE: "بعد قبيل بشان حول بسبب خلال رغم لدي بين دون وسط منذ",
    },
    "fa": {
        Tie.BY: "توسط سوي",
        Tie.ON: "عليه بر ضد",
        Tie.TO: "به",
        Tie.FOR: "براي",
        Tie.FROM: "از",
        Tie.WITH: "با",
        Tie.IN: "در",
        Tie.BESIDE: "درباره پس دليل بدون ميان",
    },
    "zh": {
        Tie.BY: "被 遭 受",
        Tie.ON: "对 對 针 針",
        Tie.TO: "向 给 給",
        Tie.FROM: "从 從 自 由",
        Tie.WITH: "与 與 和 同",
        Tie.IN: "在",
        Tie.BESIDE: "因 就 为 為 涉",
    },
}

#: Words that tie the name behind them, by language.
PREPOSITIONS = {
    lang: {word: tie for tie, row in rows.items() for word in row.split()} for lang, rows in _ROWS.items()
}

#: Words behind a name that tie it.
POSTPOSITIONS = {
    "tr": {
        "tarafindan": Tie.BY,
        "karsi": Tie.ON,
        "yonelik": Tie.ON,
        "aleyhine": Tie.ON,
        "aleyhindeki": Tie.ON,
        "uzerindeki": Tie.ON,
        "hakkinda": Tie.ON,
        "ile": Tie.WITH,
        "arasinda": Tie.WITH,
        "arasindaki": Tie.WITH,
        "icin": Tie.FOR,
    },
    "fa": {"را": Tie.DIRECT},
}

#: Between a preposition and its name.
ARTICLES = frozenset(
    "the a an der die das den dem des la le les l los las el il lo gli i un une una ein eine einen einem"
    " einer its their his her".split()
)

#: Between names that share a place.
COORDINATORS = frozenset("and und et y e och oraz i и і та й ve و و和 及 和 与 or oder ou o".split())

#: They end what belongs to a name before them.
CLOSING = {
    "en": frozenset(
        "that which who whose whom where when how why it they he she we says said say tells told is are was"
        " were has have had will would could may might can should but so than".split()
    ),
    "de": frozenset("dass weil wenn ob".split()),
    "fr": frozenset("qui que dont ou quand est sont".split()),
    "es": frozenset("que quien cuyo cuya donde cuando es son ha han".split()),
    "it": frozenset("che cui dove quando ha hanno".split()),
    "sv": frozenset("som att nar".split()),
    "pl": frozenset("ktory ktora ktore ktorzy ze gdy".split()),
    "ru": frozenset("который которая которые которых что чтобы когда".split()),
    "uk": frozenset("який яка які яких що щоб коли".split()),
    "ar": frozenset("التي الذي الذين ان".split()),
    "fa": frozenset("كه".split()),
    "tr": frozenset(("diye",)),
    "zh": frozenset(),
}

#: English words before "to", "by" or "with" of a party that only describes another.
DESCRIBING = frozenset(
    "linked tied ties links close loyal due thanks response related relating belonging envoy ambassador visit"
    " trip threat threats danger pressure aggression attack attacks".split()
)

#: English verbs behind "to" that make no goal of it.
INFINITIVES = frozenset(
    "buy acquire purchase procure help support arm aid fight counter deter stop defend protect sell supply"
    " send deliver evade fund finance join make build produce get replace boost bolster pressure push force"
    " punish end prevent curb cut allow let visit meet host hit attack strike invade woo urge warn tell ask"
    " isolate squeeze sanction blacklist target match reach win keep bring hold take use".split()
)

#: English phrases of time. Their preposition ties no name to the act.
OCCASIONS = frozenset(
    [
        ("on", word)
        for word in "eve anniversary sidelines day monday tuesday wednesday thursday friday".split()
    ]
)

#: Behind a preposition they tell at whose wish or word something is done: "по запросу США".
REASONS = {
    "ru": frozenset(
        "запросу просьбе требованию инициативе поручению приказу ордеру сведениям данным словам информации"
        " мнению оценке".split()
    ),
    "uk": frozenset("запиту проханню вимогою ініціативою дорученням наказом даними словами".split()),
}

#: Words in "-ing" that are no verbs.
NO_GERUNDS = frozenset(
    "shipping banking trading mining manufacturing engineering building holding remaining existing sweeping"
    " crippling leading targeting including".split()
)

#: Right behind the name of a state they name a matter, no actor.
MATTERS = frozenset(
    "war conflict crisis tensions talks invasion attack attacks strike strikes summit crackdown protests"
    " raid border borders"
    " krieg kriege konflikt krise guerre crise guerra conflicto войны войне конфликт savasi krizi"
    " kriget".split()
)

#: Right behind the owner of these, others than the owner act.
ALLIES = frozenset("allies partners backers supporters friends".split())

#: Parts of compounds with a hyphen that only describe: "Iran-backed".
COMPOUND_PARTS = frozenset(
    "backed era led style brokered occupied friendly born educated trained aligned allied mediated controlled"
    " bound sanctioned".split()
)
