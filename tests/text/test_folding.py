"""A change of the folding is noticed: words that are stored must then be folded again."""

import hashlib

from monitor.text import FOLDING, fold, words

RANGES = ((0x20, 0x250), (0x370, 0x530), (0x5D0, 0x700), (0x4E00, 0xA000), (0xFF00, 0xFFF0))
SAMPLES = (
    "The S-400s' won't l'embargo Türkiye'nin об'єкт",
    "می‌خواهند تحریم‌های وبالعقوبات للعقوبات",
    "美國對伊朗實施制裁 한국은 제재를 Straße ÆØÅ ⓢanctions",
)

#: By `FOLDING`. If this fails, text is folded in another way: raise `FOLDING` and record the new digest.
DIGESTS = {1: "f296216473a6f71e"}


def test_the_folding_is_that_of_its_number() -> None:
    folded = [fold(chr(code)) for first, last in RANGES for code in range(first, last)]
    for sample in SAMPLES:
        folded += words(sample)
    digest = hashlib.sha256("\n".join(folded).encode()).hexdigest()[:16]
    assert {FOLDING: digest} == DIGESTS
