"""Know the words around names in lists: labels, remarks, legal forms and titles. Pure."""

import re

from monitor.text import words

#: Legal forms, which lists write or leave out as they like.
LEGAL_FORMS = frozenset(
    words(
        "ao oao zao pao ooo nao pat prat tov dp gup fgup fgbu jsc ojsc cjsc pjsc llc llp lp ltd limited"
        " liability plc inc incorporated co company corp corporation partnership gmbh ag kg sa sas sarl sprl"
        " srl spa sl bv nv oy ab pte pty pvt private bhd sdn fze fzc fzco fz dmcc est intl ltda lda kft doo"
        " zrt the of and joint stock open closed public aktsionernoe obshchestvo otkrytoe publichnoe zakrytoe"
        " s ogranichennoi otvetstvennostyu"
        " ао оао зао пао ооо нао фгуп гуп общество акционерное открытое публичное закрытое с"
        " ограниченной ответственностью شركة"
    )
)
#: The letters of spaced or dotted forms: "S.A. de C.V.", "S.R.L.", "L TD".
_FORM_PIECES = frozenset("s a c v r l p i d o td de".split())
_SUFFIXES = frozenset("jr sr ii iii iv phd esq".split())
_LEADING = frozenset("jr sr ltd limited".split())  # these belong to the name before, whatever follows

_LANGUAGES = (
    "arabic|armenian|azerbaijani|belarus+ian|bengali|bulgarian|burmese|chinese|cyrillic|dari|farsi|georgian|greek|hebrew"
    "|hindi|japanese|kazakh|korean|kyrgyz|macedonian|mongolian|pashto|persian|russian|serbian|tajik|turkish|turkmen"
    "|ukrainian|urdu|uzbek"
)
#: What says that a name in another script follows: "Russian:", "(in Arabic: …", "original script:".
LANGUAGE_LABEL = re.compile(
    rf"(?:\bin\s+)?\b(?:{_LANGUAGES}|original|native|local|latin)"
    rf"(?:\s+(?:script|spelling|language|name|transliteration|version))*\s*[:：]\s*",
    re.IGNORECASE,
)
#: The same where it follows the name: "… (original script)".
TRAILING_LABEL = re.compile(
    rf"(?:(?:in\s+)?(?:the\s+)?(?:{_LANGUAGES}|original|native|local|latin)\s+(?:script|spelling|language)|{_LANGUAGES})",
    re.IGNORECASE,
)
#: What says that another name follows; in capitals without dots it may be a name ("AKA Integral Services").
ALIAS_LABEL = re.compile(
    r"(?:\b(?:[aAfFnN]\.\s?[kK]\.\s?[aA]\b\.?|[aAfFnN]/[kK]/[aA]\b|[afn]ka\b\.?|[dD]/[bB]/[aA]\b|[dD]\.[bB]\.[aA]\b\.?"
    r"|(?i:also|better|formerly|previously|now|otherwise)\s+(?:known|called|listed|named)\s+as\b"
    r"|(?i:doing\s+business|trading|known)\s+as\b|alias(?:es)?\b|Alias(?:es)?(?=\s*:)|formerly\b|Formerly\b|ex\.(?=\s)"
    r"|as\s+previously\s+listed\b|current\s+[Cc]ompany\b|(?i:also\s+(?:spelled|spelt|written)(?:\s+as)?)\b"
    r"|(?<=\w\s)[AFN]KA(?=\s\w)))\s*[:,]?\s*"
)
#: A label in capitals, which is one at the beginning of brackets only.
CAPITAL_LABEL = re.compile(r"[AFN]KA\b[\s:.,]*")
#: What says that the listed party follows its parent: "Huawei … Affiliated Entity: …".
PARENT_LABEL = re.compile(r"^.*\b(?:[Aa]ffiliated\s+[Ee]ntity|entity):\s*")

#: Marks of an enumeration: "b)", "(ii)", "(3)".
ENUMERATOR = re.compile(r"(?:^|(?<=[\s,;]))(?:\(?[a-h]\)|\(\d\)|\([ivx]{1,4}\))[\s,]*(?=\S)")

#: A remark after a name, up to the end.
REMARK = re.compile(
    r"(?:[,;]?\s*\b(?:and\s+|or\s+)?any\s+(?:successors?|sub-?units?|subsidiar\w+)\b"
    r"|(?:[,;]\s*|[,;]?\s*\band\s+)(?:its|all|any)\s+(?:\w+\s+){0,2}(?:subsidiar\w+|affiliates?|branches|successors?|sub-?units?|units)\b"
    r"|[,;]\s*including\b|\bincluding\s+(?:its\s+)?branches\b"
    r"|[,;.(]\s*(?:born|deceased|reportedly\s+deceased|believed\s+deceased)\b|[,;.(]?\s*\b(?:DOB|POB|D\.O\.B|P\.O\.B)\b"
    r"|[,;.(]?\s*\b(?:date|place|year)\s+of\s+(?:birth|issue|expiry)\b|[,;.(]\s*(?:nationality|citizenship)\b|[,;]\s*b\.\s*\d"
    r"|[,;.(]?\s*\b(?:\w+\s+)?passport\s+(?:no|number)\b|[,;]\s*(?:\w+\s+)?passport\b).*$",
    re.IGNORECASE | re.DOTALL,
)
#: Words of one script with single spaces between them: nothing that could be taken apart.
_WORDS_ALONE = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9.'&-]*(?: (?=\S)|$))+"
    r"|(?:[а-яёіїєґўА-ЯЁІЇЄҐЎ][а-яёіїєґўА-ЯЁІЇЄҐЎ-]*(?: (?=\S)|$))+"
)
_SIGNAL_WORD = re.compile(
    r"\b(?:or|and|any|[afn]ka|k\.\s?a|d\.b|known|listed|named|called|formerly|alias(?:es)?|ex|current|trading|business"
    r"|including|d\.?o\.?b|p\.?o\.?b|date|place|year|passport)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\d{4}|\b(?:listed\s+as|located|location|individual|subordinate|when|where|identity|official|only|preceding|part\s+of"
    r"|third|see|deceased|passport|nationality|born|reportedly|spelling|name"
    r"|liquidat\w*|dissolved|defunct|inactive|renamed|unknown|unconfirmed|dead|arrested|delisted)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\d+(?:st|nd|rd|th)\b|(?:king|queen|crown|prince(?:ss)?|emir|sultan|baron|duke|lord|minister|president|rei|rey|roi)"
    r"\b.*\b(?:of|de|da|do)\b",
    re.IGNORECASE,
)
#: Beginnings of a word that continues the words before it, in an enumeration or a description.
_CONNECTORS = frozenset("and or of for in the a an de del da do y e et und der die i и с по для".split())
_COMPANY_WORDS = frozenset(
    "company companies works plant trading corporation factory group industries technologies"
    " technology shipping holding lines line firm limited ltd inc llc co".split()
)
_PARTICLES = frozenset(
    "abd abdul abu al bin ben bint da de del della di du el ibn la le ould van von um umm".split()
)


def is_plain(text: str) -> bool:
    """Say whether a text is one name as people write it: words alone, none of a label or remark."""
    return _WORDS_ALONE.fullmatch(text) is not None and _SIGNAL_WORD.search(text) is None


def is_suffix(part: str) -> bool:
    """Say whether a part after a comma belongs to the name before it: a legal form, or "Jr"."""
    found = words(part)
    if not found or found[0] in _LEADING:
        return bool(found)
    known = LEGAL_FORMS | _FORM_PIECES | _SUFFIXES
    return all(word in known for word in found)


def is_note(text: str) -> bool:
    """Say whether text in brackets is a remark and not a name."""
    found = words(text)
    if not found or _NOTE.search(text):
        return True
    return len(found) > 1 and text[0].islower() and found[0] not in _PARTICLES


def is_title(part: str) -> bool:
    """Say whether a part after a comma is a title: "King of …", "5th Baron …"."""
    return _TITLE.match(part) is not None


def continues(part: str) -> bool:
    """Say whether a part after a comma continues a phrase, so that the comma parts no two names."""
    first = part.split(maxsplit=1)[0].lower()
    return part[0].islower() or first in _CONNECTORS or not any(map(str.isalnum, part))


def is_company(part: str) -> bool:
    """Say whether a name says that it is one of a company."""
    return not _COMPANY_WORDS.isdisjoint(words(part))


def begins_surname(part: str) -> bool:
    """Say whether the words of a part can be one surname: a single word, or one with a particle before it."""
    found = part.split()
    first = (words(part) or ("",))[0]
    return len(found) == 1 or len(first) == 1 or first in _PARTICLES or part.isupper()
