"""Know the codes of languages, and the other ways in which a word is written in its language."""

#: ISO 639-1. A code of three letters is taken for one of ISO 639-3.
_CODES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de"
    " dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id"
    " ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu"
    " lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu"
    " rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr"
    " ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_JOINER = "\u200c"

#: Persian prefixes and suffixes that are written with a joiner, with a space or without either.
_PREFIXES = ("می", "نمی")
_SUFFIXES = ("ها", "های", "هایی", "ای", "اند", "تر", "شده")


def is_language(code: str) -> bool:
    """Say whether a code is one of ISO 639, in lower case."""
    return code in _CODES or (len(code) == 3 and code.isascii() and code.isalpha() and code.islower())


def language_code(tag: str) -> str:
    """Return the code of the language of a tag such as "pt-BR", in lower case."""
    return tag.strip().lower().replace("_", "-").partition("-")[0]


def written_forms(lang: str, source: str) -> tuple[str, ...]:
    """Return `source` and its other written_forms: German without umlauts, Persian without joiners."""
    if lang == "de":
        return tuple(dict.fromkeys((source, source.translate(_UMLAUTS))))
    if lang == "fa":
        return tuple(dict.fromkeys((source, _joined(source))))
    return (source,)


def _joined(source: str) -> str:
    """Return Persian words with their prefixes and suffixes in one word."""
    words: list[str] = []
    for word in source.replace(_JOINER, " ").split():
        affixed = word.rstrip("*") in _SUFFIXES or (words and words[-1] in _PREFIXES)
        if words and affixed and words[-1].isalpha():
            words[-1] += word
        else:
            words.append(word)
    return " ".join(words)
