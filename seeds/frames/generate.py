"""Write forms.txt: the inflected forms of every verb and noun of verbs.toml, by language, with their kinds.

Run ``python seeds/frames/generate.py`` after verbs.toml has changed; it needs simplemma and pymorphy3, which
are development dependencies. Kinds are one letter: f finite, b English or German base, u future,
c conditional, i infinitive, p participle, g gerund or attribute, n noun, x wish, d denied, r pluperfect.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from unicodedata import combining, normalize

import pymorphy3
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from monitor.text import fold

HERE = Path(__file__).parent
Forms = dict[str, set[str]]

# ------------------------------------------------------------------ English, by rule; strong verbs by list

_STRONG = {
    "put": "put put",
    "hit": "hit hit",
    "cut": "cut cut",
    "let": "let let",
    "give": "gave given",
    "take": "took taken",
    "bring": "brought brought",
    "hold": "held held",
    "send": "sent sent",
    "sell": "sold sold",
    "buy": "bought bought",
    "get": "got gotten",
    "win": "won won",
    "choose": "chose chosen",
    "undo": "undid undone",
    "do": "did done",
    "make": "made made",
    "strike": "struck struck",
    "keep": "kept kept",
    "begin": "began begun",
    "build": "built built",
    "withhold": "withheld withheld",
    "freeze": "froze frozen",
    "unfreeze": "unfroze unfrozen",
    "lose": "lost lost",
    "tell": "told told",
    "withdraw": "withdrew withdrawn",
    "pay": "paid paid",
    "forbid": "forbade forbidden",
    "swear": "swore sworn",
    "shake": "shook shaken",
    "plead": "pleaded pled",
    "uphold": "upheld upheld",
    "spend": "spent spent",
    "come": "came come",
    "run": "ran run",
    "unwind": "unwound unwound",
    "green-light": "green-lit green-lighted",
    "greenlight": "greenlit greenlighted",
}
_DOUBLING = frozenset(
    "ban bar slap step drop scrap strip ship plan stop snap expel clap cap curtail dub wrap annul bag defer"
    " equip permit transfer sidestep run forbid tap top commit admit refer trim".split()
)

#: Doubled in British English only.
_DOUBLED_IN_BRITISH = frozenset("cancel label dial pummel".split())


def _english(lemma: str) -> Forms:
    head, _, rest = lemma.partition(" ")
    if (
        head in {"partially", "partly", "temporarily", "not", "complete", "begin", "open", "resume", "hold"}
        and rest
    ):
        verb, _, rest = (
            rest.partition(" ") if head in {"partially", "partly", "temporarily", "not"} else (head, "", rest)
        )
        return {
            k: {_glue(head if verb != head else "", f, rest) for f in v}
            for k, v in _english_word(verb).items()
        }
    return {kind: {_glue("", form, rest) for form in forms} for kind, forms in _english_word(head).items()}


def _english_word(verb: str) -> Forms:
    doubled = verb + verb[-1]
    stems = {doubled} if verb in _DOUBLING else {verb}
    stems |= {doubled} if verb in _DOUBLED_IN_BRITISH else set()
    past = set(_STRONG.get(verb, "").split()) or {_past(verb, stem) for stem in stems}
    silent = verb.endswith("e") and not verb.endswith("ee")
    gerunds = {(verb[:-1] if silent else _twice(verb, stem)) + "ing" for stem in stems}
    return {"b": {verb}, "f": {_third(verb)}, "p": past, "g": gerunds}


def _twice(verb: str, stem: str) -> str:
    return verb + verb[-1] if verb in {"put", "hit", "cut", "let", "get", "win", "begin"} else stem


def _past(verb: str, stem: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{stem}ed"


def _third(verb: str) -> str:
    if verb.endswith(("s", "x", "ch", "sh", "z", "do", "veto")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}s"


def _glue(*parts: str) -> str:
    return " ".join(part for part in parts if part)


# ------------------------------------------------------------------ languages of the dictionary

_DROPPED = {
    "de": r".*(end|nde|nden|nder|est|(?<!i)et|tet|test|[^s]st)$",
    "fr": r".*((?<!r)ons|ez|iez|ions|sse|sses|ssent|ît|ât|[îâû]mes|[îâû]tes|ai|ais|as|ras)$",
    "es": r".*((?<!re)mos|is|s[eé]is|ste|steis|ses?|sen|áis|éis|ras|res|rais|reis"
    r"|(?<!ad)(?<!id)(?<!uest)(?<!iert)(?<!crit)(?<!uelt)(?<!ech)as|ad|ed|id|aréis)$",
    "it": r".*(mmo|ete|(?<!hi)[aei]st[ei]|ssi|sse|ssero|sser|ssimo|iamo|iate|vo|vi|vamo|vate|(?<!re)mo|rai"
    r"|rei|rete|ran|van|ron|ar|er)$",
    "sv": r".*(en|o|os)$",
    "pl": r".*(by|bym|byś|łem|łam|łeś|łaś|liśmy|łyśmy|liście|łyście|my|cie|sz|byśmy|byście|mu|ymi|wszy"
    r"|(?<!n)em|om|łoś|aj|ij|óż)$",
}
_KINDS = {
    "de": [("f", r".*")],
    "fr": [
        ("u", r".*(ra|ront|rons)$"),
        ("c", r".*(rait|raient)$"),
        ("r", r".*(ait|aient)$"),
        ("g", r".*ant$"),
        ("p", r".*(é|ée|és|ées|i|ie|ies|is|ise|ises|u|ue|us|ues|its?|ites?|ert|erte|ertes)$"),
        ("f", r".*"),
    ],
    "es": [
        ("u", r".*[aeidr]r(á|án|é|emos)$"),
        ("c", r".*(ría|rían)$"),
        ("g", r".*ndo$"),
        ("r", r".*(aba|aban|ía|ían)$"),
        ("p", r".*([ai]d[oa]s?|(puest|iert|crit|uelt|rot|ech)[oa]s?)$"),
        ("f", r".*"),
    ],
    "it": [
        ("u", r".*(rà|ranno|remo)$"),
        ("c", r".*(rebbe|rebbero)$"),
        ("g", r".*(ndo|nte|nti)$"),
        ("r", r".*(va|vano)$"),
        ("p", r".*[ts][oaie]$"),
        ("f", r".*"),
    ],
    "sv": [
        ("g", r".*ande$"),
        ("p", r".*[adersv]s$"),
        ("f", r".*(öd|öt|ät)$"),
        ("p", r".*(t|ts|d|da|ta|na|ad|ats|tt|tts)$"),
        ("", r".*a$"),
        ("f", r".*"),
    ],
    "pl": [
        ("g", r".*(ąc|ąca|ące|ącego|ący|ących)$"),
        ("i", r".*ć$"),
        ("f", r".*(ł|ła|ło|li|ły|no|to)$"),
        ("n", r".*([ae]ni(e|a|u|em|ach|ami|om)|eń|ciem)$"),
        ("p", r".*([aeo]n(y|a|e|ego|ej|i|ych|ym|ą)|[ęaąyiur]t(y|a|e|ego|ej|ych|ym|ą)|(ę|ar)ci)$"),
        ("u", r".*"),
    ],
}
_IMPERFECTIVE = frozenset(
    "nakładać wprowadzać znosić łagodzić przedłużać zaostrzać dostarczać przekazywać wysyłać sprzedawać"
    " kupować produkować obejmować negocjować rozmawiać sankcjonować odpowiadać blokować budować cofać"
    " docierać dodawać dopuszczać dostawać dołączać dyskutować eksportować karać konfiskować konsultować"
    " nabywać naruszać obniżać odbierać odblokowywać odcinać oddalać odmrażać ograniczać ogłaszać omawiać"
    " omijać otrzymywać podpisywać pozyskiwać przyjmować przywracać przyłączać reagować rozszerzać skazywać"
    " uchylać uderzać umieszczać unikać usuwać uzgadniać wciągać wpisywać wstrzymywać wybierać wydawać"
    " wygasać wykluczać wykreślać wytwarzać wzmacniać zajmować zakazywać zakupywać zamawiać zamrażać"
    " zaskarżać zatwierdzać zawierać zawieszać zdejmować zezwalać zwiększać łamać obchodzić prowadzić"
    " skarżyć sądzić wnosić trafiać podejrzewać wozić przewozić transportować zrywać odwoływać"
    " wypowiadać odkładać rezygnować wycofywać rozpatrywać odmawiać".split()
)
_INFINITIVE = {
    "de": r".*(en|ern|eln)$",
    "fr": r".*(er|ir|re|oir)$",
    "es": r".*(ar|er|ir)(se)?$",
    "it": r".*re(si)?$",
    "sv": r".*(a|å|e)$",
    "pl": r".*ć$",
    "ru": r".*(ть|ти|чь|ться)$",
    "uk": r".*(ти|тись|тися)$",
}
#: German prepositions that look like infinitives.
_GOVERNED = frozenset({"gegen"})
_PREFIXES = "ein auf aus an ab bei frei zurück fort durch um zu nach her hoch fest bereit ent".split()


class Dictionary:
    """Forms by lemma for one language."""

    def __init__(self, lang: str) -> None:
        self.forms: dict[str, list[str]] = defaultdict(list)
        for form, lemma in DefaultDictionaryFactory().get_dictionary(lang).items():
            self.forms[_text(lemma)].append(_text(form))

    def of(self, lemma: str) -> list[str]:
        return [lemma, *self.forms.get(lemma, ())]


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _romance(lang: str, verb: str, book: Dictionary) -> Forms:
    verb = re.sub(r"(?<=r)(se|si)$", "e" if lang == "it" else "", verb) if lang in {"es", "it"} else verb
    found: Forms = defaultdict(set)
    for form in {*book.of(verb), *_regular(lang, verb)}:
        kept = form == verb or not _is_left_out(lang, verb, form)
        if kept and (kind := _kind(lang, verb, form)):
            found[kind].add(_as_written(lang, verb, form, kind))
    if lang == "it":
        found["p"] |= {form[:-1] + end for form in found["p"] if form.endswith("o") for end in "aie"}
    return found


def _is_left_out(lang: str, verb: str, form: str) -> bool:
    """Say whether a form is of no use in headlines, or more often another word."""
    if form in _LIKE_PREPOSITIONS.get(lang, ()) or _first_or_second(lang, verb, form):
        return True
    if _is_order(lang, verb, form) or len(form) < 2 or _literary(lang, verb, form):
        return True
    wanted = form in _present(lang, verb) or form in _irregular(verb)
    return not wanted and re.fullmatch(_DROPPED[lang], form) is not None


def _kind(lang: str, verb: str, form: str) -> str:
    """Return the kind of a form, or nothing for one that is left out."""
    if form == verb:
        return "i"
    if form in _futures(lang, verb):
        return "u"
    kind = next(kind for kind, pattern in _KINDS[lang] if re.fullmatch(pattern, form))
    if form in _present(lang, verb):
        kind = "f"
    if lang == "es" and kind == "f" and not _indicative(verb, form):
        return "x" if re.fullmatch(r".*(e|en|a|an)$", form) else ""
    if lang == "sv" and _is_swedish_passive(verb, form):
        return "p"
    return "f" if lang == "pl" and kind == "u" and verb in _IMPERFECTIVE else kind


def _is_swedish_passive(verb: str, form: str) -> bool:
    """Say whether a Swedish form ends in the passive "s": "förlängs", "hävs", but not "frys" of "frysa"."""
    if not verb.endswith("sa"):
        return form.endswith("s")
    return form.endswith(("as", "es", "ts"))


def _is_order(lang: str, verb: str, form: str) -> bool:
    """Say whether a Swedish form is an imperative, which reads like a noun: "köp", but not "för"."""
    return lang == "sv" and f"{form}a" == verb and not form.endswith("r")


def _as_written(lang: str, verb: str, form: str, kind: str) -> str:
    """Return a form with "=" where its accent alone tells it from another: "gelé" and "gèle", "anunció"."""
    french = lang == "fr" and verb.endswith("er") and _plain(form) == _plain(f"{verb[:-2]}e")
    if (lang, form) in _LIKE_OTHERS:
        return f"={form}"
    past = kind == "f" and form.endswith({"es": "ó", "it": "ò"}.get(lang, "-"))
    return f"={form}" if french or past else form


#: Forms whose accent alone parts them from a preposition.
_LIKE_OTHERS = frozenset({("it", "dà")})

#: Forms that are prepositions far more often.
_LIKE_PREPOSITIONS = {"es": frozenset("para entre sobre".split()), "it": frozenset({"da", "da'", "dai"})}


def _futures(lang: str, verb: str) -> set[str]:
    """Return the futures that end as other forms do: "imporrò" as a past, "zmieni" as a participle."""
    if lang == "it":
        return {f"{verb[:-1]}ò", f"{verb[:-3]}erò", f"{verb[:-3]}herò"}
    if lang == "pl" and verb.endswith(("ić", "yć")) and verb not in _IMPERFECTIVE:
        return {verb[:-1]}
    return set()


def _plain(form: str) -> str:
    """Return a form without its accents."""
    return "".join(each for each in normalize("NFD", form) if not combining(each))


def _first_or_second(lang: str, verb: str, form: str) -> bool:
    """Say whether a form is a first or second person that reads like a noun or participle when folded."""
    if lang == "fr":
        return verb.endswith("er") and form.endswith("es") and _plain(form) == _plain(f"{verb[:-2]}es")
    return lang in {"es", "it"} and form.endswith("o") and form in _first_persons(lang, verb)


def _first_persons(lang: str, verb: str) -> set[str]:
    stem = verb[:-3] if lang == "it" else verb[:-2]
    return {f"{stem}o", f"{stem}co"} if lang == "it" else {f"{stem}o"}


def _present(lang: str, verb: str) -> set[str]:
    """Return third persons of the present, which may end as other forms do: "vieta", "approva", "levanta"."""
    endings = {
        ("es", "ar"): "a an",
        ("es", "er"): "e en",
        ("es", "ir"): "e en",
        ("it", "are"): "a ano",
        ("it", "ere"): "e ono",
        ("it", "ire"): "e ono isce iscono",
        ("fr", "er"): "e ent",
        ("fr", "ir"): "it issent" if _in_iss(verb) else "",
    }
    for (code, ending), found in endings.items():
        if lang == code and verb.endswith(ending):
            return {verb[: -len(ending)] + each for each in found.split()}
    return set()


def _in_iss(verb: str) -> bool:
    """Say whether a French verb in -ir has "-issent": "saisir", but not "tenir" or "ouvrir"."""
    return verb.endswith("ir") and not verb.endswith(
        ("oir", "enir", "rir", "artir", "ortir", "ervir", "ormir")
    )


def _literary(lang: str, verb: str, form: str) -> bool:
    """Say whether a form is no one of headlines: "intercepta" in French, "retirá" in Spanish."""
    return form == verb[:-2] + {"fr": "a", "es": "á"}.get(lang, "-")


def _regular(lang: str, verb: str) -> set[str]:
    """Return what a verb has where the dictionary leaves gaps."""
    make = {"fr": _regular_french, "es": _regular_spanish, "it": _regular_italian, "sv": _regular_swedish}
    return make.get(lang, _regular_polish)(verb) | _irregular(verb)


def _regular_french(verb: str) -> set[str]:
    endings = ""
    if verb.endswith("er"):
        endings = "e ent a èrent é ée és ées er era eront erons erait eraient ait aient ant"
    elif _in_iss(verb):
        endings = "it issent i ie is ies ira iront irons irait iraient issait issaient issant"
    grave = re.sub(r"[eé]([bcdgklmnprtv]+)er$", r"è\1e", verb)
    return {verb[:-2] + ending for ending in endings.split()} | {grave}


def _regular_spanish(verb: str) -> set[str]:
    endings = {
        "ar": "a an ó aron ado ada ados adas ará arán aremos aría arían ando aba aban ar",
        "ir": "ió ieron ido ida idos idas irá irán iremos iría irían iendo",
        "er": "ió ieron ido ida idos idas erá erán eremos ería erían iendo",
    }.get(verb[-2:], "")
    return {verb[:-2] + ending for ending in endings.split()}


def _regular_italian(verb: str) -> set[str]:
    endings = {
        "are": "a ano ò arono ato ata ati ate erà eranno eremo erebbe ando",
        "ire": "ito ita iti ite",
    }.get(verb[-3:], "")
    return {verb[:-3] + ending for ending in endings.split()}


def _regular_swedish(verb: str) -> set[str]:
    if verb.endswith("era"):
        return {f"{verb}{ending}" for ending in "r de t s des".split()}
    if not verb.endswith("a"):
        return set()
    stem = verb[:-1]
    present = {stem, f"{stem}er", f"{verb}r", f"{stem}s", f"{verb}s"}
    return present | {f"{verb}de", f"{stem}de", f"{stem}te", f"{stem}des", f"{stem}tes", f"{verb}des"}


def _regular_polish(verb: str) -> set[str]:
    if verb.endswith("jść"):
        return {verb[:-3] + ending for ending in "szedł szła szło szli szły".split()}
    if not verb.endswith(("ać", "ić", "yć", "ąć")):
        return set()
    return {f"{verb[:-1]}{ending}" for ending in "ł ła ło ły li".split()} | _polish_passive(verb)


def _irregular(verb: str) -> set[str]:
    """Return forms that the dictionary takes for other words, in all genders and numbers."""
    found = set(_IRREGULAR.get(verb, "").split())
    pairs = ((ending, stem) for ending, stem in _FRENCH_PARTICIPLES if verb.endswith(ending))
    ending, stem = next(pairs, ("", ""))
    if stem:
        plural = stem if stem.endswith("s") else f"{stem}s"
        found |= {verb[: -len(ending)] + each for each in (stem, plural, f"{stem}e", f"{stem}es")}
    return found


#: Endings of French infinitives, and what their participles have instead.
_FRENCH_PARTICIPLES = (
    ("mettre", "mis"),
    ("prendre", "pris"),
    ("endre", "endu"),
    ("exclure", "exclu"),
    ("conclure", "conclu"),
    ("inclure", "inclus"),
    ("cevoir", "çu"),
    ("uvrir", "uvert"),
    ("ffrir", "ffert"),
    ("enir", "enu"),
    ("duire", "duit"),
    ("crire", "crit"),
    ("uérir", "uis"),
    ("dire", "dit"),
    ("ompre", "ompu"),
)


#: Endings of Polish infinitives, what their passive participle has instead, and their third persons.
_POLISH = (
    ("ować", "owan", ()),
    ("ać", "an", ()),
    ("iąć", "ięt", ()),
    ("jąć", "jęt", ()),
    ("nąć", "nięt", ()),
    ("sić", "szon", ("si", "szą")),
    ("cić", "con", ("ci", "cą")),
    ("dzić", "dzon", ("dzi", "dzą")),
    ("lić", "lon", ("li", "lą")),
    ("ić", "ion", ("i", "ią")),
    ("yć", "on", ("y", "ą")),
)


def _polish_passive(verb: str) -> set[str]:
    """Return "zakazano", "wybrany" and their kin, and the third persons of verbs in -ić and -yć."""
    for ending, passive, persons in _POLISH:
        if verb.endswith(ending):
            stem = verb[: -len(ending)]
            participles = {f"{stem}{passive}{each}" for each in "o y a e ego ej ych".split()}
            return participles | {f"{stem}{each}" for each in persons}
    return set()


#: Participles that the dictionary takes for nouns.
_IRREGULAR = {
    "imponer": "impuesto impuesta impuestos impuestas",
    "reimponer": "reimpuesto reimpuesta reimpuestos reimpuestas",
    "poner": "puesto puesta puestos puestas",
    "levantar": "levante",
    "retirar": "retire",
    "comprar": "compre compren",
    "suministrar": "suministre",
    "dare": "danno",
    "indire": "indice indetto indetta",
    "sälja": "sålde såldes sålt sålts sålda",
    "frysa": "frös",
    "godkänna": "godkände godkändes godkänt godkänts godkända",
    "underkänna": "underkände underkändes underkänt underkänts underkända",
    "besluta": "beslöt",
    "imporre": "imposto imposta imposte imposti",
    "interdire": "interdit interdite interdits",
    "prendre": "pris prise prises",
}


def _indicative(verb: str, form: str) -> bool:
    if re.search(r"(ara|aran|iera|ieran)$", form) and form not in _present("es", verb):
        return False
    if re.search(r"(uso|ujo|izo|ino|uvo|ó|on)$", form):
        return True
    return bool(re.search(r"(a|an)$" if verb.endswith("ar") else r"(e|en)$", form))


def _german(lemma: str, book: Dictionary) -> Forms:
    """Return forms by kind: prefix or fixed words stand apart in main clauses, before the verb elsewhere."""
    verb, tail = _parted(lemma.replace("sich ", "").split())
    prefix, _, base = verb.rpartition("|")
    infinitive = f"{prefix}zu{base}" if prefix else f"zu {base}"
    found: Forms = defaultdict(set)
    strong = _STRONG_GERMAN.get(prefix + base, "").split()
    for form in {*book.of(prefix + base), *_weak(prefix, base), *strong, infinitive}:
        kind = {prefix + base: "b", infinitive: "i"}.get(form, "f")
        if kind != "f" or form in strong or _is_german(form, prefix, base):
            found[kind] |= {_glue(tail, form), f"{form} … {tail}"} if tail else {form}
    apart = filter(
        lambda form: _is_indicative(form, base), (*book.of(base), *_weak("", base)) if prefix else ()
    )
    found["f"] |= {f"{form} … {_glue(tail, prefix)}" for form in apart}
    return found


#: Strong German forms that the dictionary takes for other words.
_STRONG_GERMAN = {
    "stehen": "stand standen gestanden",
    "entscheiden": "entschieden",
    "beschließen": "beschlossen",
    "geraten": "geriet",
    "beraten": "beriet",
}


def _parted(words: list[str]) -> tuple[str, str]:
    """Return a German verb and the fixed words that go with it."""
    if "..." in words:
        return words[0], " ".join(words[words.index("...") + 1 :])
    if len(words) > 1 and (words[-1] in _GOVERNED or not re.fullmatch(_INFINITIVE["de"], words[-1])):
        return words[0], " ".join(words[1:])
    return words[-1], " ".join(words[:-1])


def _weak(prefix: str, base: str) -> set[str]:
    """Return what the dictionary may lack of regular verbs: "beschafft", "meldet", "gemeldet", "meldete"."""
    stem = base[:-2]
    if not re.fullmatch(r".*([dt]en|[bcdfght][mn]en)$", base):
        return (
            {f"{prefix}{stem}t", f"{prefix}{stem}te", f"{prefix}{stem}ten"} if base.endswith("en") else set()
        )
    return {f"{prefix}{stem}et", f"{prefix}ge{stem}et", f"{prefix}{stem}ete", f"{prefix}{stem}eten"}


def _is_german(form: str, prefix: str, base: str) -> bool:
    """Say whether a German form is of use: a regular one, or neither dropped nor a subjunctive."""
    kept = re.fullmatch(_DROPPED["de"], form) is None and not _is_subjunctive(form, prefix + base)
    return kept or form in _weak(prefix, base)


def _is_subjunctive(form: str, verb: str) -> bool:
    """Say whether a German form is like "übernähme", which reads like a noun when folded."""
    changed = any(one in "äöü" and other in "aeiou" for one, other in zip(form, verb, strict=False))
    return changed and form.endswith(("e", "en", "et"))


def _is_indicative(form: str, base: str) -> bool:
    subjunctive = re.search("[äöü]", form) and not re.search("[äöü]", base) and len(form) > 6
    kept = form in _weak("", base) or re.fullmatch(_DROPPED["de"], form) is None
    return not subjunctive and kept and not form.startswith("ge")


# ------------------------------------------------------------------ Russian and Ukrainian


#: Ukrainian verbs that the dictionary knows as nouns only, and a prefix with which it knows the verb.
#: Verbs that are meant as imperfective, where the dictionary has both.
_LASTING = frozenset({"обходить", "судити", "вести"})
_UNKNOWN = {"дати": "пере", "вести": "про"}


def _slavic(words: list[str], lang: str, analyse: pymorphy3.MorphAnalyzer) -> Forms:
    at = next((i for i, w in enumerate(words) if re.fullmatch(_INFINITIVE[lang], w)), 0)
    before, after = " ".join(words[:at]), " ".join(words[at + 1 :])
    prefix = _UNKNOWN.get(words[at], "") if lang == "uk" else ""
    parses = analyse.parse(prefix + words[at])
    parses = [p for p in parses if "INFN" in str(p.tag).upper()] or parses[:1]
    parses = sorted(parses, key=lambda p: words[at] in _LASTING and "impf" not in str(p.tag))
    found: Forms = defaultdict(set)
    for each in parses[0].lexeme:
        kind = _slavic_kind(str(each.tag))
        if kind:
            found[kind].add(_glue(before, each.word.removeprefix(prefix), after))
    if prefix and words[at] in _LASTING:
        found["f"] |= found.pop("u", set())
    if len(words) == 1:
        found["f"] |= _slavic_passive(lang, words[at], found["f"])
    if lang == "uk":
        found["p"] |= {_glue(before, form, after) for form in _ukrainian_participles(words[at], found["u"])}
        found["g"] |= {f"{form}ши" for form in found["f"] if form.endswith("в") and len(words) == 1}
    return found


def _ukrainian_participles(verb: str, future: set[str]) -> set[str]:
    """Return "скасовано", "схвалено", "знято": what the dictionary keeps apart from the verb."""
    first = next((form.split()[-1] for form in sorted(future) if form.endswith(("у", "ю"))), "")
    if verb.endswith("увати"):
        stem, theme = verb[:-5], "ован"
    elif verb.endswith(_UKRAINIAN_IN_T):
        stem, theme = verb[:-2], "т"
    elif verb.endswith("ити") and first:
        stem, theme = first[:-1], "ен"
    elif verb.endswith(("ати", "яти")):
        stem, theme = verb[:-2], "н"
    else:
        stem, theme = (first[:-1], "ен") if first else ("", "")
    return {f"{stem}{theme}{ending}" for ending in ("о", "а", "і", "е")} if stem else set()


#: Ukrainian verbs whose participle has a "t": "знято", "розпочато", "здобуто", "закрито".
_UKRAINIAN_IN_T = ("няти", "взяти", "почати", "бути", "крити", "бити")


def _slavic_passive(lang: str, verb: str, finite: set[str]) -> set[str]:
    """Return the reflexive forms of a verb that lasts, which are its passive: "вводятся", "знімаються"."""
    lasts = any(form.endswith(_PRESENT[lang]) for form in finite)
    if not lasts or verb in _REFLEXIVE_OTHERWISE or verb.endswith(("ся", "сь")):
        return set()
    return {
        form + _reflexive(lang, form) for form in finite if form.endswith((*_PRESENT[lang], *_PAST[lang]))
    }


def _reflexive(lang: str, form: str) -> str:
    if form.endswith("є"):
        return "ться"
    return "сь" if lang == "ru" and form[-1] in "аои" else "ся"


#: Ends of the third persons of the present, and of the past.
_PRESENT = {"ru": ("ет", "ит", "ют", "ут", "ят", "ат"), "uk": ("є", "ить", "ють", "уть", "ять")}
_PAST = {"ru": ("л", "ла", "ло", "ли"), "uk": ("в", "ла", "ло", "ли")}

#: Verbs whose reflexive forms are another verb: "собираются", "судятся", "обходится".
_REFLEXIVE_OTHERWISE = frozenset(
    "собирать обходить обходити судить судити отправлять бить бити продовжувати спливати истекать"
    " прибывать прибувати поступать надходити".split()
)


def _slavic_kind(tag: str) -> str:
    if "INFN" in tag.upper():
        return "i"
    if "PRTS" in tag:
        return "p"
    if "PRTF" in tag or "GRND" in tag:
        return "g"
    if "impr" in tag or "2per" in tag:
        return ""
    if "futr" in tag:
        return "u"
    return "f" if "past" in tag or "pres" in tag or "impers" in tag else ""


def _slavic_noun(words: list[str], analyse: pymorphy3.MorphAnalyzer) -> set[str]:
    at = (
        1
        if (len(words) > 1 and words[0].endswith(("ая", "ий", "а")) and "групп" in words[-1])
        or "група" in words
        else 0
    )
    parses = [p for p in analyse.parse(words[at]) if "NOUN" in str(p.tag)]
    forms = {each.word for each in parses[0].lexeme} if parses else {words[at]}
    if at:
        return {f"{words[0][:-2]}* {form}" for form in forms}
    return {_glue(form, " ".join(words[1:])) for form in forms}


# ------------------------------------------------------------------ Turkish, Arabic, Persian: own tables


def _turkish(lemma: str) -> Forms:
    *fixed, stem = lemma.split()
    before = " ".join(fixed)
    found: Forms = defaultdict(set)
    for each in {stem, _passive(stem)}:
        for kind, forms in _conjugated(each).items():
            if kind == "n" and lemma == "açıkla":  # "açıklama" is a statement
                continue
            found[kind] |= {_glue(before, form) for form in forms}
    return found


def _vowels(stem: str) -> tuple[str, str]:
    last = next((c for c in reversed(stem) if c in "aıoueiöü"), "e")
    return ("a" if last in "aıou" else "e"), {
        "a": "ı",
        "ı": "ı",
        "o": "u",
        "u": "u",
        "e": "i",
        "i": "i",
        "ö": "ü",
        "ü": "ü",
    }[last]


def _passive(stem: str) -> str:
    _, narrow = _vowels(stem)
    soft = "ed" if stem == "et" else stem
    if stem[-1] in "aıoueiöü" or stem == "koy":
        return f"{stem.removesuffix('y') if stem == 'koy' else stem}n"
    return f"{soft}{narrow}{'n' if stem.endswith('l') else 'l'}"


def _conjugated(stem: str) -> Forms:
    wide, narrow = _vowels(stem)
    soft = "ed" if stem == "et" else "güd" if stem == "güt" else stem
    hard = "t" if stem[-1] in "fstkçşhp" else "d"
    open_ = stem[-1] in "aıoueiöü"
    glide = stem + "y" if open_ else soft
    pres = (stem[:-1] + _vowels(stem[:-1] or stem)[1] if open_ else soft + narrow) + "yor"
    flat = {"a": "ı", "e": "i"}[wide]  # behind the wide vowel of a suffix: "koyması", "durdurmadı"
    fut = f"{glide}{wide}c{wide}"
    neg, unable = f"{stem}m", f"{glide}{wide}m"
    past = f"{stem}{hard}{narrow}"
    aorist = {f"{stem}r"} if open_ else {f"{soft}{wide}r", f"{soft}{narrow}r"}
    gerund = f"{stem}m{wide}"
    acc = f"{gerund}s{flat}"
    return {
        "f": {
            past,
            f"{past}l{wide}r",
            pres,
            f"{pres}lar",
            f"{stem}m{narrow}ş",
            f"{stem}m{narrow}şt{narrow}r",
            f"{stem}m{narrow}şl{wide}r",
            f"{past}k",
            f"{pres}uz",
            f"{stem}m{wide}kt{wide}",
            f"{stem}{hard}{narrow}ğ{narrow}n{narrow}",  # "kaldırdığını açıkladı" reports a fact
            f"{stem}{hard}{narrow}kl{wide}r{flat}n{flat}",
        },
        "u": {
            f"{fut}k",
            f"{fut}kl{wide}r",
            f"{fut}ğ{flat}z",
            f"{fut}ğ{flat}m",
            f"{fut}ğ{flat}",
            f"{fut}ğ{flat}n{flat}",
            f"{fut}kl{wide}r{flat}n{flat}",
        },
        "c": {
            *aorist,
            *(f"{each}s{wide}" for each in aorist),
            *(f"{each}{_vowels(each)[1]}z" for each in aorist),
            *(f"{glide}{wide}bil{each}" for each in "ir irler iriz iyor ecek eceğini".split()),
        },
        "d": {
            *(f"{each}{wide}d{flat}" for each in (neg, unable)),
            *(f"{each}{wide}d{flat}l{wide}r" for each in (neg, unable)),
            *(f"{neg}{narrow}yor{end}" for end in ("", "uz")),
            *(f"{unable}{flat}yor{end}" for end in ("", "uz")),
            *(f"{each}{wide}y{wide}c{wide}k" for each in (neg, unable)),
            *(
                f"{each}{wide}y{wide}c{wide}ğ{flat}{end}"
                for each in (neg, unable)
                for end in ("z", "m", f"n{flat}")
            ),
            *(
                f"{each}{wide}{tail}l{wide}r{flat}n{flat}"
                for each in (neg, unable)
                for tail in (f"y{wide}c{wide}k", f"d{flat}k")
            ),
            *(f"{each}{wide}m{flat}ş" for each in (neg, unable)),
            *(f"{each}{wide}z" for each in (neg, unable)),
        },
        "r": {f"{stem}m{narrow}şt{narrow}", f"{stem}m{narrow}şl{wide}rd{flat}"},
        "g": {
            f"{glide}{wide}n",
            f"{stem}{hard}{narrow}ğ{narrow}",
            f"{glide}{wide}r{wide}k",
            f"{glide}{narrow}p",
        },
        "n": {
            acc,
            f"{acc}n{flat}",
            f"{acc}n{wide}",
            f"{acc}n{flat}n",
            f"{gerund}",
            f"{acc}nd{wide}n",
            f"{acc}nd{wide}",
        },
        "i": {
            f"{stem}m{wide}k",
            f"{stem}m{wide}y{flat}",
            f"{stem}m{wide}y{wide}",
            f"{stem}m{wide}kt{wide}n",
        },
        "x": {f"{stem}m{wide}l{flat}", f"{stem}s{narrow}n", f"{stem}s{narrow}nl{wide}r"},
    }


def _arabic(lemma: str) -> Forms:
    past, _, present = lemma.partition("/")
    (done, *tail), rest = past.split(), ""
    rest = " ".join(tail)
    stem = done[:-1] if done.endswith("ى") else done
    perfect = {done, f"{stem}ت", f"{stem}وا", f"{stem}تا"}
    found: Forms = {"f": {_glue(each, rest) for each in perfect}}
    if present:
        now, *after = present.split()
        body, rest = now[1:], " ".join(after)
        bare = now.rstrip("ي")
        found["f"] |= {
            _glue(each, rest) for each in (now, f"ت{body}", f"ن{body}", f"{bare}ون", f"{now}ان", f"ت{body}ان")
        }
        found["u"] = {_glue(each, rest) for each in (f"س{now}", f"ست{body}", f"سن{body}", f"سأ{body}")}
    return found


_PERSIAN = {
    "کرد": "کن",
    "شد": "شو",
    "داد": "ده",
    "گرفت": "گیر",
    "زد": "زن",
    "بست": "بند",
    "انداخت": "انداز",
    "فرستاد": "فرست",
    "فروخت": "فروش",
    "خرید": "خر",
    "رسید": "رس",
    "برداشت": "بردار",
    "پیوست": "پیوند",
    "بازگرداند": "بازگردان",
    "افزود": "افزا",
}


def _persian(lemma: str) -> Forms:
    *fixed, past = lemma.split()
    before = " ".join(fixed)
    found: Forms = defaultdict(set)
    for each in (past, "شد") if past == "کرد" else (past,):
        now = _PERSIAN.get(each, each)
        rows = {
            "f": [
                each,
                f"{each}ند",
                f"{each}ه است",
                f"{each}ه اند",
                f"می {now}د",
                f"می {now}ند",
                f"می{now}د",
                f"می{now}ند",
                f"{each}یم",
                f"می {now}یم",
                f"می{now}م",
            ],
            "u": [f"{will} {each}" for will in ("خواهد", "خواهند", "خواهیم", "خواهم")],
            "x": [f"{now}د", f"{now}ند", *(f"ب{now}{end}" for end in ("د", "ند", "م", "یم"))],
            "d": [
                *(f"ن{each}{end}" for end in ("", "ند", "ه است", "ه اند")),
                *(f"نمی{gap}{now}{end}" for gap in (" ", "") for end in ("د", "ند", "یم")),
                *(f"{will} {each}" for will in ("نخواهد", "نخواهند", "نخواهیم")),
            ],
            "r": [f"{each}ه بود", f"{each}ه بودند"],
            "n": [f"{each}ن"],
            "g": [f"{each}ه"],
        }
        if past not in {"کرد", "شد"}:
            rows["f"] += [f"{each}ه شد", f"{each}ه شدند"]  # "تحویل داده شد"
            rows["u"] += [f"{each}ه خواهد شد", f"{each}ه خواهند شد"]
        for kind, forms in rows.items():
            found[kind] |= {_glue(before, form) for form in forms}
    return found


#: Romance prepositions with the articles that they melt into.
_MELTED = {
    ("fr", "à"): "au aux",
    ("fr", "de"): "du des d",
    ("es", "a"): "al",
    ("es", "de"): "del",
    ("it", "a"): "al allo alla all ai agli alle",
    ("it", "di"): "del dello della dell dei degli delle",
    ("it", "su"): "sul sullo sulla sull sui sugli sulle",
    ("it", "da"): "dal dallo dall dalla dai dagli dalle",
    ("it", "in"): "nel nello nell nella nei negli nelle",
}


def _contracted(lang: str, after: list[str]) -> set[str]:
    """Return the words behind a verb with their last one melted into an article: "mettre fin aux"."""
    if not after:
        return set()
    melted = _MELTED.get((lang, after[-1]), "").split()
    return {_glue(*after[:-1], each) for each in melted}


# ------------------------------------------------------------------ all together


class Generator:
    """Makes the forms of lemmas, loading each language's dictionary once."""

    def __init__(self) -> None:
        self.books: dict[str, Dictionary] = {}
        self.analysers = {lang: pymorphy3.MorphAnalyzer(lang=lang) for lang in ("ru", "uk")}

    def book(self, lang: str) -> Dictionary:
        if lang not in self.books:
            self.books[lang] = Dictionary(lang)
        return self.books[lang]

    def verb(self, lang: str, lemma: str) -> Forms:
        """Return the forms of a verb by kind."""
        if lang == "de":
            return _german(lemma, self.book("de"))
        if lang in self.analysers:
            return _slavic(lemma.split(), lang, self.analysers[lang])
        own = {
            "en": _english,
            "tr": _turkish,
            "ar": _arabic,
            "fa": _persian,
            "zh": lambda each: {"f": {each}},
        }
        return own[lang](lemma) if lang in own else self._of_dictionary(lang, lemma)

    def _of_dictionary(self, lang: str, lemma: str) -> Forms:
        lemma = re.sub(r"^(s'|se )", "", lemma)
        words = lemma.split()
        at = next((i for i, w in enumerate(words) if re.fullmatch(_INFINITIVE[lang], w)), 0)
        before, after = " ".join(words[:at]), " ".join(words[at + 1 :])
        forms = _romance(lang, words[at], self.book(lang))
        if before or after:
            forms = {kind: {form.lstrip("=") for form in each} for kind, each in forms.items()}
            finite = {_plain(form) for form in forms.get("f", ())}
            forms["p"] = {form for form in forms.get("p", ()) if _plain(form) not in finite}
        ends = {after, *_contracted(lang, words[at + 1 :])}
        return {k: {_glue(before, form, end) for form in each for end in ends} for k, each in forms.items()}

    def noun(self, lang: str, lemma: str) -> set[str]:
        words = lemma.split()
        if lang in {"ru", "uk"}:
            return _slavic_noun(words, self.analysers[lang])
        if lang == "tr":
            return {lemma} if lemma.startswith("=") else {f"{lemma}{end}" for end in ("", "*")}
        if lang in {"de", "sv", "pl", "es", "it", "fr"}:
            forms = {w for w in self.book(lang).of(words[0]) if w[:3].lower() == words[0][:3].lower()}
            return {_glue(form, " ".join(words[1:])) for form in forms}
        return {lemma}


def main() -> None:
    """Write the file."""
    classes = tomllib.loads((HERE / "verbs.toml").read_text("utf-8"))
    make = Generator()
    lines: dict[tuple[str, str], str] = {}
    for row in classes.values():
        for lang, lemma in _lemmas(row):
            forms = _without_lasting(make, lang, lemma, make.verb(lang, lemma))
            lines[lang, lemma] = _line(lang, lemma, forms)
        for lang, lemma in _lemmas(row.get("nouns", {})):
            lines[lang, f"{lemma}~"] = _line(lang, f"{lemma}~", {"n": make.noun(lang, lemma)})
    (HERE / "forms.txt").write_text("\n".join(lines[key] for key in sorted(lines)) + "\n", "utf-8")


def _without_lasting(make: Generator, lang: str, lemma: str, forms: Forms) -> Forms:
    """Return the forms of a Polish verb without futures that are written like the present of its pair.

    "Przedłuża" tells both, and without its accent "zaostrzą" is "zaostrza".
    """
    if lang != "pl" or "u" not in forms:
        return forms
    root = lemma[: min(6, len(lemma) - 1)]
    pairs = (each for each in _IMPERFECTIVE if each.startswith(root) and each != lemma)
    present = {form for each in pairs for form in make.verb(lang, each)["f"]}
    written = {fold(form) for form in present}
    return {**forms, "u": {form for form in forms["u"] if fold(form) not in written}}


def _lemmas(row: dict[str, list[str]]) -> Iterable[tuple[str, str]]:
    return ((lang, lemma) for lang, lemmas in row.items() if isinstance(lemmas, list) for lemma in lemmas)


def _line(lang: str, lemma: str, forms: Forms) -> str:
    kinds = (f"{kind}={','.join(sorted(forms[kind]))}" for kind in sorted(forms) if forms[kind])
    return f"{lang}\t{lemma}\t{';'.join(kinds)}"


if __name__ == "__main__":
    main()
