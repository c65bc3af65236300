"""Recognise operators of other query languages and name the right spelling. Pure.

A word that was meant as an operator would match only itself, and the rule would find nothing. In quotes it is
a word like any other.
"""

import difflib
import re
from collections.abc import Iterator, Mapping


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    """Return the operator of each word of a table from operators to words."""
    return {word: operator for operator, words in table.items() for word in words.split()}


#: Words that are operators elsewhere, in any case.
_WORDS = _by_word(
    {
        "AND": "und et y ve och oraz и й і & && ∧ و 和 与 與 且 并且 並且",
        "OR": "oder ou o veya eller lub или або | || ∨ and/or or/and и/или أو او یا 或 或者",
        "NOT": "nicht sauf değil degil inte nie niet não не ! ¬ andnot and-not and_not غير ليس نه 非",
        "SAME SENTENCE": "/s +s w/s n/s pre/s near/s /sent /sentence /p +p w/p n/p pre/p near/p /para",
        "ONEAR/8": "adj",
    }
)

#: Words that are operators elsewhere only in capitals; in small letters they are ordinary words.
_CAPITALS = _by_word(
    {
        "AND": "E I EN TA BUT PLUS",
        "OR": "U OF",
        "NOT": "NO NON OHNE SIN SANS NOR MINUS EXCEPT EXCLUDE БЕЗ КРОМЕ",
        "(A NOT B) OR (B NOT A)": "XOR",
        "NEAR/8": "WITHIN AROUND NAHE",
        "ONEAR/8": "NEXT BEFORE PRE",
        "ATLEAST/3(…)": "ATL",
    }
)

#: Names of operators with a number, and the signs that do without a name.
_COUNTED = _by_word(
    {
        "NEAR": "w n within near nr around prox /",
        "ONEAR": "adj pre p onear next before +",
        "ATLEAST": "atleast atl",
    }
)
_OURS = ("NEAR", "ONEAR", "ATLEAST")
_SMALL = frozenset({"and", "or", "not", "near", "onear"})
_WITH_NUMBER = re.compile(r"(?P<name>[A-Za-z]*)(?P<sign>[/+]?)(?P<number>\d+)")
_WITHOUT_NUMBER = re.compile(r"(?P<name>[A-Za-z]+)/")

#: Quotation marks and brackets that are not ours, each with those that close it.
_QUOTES: Mapping[str, str] = {
    **{"'": "'", "‘": "’", "’": "’", "‚": "‘", "‛": "’", "`": "`'", "´": "´"},
    **{"«": "»", "»": "«", "‹": "›", "›": "‹", "„": "“”", "”": "”", "‟": "”", "″": "″", "＂": "＂"},
    **{"「": "」", "『": "』", "《": "》", "〈": "〉", "〝": "〞"},
}
_BRACKETS: Mapping[str, str] = {"{": "}", "[": "]", "<": ">", "（": "）", "【": "】", "［": "］", "｛": "｝"}

#: Signs of these that are in no word.
_INNER = frozenset("[]{}«»„「」『』《》（）【】［］｛｝")

#: Beginnings of a term, each with what to write; `{}` is the part that follows.
_BEGINNINGS: tuple[tuple[str, str], ...] = (
    ("!=", "NOT {}"),
    ("<>", "NOT {}"),
    ("!", "NOT {}"),
    ("！", "NOT {}"),
    ("¬", "NOT {}"),
    ("−", "-{}"),
    ("–", "-{}"),
    ("—", "-{}"),
    ("-", "-{}"),
    ("~", "NOT {}, or stem* for endings"),
    ("+", "{}, alone: every part must occur anyway"),
    ("==", "={}"),
    ("^", "points: a rule has its weight there"),
    ("&", "AND {}"),
    ("|", "OR {}"),
)

#: Forms of a whole term, each with what to write; `{a}` and `{b}` are its named parts.
_FORMS: tuple[tuple[str, str], ...] = (
    (r"/(?P<a>[^/]+)/[a-z]*", "{a}, with * and ? for letters: there are no regular expressions"),
    (r"~(?P<a>\d+)", '"two words"~{a}: words to be near one another stand in quotes'),
    (r"#(?P<a>\w+)", "{a}: # is a number and stands alone, in a phrase"),
    (r"(?P<a>[^~]+)~\d*", '{a}*, or "two words"~5 for words near one another'),
    (r"(?P<a>[^^]+)\^[\d.]+", "{a}: a rule has its weight in points"),
    (r"(?P<a>\w[\w-]+)[!！]", "{a}*"),
    (r"(?P<a>\w*[a-z]\w*)\$", "{a}*"),
    (r"%(?P<a>[^%]+)%", "*{a}*"),
    (r"%(?P<a>[^%]+)", "*{a}"),
    (r"(?P<a>[^\W\d]{2,})%", "{a}*"),
    (r"(?P<a>\w+)\.[*+]", "{a}*"),
    (r"(?P<a>[^|]+)\|+(?P<b>[^|]+)", "{a} OR {b}"),
    (r"(?P<a>[^&]+)&&(?P<b>[^&]+)", "{a} AND {b}"),
    (r"(?:TI|HD|TITLE|HEADLINE|HLEAD)=(?P<a>.+)", "title:{a}"),
    (r"(?P<a>[^,;，；、]*)[,;，；、]", "{a} AND, or {a} OR"),
)


def suggestion(text: str, following: str = "") -> str:
    """Return what to write instead of a term meant as an operator, as a message; "" for any other term.

    `following` is the query after the term; it completes a quotation or a bracket.
    """
    if text.casefold() in _SMALL:
        return f'operators are written large: {text.upper()}, or "{text}" for the word'
    if operator := _operator(text):
        quoted = f' Write "{text}" for the word.' if text.isalpha() else ""
        return f"no operator {text!r}; did you mean {operator}?{quoted}"
    meant = next(filter(None, _meanings(text, following)), "")
    shown = text if len(text) <= 30 else f"{text[:29]}…"
    return f"no operator {shown!r}; did you mean {meant}?" if meant else ""


def _operator(text: str) -> str:
    small = text.casefold().replace("i\u0307", "i")  # the Turkish capital İ
    return _WORDS.get(small, "") or _CAPITALS.get(text, "")


def _meanings(text: str, following: str) -> Iterator[str]:
    yield _counted(text)
    yield _enclosed(text, following)
    yield _form(text)
    yield _beginning(text, following)


def _counted(text: str) -> str:
    """Recognise ``w/5``, ``adj5``, ``/5``, ``+5`` and the misspelt ``NAER/8``; "W88" and "n1" are words."""
    if bare := _WITHOUT_NUMBER.fullmatch(text):
        operator = _COUNTED.get(bare["name"].lower(), "")
        return f"{operator}/8" if operator else ""
    found = _WITH_NUMBER.fullmatch(text)
    if found is None or (not found["sign"] and len(found["name"]) < 3):
        return ""
    operator = _COUNTED.get(found["name"].lower() or found["sign"], "")
    if not operator and found["sign"] == "/":
        operator = next(iter(difflib.get_close_matches(found["name"].upper(), _OURS, 1, 0.7)), "")
    return f"{operator}/{found['number']}" if operator else ""


def _enclosed(text: str, following: str) -> str:
    """Recognise quotation marks and brackets that are not ours."""
    for closings, wanted in ((_QUOTES, '"{}"'), (_BRACKETS, "({})")):
        if text[0] in closings:
            inside = re.split(f"[{re.escape(closings[text[0]])}]", f"{text}{following}"[1:], maxsplit=1)[0]
            return wanted.format(inside.strip(" \t\n\"'`") or "…")
    if not any(sign in text for sign in _INNER):
        return ""
    plain = re.sub(r"\[[^\]]*\]|\{[^}]*\}", "?", text).strip("[]{}") or "…"
    return f'{plain}, with ? for a letter, ( ) for a group and " " for a phrase'


def _form(text: str) -> str:
    for form, meant in _FORMS:
        if found := re.fullmatch(form, text):
            return meant.format(**found.groupdict()).strip()
    return ""


def _beginning(text: str, following: str) -> str:
    if text.startswith("-") and len(text) > 1:
        return f"-{_enclosed(text[1:], following) or text.lstrip('-!~+')}"
    for sign, meant in _BEGINNINGS:
        if text.startswith(sign):
            return meant.format(text.removeprefix(sign) or _next_part(following))
    return ""


def _next_part(following: str) -> str:
    """Return the phrase or word that follows, else an ellipsis."""
    part = re.match(r'\s*("[^"]*"|“[^”]*”|[^\s()"“]+)', following)
    return part[1] if part else "…"
