"""What publishers write over a text that was wrong or that they take back, and how parties deny. Pure."""

import re

from monitor.model import Item
from monitor.text import fold, words
from monitor.text.patterns import late_pattern

#: Folded words of many languages.
TAKEN_BACK = frozenset(
    "correction corrections corrected corrects corrigendum erratum errata retracted retracts retraction"
    " withdrawn withdraws withdrew rescinded rescinds annulled"
    " korrektur korrigiert berichtigt berichtigung zuruckgezogen"
    " rectificatif rectification rectifie corrige retracte"
    " correccion corregido rectificacion rectificado retractacion correzione corretto rettifica ritrattazione"
    " correcao corrigido retificacao retificado duzeltme duzeltildi tekzip rattelse rattad"
    " исправление исправлено исправлена уточнение уточнено опровержение отозвано отозван"
    " виправлення виправлено спростування уточнення"
    " تصحيح تصويب اصلاحيه".split()
)
#: The same where words are written without spaces.
TAKEN_BACK_UNSPACED = ("更正", "订正", "訂正", "撤回", "勘误", "정정")

#: Folded beginnings of what parties do when they deny; in each language the verb, not the noun.
_DENIAL = late_pattern(
    r"(?<![^\W_])(?:denies|denied|refutes|knows? (?:of no|nothing of)|(?:is |was )?(?:not aware|unaware) of"
    r"|(?:ha[sd]|have|was|were)(?: not|n.t) (?:been )?(?:notified|informed|told|aware)|hasn.?t notified"
    r"|says? (?:there are |it has )?no plans? to|casts? doubt on"
    r"|(?:rebuffs|dismisses|rejects) reports?|dementiert|bestreitet"
    r"|weist .{0,40}zuruck|dement(?:ent)?|refute(?:nt)?|desmienten?|niegan? (?:que|haber)|smentisce|desmente"
    r"|yalanla(?:di|ndi|dilar)|tekzip etti|опроверг(?:ает|ают|ли|ла|ло)?|отрица(?:ет|ют|ла|л)"
    r"|заперечу(?:є|ють)|спросту(?:вав|вала|вали|ють|є)"
    r"|تنفي|ينفي|نفت|نفى|تكذيب|تكذب|تكذيب كرد|رد كرد|fornekar|dementerar)(?![^\W_])"
    r"|否认|否認|辟谣|闢謠"
)
#: What leaves a denial beside another matter: "US eases sanctions as Iran denies …".
_BESIDE = late_pattern(r"[^\W_]\s(?:as|while|after|amid)\s[^,;:–—]*$")
#: What befalls an act that was expected and does not come.
_FAILURE = late_pattern(
    r"(?<![^\W_])(?:fails?|failed|collapses?|collapsed|delays?|delayed|postpones?|postponed|shelves|shelved"
    r"|scraps?|scrapped|vetoe[sd]|falls? through|fell through|called off|vote[sd]? (?:against|down)"
    r"|(?:rejects?|rejected|blocks|blocked|turns? down|turned down) (?:[^\W_]+\W+){0,4}?"
    r"(?:plan|proposal|bid|bill|effort|resolution|request|motion|draft|amendment|package|vote)s?"
    r"|(?:no|without a) (?:deal|agreement|decision)|unable to agree"
    r"|calls off|scheitert|verschiebt|echoue|reporte|fracasa|aplaza|провалил\w*|сорвал\w*|отлож\w*"
    r"|перен[её]с\w*|basarisiz|ertele\w*)(?![^\W_])"
)
#: How titles say that something is yet to come; not "due to" a reason, nor what a thing does "that could …".
_EXPECTATION = late_pattern(
    r"(?<![^\W_])(?<!that )(?<!which )(?<!who )(?:(?:set|poised|expected|about|ready|likely|plans?"
    r"|vows?|prepares?|hopes?) to|due to (?:be|meet|vote|sign|resume|decide|expire|begin|start|end|arrive"
    r"|deliver|receive|announce|discuss|adopt|approve|impose|lift|take|hold)(?![^\W_])|to (?:decide"
    r"|vote|choose|sign|meet|discuss|announce|unveil|consider|impose|lift|buy|sell|send|get|receive)|will"
    r"|may|could|weighs?|considers?|mulls?|eyes"
    r"|soll|will|wird|va|devrait|podria|vai|может|намерен\w*|планиру\w*|planliyor|bekleniyor)(?![^\W_])"
)
#: How titles report a decision, unless another word leaves it open.
_DECISION = late_pattern(
    r"(?<![^\W_])(?:agrees?|agreed|approves?|approved|backs|backed|adopts|adopted|endorses|endorsed"
    r"|decides|decided to|picks|chooses|chose|selects|selected|clears|cleared|passes|passed|ratifies|ratified"
    r"|votes? (?:to|for|in favou?r)"
    r"|(?:signs|signed)(?! (?:of|that|he|she|they|it)\b)|clinch(?:es|ed)|seals|sealed"
    r"|(?:strikes?|struck|reach(?:es|ed)?|secures?) (?:a |the )?(?:deal|agreement)"
    r"|(?:gives?|gave) (?:the )?(?:go-ahead|green light)|greenlights?|beschliesst|beschlossen"
    r"|einigt sich|einigen sich|stimmt zu|billigt|approuve|adopte|aprueba|acuerda|approva|одобрил\w*"
    r"|утвердил\w*|согласовал\w*|onayladi|kabul etti)(?![^\W_])"
)
#: What leaves a decision open: before it, and behind it.
_OPEN_BEFORE = late_pattern(
    r"(?<![^\W_])(?:to|not|will|would|could|may|might|must|should|cannot|can|if|whether|before|unless"
    r"|until|fails?|failed|n.t)\s(?:[^\W_]+ly\s)?$"
)
_OPEN_BEHIND = late_pattern(
    r"\s(?:on|whether|in principle|to (?:meet|talk|talks|hold|discuss|consider|disagree|delay|postpone))\b"
)
_CUT = late_pattern(r"[:：\-–—|\]）)】」]")


def taken_back_words(item: Item) -> frozenset[str]:
    """Return every word of a text that may say that it was wrong."""
    text = f"{item.title}\n{item.summary}"
    return TAKEN_BACK.intersection(words(text)).union(word for word in TAKEN_BACK_UNSPACED if word in text)


def is_correction(title: str) -> bool:
    """Say whether a title is labelled as the correction or withdrawal of another text: before a colon or a
    dash, or at its end in brackets. "UPDATE 1-" is no such label."""
    return any(
        len(label) <= 3
        and (TAKEN_BACK.intersection(label) or any(w in "".join(label) for w in TAKEN_BACK_UNSPACED))
        for label in _labels(title)
    )


def is_denial(title: str) -> bool:
    """Say whether the main clause of a title states that somebody denies something."""
    folded = fold(title)
    return any(not _BESIDE.search(folded[: found.start()]) for found in _DENIAL.finditer(folded))


def is_failure(title: str) -> bool:
    """Say whether a title reports that something fails, is put off or is blocked; not that it is to be."""
    folded = fold(title)
    return any(not _OPEN_BEFORE.search(folded[: found.start()]) for found in _FAILURE.finditer(folded))


def is_decision(title: str) -> bool:
    """Say whether a title reports that something open is decided: agreed, approved, chosen, signed."""
    folded = fold(title)
    return any(
        not _OPEN_BEFORE.search(folded[: found.start()]) and not _OPEN_BEHIND.match(folded, found.end())
        for found in _DECISION.finditer(folded)
    )


def is_expectation(title: str) -> bool:
    """Say whether a title reports something that is yet to come."""
    return bool(_EXPECTATION.search(fold(title)))


def _labels(title: str) -> "tuple[tuple[str, ...], ...]":
    head = _CUT.split(title, maxsplit=1)
    first = words(head[0].lstrip("[(（【「")) if len(head) > 1 else ()
    last = re.search(r"[(\[（【「]([^()\[\]（）【】「」]{2,40})[)\]）】」]\s*$", title)
    bare = tuple(title.split(maxsplit=1)[:1])
    shouted = words(bare[0]) if bare and bare[0].isupper() else ()
    return first, words(last[1]) if last else (), shouted
