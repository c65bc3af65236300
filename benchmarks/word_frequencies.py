"""Rebuild ``seeds/frequencies.txt``: how often the words of each class of frames occur, by language.

    pip install wordfreq==3.1.1 jieba==0.42.1
    python benchmarks/word_frequencies.py

A line is a class and for each language the occurrences of its words in a million words; phrases are not counted.
"""

import re
import sys
import tomllib
from collections import defaultdict

from wordfreq import get_frequency_dict

from monitor.match.lexicon import LANGUAGES
from monitor.resources import SEEDS
from monitor.text import fold

HEADER = """\
# Occurrences in a million words of the words of each class, by language. Made by benchmarks/word_frequencies.py; do not edit.
# Source: word frequencies of wordfreq 3.1.1, Apache License 2.0, https://github.com/rspeer/wordfreq
"""


def main() -> int:
    """Write the file."""
    counted: dict[str, dict[str, float]] = defaultdict(dict)
    for lang in LANGUAGES:
        common = {fold(word): share for word, share in get_frequency_dict(lang, wordlist="small").items()}
        for name, sources in _classes(lang):
            exact = {fold(source) for source in sources if "*" not in source}
            stems = tuple(fold(source[:-1]) for source in sources if re.fullmatch(r"[^*?]+\*", source))
            found = (
                share for word, share in common.items() if word in exact or (stems and word.startswith(stems))
            )
            counted[name][lang] = 1_000_000 * sum(found)
    lines = (
        " ".join((name, *(f"{lang}={row[lang]:.1f}" for lang in LANGUAGES)))
        for name, row in sorted(counted.items())
    )
    (SEEDS / "frequencies.txt").write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    return 0


def _classes(lang: str) -> list[tuple[str, list[str]]]:
    """Return the single words of the verb and object classes of a language."""
    forms: dict[str, list[str]] = {}
    for line in (SEEDS / "frames" / "forms.txt").read_text("utf-8").splitlines():
        code, lemma, kinds = line.split("\t")
        if code == lang:
            forms[lemma] = [form for kind in kinds.split(";") for form in kind.partition("=")[2].split(",")]
    verbs = tomllib.loads((SEEDS / "frames" / "verbs.toml").read_text("utf-8"))
    objects = tomllib.loads((SEEDS / "lexicon" / "concepts-objects.toml").read_text("utf-8"))["concept"]
    found = []
    for name, row in verbs.items():
        words = [form for lemma in row.get(lang, ()) for form in forms.get(lemma, [lemma])]
        found.append((f"verb:{name}", words))
    found += [(name.replace("object-", "object:"), list(row.get(lang, ()))) for name, row in objects.items()]
    return [(name, [word for word in words if " " not in word]) for name, words in found]


if __name__ == "__main__":
    sys.exit(main())
